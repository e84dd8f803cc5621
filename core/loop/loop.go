// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
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
	// taken is told again in the next round.
	Ready(events int)
}

// Round is the owner of a loop. Its methods are called on the loop's thread.
type Round interface {
	// End is called after the tasks, timers and sockets of a round, before the
	// loop waits again.
	End()
	// Panicked is told what a handler, timer or task panicked with; the loop goes on.
	Panicked(value any)
}

// Loop waits for sockets, tasks and timers on a thread of its own.
type Loop struct {
	poll    poller
	round   Round
	wheel   wheel
	sockets table

	mu      sync.Mutex
	tasks   []func()      // guarded by mu
	stopped bool          // guarded by mu: no more tasks are taken
	pending atomic.Int32  // tasks not yet taken
	asleep  atomic.Bool   // the loop is in, or on its way into, poll.wait
	done    chan struct{} // closed when Run has returned
	thread  atomic.Int64  // the id of the loop's thread while it runs, else 0
	spent   atomic.Int64  // nanoseconds of CPU time that it had when Run returned

	spare []func() // the loop's: the other half of the double buffer of tasks
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
		if l.again || l.pending.Load() != 0 {
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
		if l.pending.Load() != 0 {
			l.runTasks()
		}
		l.round.End()
		l.quit = l.last && l.pending.Load() == 0
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

func (l *Loop) runTasks() {
	tasks := l.takeTasks()
	i := 0
	defer func() {
		// After a panic the tasks behind it are put back in front.
		if i < len(tasks) {
			l.putBack(tasks[i:])
			return
		}
		clear(tasks)
		l.spare = tasks[:0]
		if cap(l.spare) > 1024 {
			l.spare = nil
		}
	}()
	for i < len(tasks) {
		task := tasks[i]
		i++
		task()
	}
}

// Post runs task on the loop's thread, soon and in order. Any thread. False
// when the loop was stopped; the task will not run then.
func (l *Loop) Post(task func()) bool {
	if !l.add(task) {
		return false
	}
	if l.asleep.CompareAndSwap(true, false) {
		l.poll.wake()
	}
	return true
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

func (l *Loop) takeTasks() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	tasks := l.tasks
	l.tasks = l.spare[:0]
	l.pending.Store(0)
	return tasks
}

// putBack puts tasks in front of all others.
func (l *Loop) putBack(tasks []func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tasks = append(slices.Clone(tasks), l.tasks...)
	l.pending.Store(int32(len(l.tasks))) // fits: each takes memory
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
