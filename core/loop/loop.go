// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"libws/core/debug"
	"libws/core/lock"
)

// Readiness of a socket, as given to Handler.Ready.
const (
	In  = 1 << iota // bytes, a new connection or the end of the stream can be read
	Out             // bytes can be written
	Hup             // error or hang-up on both sides; reading tells which
)

// Handler is what a socket belongs to.
type Handler interface {
	// Ready is called on the loop's thread, level-triggered: what is not
	// taken is reported again in the next round.
	Ready(events int)
}

// Round is the owner of a loop. Its methods are called on the loop's thread.
type Round interface {
	// End is called after the tasks, timers and sockets of a round, before the
	// loop waits again.
	End()
	// Panicked is called with what a handler, timer or task panicked with; the loop goes on.
	Panicked(value any)
}

// Loop waits for sockets, tasks and timers on a thread of its own.
type Loop struct {
	poll    poller
	round   Round
	wheel   wheel
	sockets table

	mu      lock.Mutex[lock.Loop]
	tasks   []func()      // guarded by mu
	stopped bool          // guarded by mu: no more tasks are taken
	pending atomic.Int32  // how many they are
	later   atomic.Int32  // how many Later let it sleep on
	asleep  atomic.Bool   // the loop is in, or on its way into, poll.wait
	done    chan struct{} // closed when Run has returned
	thread  atomic.Int64  // the id of the loop's thread while it runs, else 0
	spent   atomic.Int64  // nanoseconds of CPU time that it had when Run returned

	batch []func() // the loop's: tasks that were taken
	at    int      // the loop's: how many of them were run
	again bool     // the loop's: a panic ended a round, so the next one does not wait
	last  bool     // the loop's: it was stopped, and ends when it has run what was taken
	quit  bool     // the loop's
	rings int64    // the loop's: the tick at which the alarm rings; MaxInt64: never
}

// New makes a loop; Run runs it. With epoll it holds three descriptors until Run
// ends. The error is that of Kind.Check, or tells which system call failed.
func New(round Round, kind Kind) (*Loop, error) {
	l := &Loop{round: round, done: make(chan struct{}), rings: math.MaxInt64}
	var err error
	l.poll, err = newPoller(kind, func(v any) { l.Post(func() { l.round.Panicked(v) }) })
	if err != nil {
		return nil, err
	}
	l.wheel.init(time.Now())
	return l, nil
}

// Run is the body of the loop's thread; it returns after Stop. The caller
// starts it in a goroutine.
func (l *Loop) Run() {
	runtime.LockOSThread()
	defer close(l.done)
	l.thread.Store(int64(thisThread()))
	defer l.ran()
	for !l.quit {
		l.turn()
	}
	l.poll.close()
}

// ran keeps the figure of CPU when the thread is about to end.
func (l *Loop) ran() {
	l.spent.Store(int64(l.CPU()))
	l.thread.Store(0)
}

// CPU is the time that the loop's thread was busy; 0 where the system does not tell. Any
// thread. The caller pays for it, the loop nothing.
func (l *Loop) CPU() time.Duration {
	if thread := l.thread.Load(); thread != 0 {
		if d, ok := threadCPU(int(thread)); ok { // fits: the kernel counts threads below 2^22
			return d
		}
	}
	return time.Duration(l.spent.Load())
}

// turn is one guarded round: a panic in a handler ends the round, not the loop.
func (l *Loop) turn() {
	defer func() {
		if v := recover(); v != nil {
			l.again = true
			l.round.Panicked(v)
		}
	}()
	for !l.quit {
		l.asleep.Store(true)
		timeout := -1
		if l.wheel.armed > 0 && l.wheel.soonest < l.rings {
			timeout = l.setAlarm()
		}
		if l.busy() {
			timeout, l.again = 0, false
		}
		ready := l.poll.wait(timeout)
		l.asleep.Store(false)
		for i := range ready {
			e := &ready[i]
			// A socket that was closed in the meantime is not found.
			if h := l.sockets.lookup(e.slot, e.generation); h != nil {
				h.Ready(int(e.events))
			}
		}
		if l.poll.rang() {
			l.rings = math.MaxInt64
			if l.wheel.armed > 0 {
				l.wheel.expire(time.Now())
			}
		}
		if l.wheel.isDue() {
			l.wheel.fire(time.Now().Add(turnTime))
		}
		if l.at < len(l.batch) || l.pending.Load() != 0 {
			l.runTasks()
		}
		l.round.End()
		l.quit = l.last && l.at == len(l.batch) && l.pending.Load() == 0
	}
}

// setAlarm sees to it that the loop wakes up for the next timer. It returns what the
// next wait has to be given, in milliseconds.
func (l *Loop) setAlarm() int {
	d := l.wheel.wait(time.Now())
	if l.poll.alarm(d) {
		l.rings = l.wheel.soonest
		return -1
	}
	return int((d + time.Millisecond - 1) / time.Millisecond) // fits: a turn of the wheel
}

// runTasks runs what was posted. What takes long is left to the next turns, so that sockets
// have theirs between; after a panic, what is behind it.
func (l *Loop) runTasks() {
	if l.at == len(l.batch) {
		if debug.On && l.pending.Load() > 0 {
			debug.Point("round")
		}
		l.takeTasks()
	}
	for end := time.Now().Add(turnTime); l.at < len(l.batch); {
		task := l.batch[l.at]
		l.batch[l.at] = nil
		l.at++
		if task(); time.Now().After(end) {
			return
		}
	}
}

// turnTime is how long a turn goes on with tasks, or with timers that are due: sockets are
// looked at between.
const turnTime = 2 * time.Millisecond

// busy tells whether something is left of a turn, so that the next one does not wait.
func (l *Loop) busy() bool {
	return l.again || l.at < len(l.batch) || l.pending.Load() != 0 || l.wheel.isDue()
}

// Post runs task on the loop's thread, soon and in order. Any thread. False
// when the loop was stopped; the task will not run then.
func (l *Loop) Post(task func()) bool {
	if !l.add(task) {
		return false
	}
	if l.later.Load() == 0 {
		l.wake()
	}
	return true
}

func (l *Loop) wake() {
	if l.asleep.CompareAndSwap(true, false) {
		l.poll.wake()
	}
}

// Pending is how many tasks wait. Any thread.
func (l *Loop) Pending() int { return int(l.pending.Load()) }

func (l *Loop) add(task func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stopped {
		l.tasks = append(l.tasks, task)
		l.pending.Store(int32(len(l.tasks))) // fits: each takes memory
	}
	return !l.stopped
}

// takeTasks makes what was posted the next batch, and the last one's memory that of the next posts.
func (l *Loop) takeTasks() {
	spare := l.batch[:0]
	if cap(spare) > 1024 {
		spare = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batch, l.tasks, l.at = l.tasks, spare, 0
	l.pending.Store(0)
}

// Stop ends the loop after the tasks posted so far and returns at once; Done
// tells when. Any thread.
func (l *Loop) Stop() {
	l.Post(func() { // which does nothing when it was stopped
		l.mu.Lock()
		defer l.mu.Unlock()
		l.stopped = true
		l.last = true
	})
}

// Done is closed when the loop's thread has left Run.
func (l *Loop) Done() <-chan struct{} { return l.done }
