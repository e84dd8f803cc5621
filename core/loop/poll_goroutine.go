// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"sync"
	"sync/atomic"
	"time"

	"libws/core/ebb"
	"libws/core/lock"
)

// goroutines is the poller for systems without epoll. While a socket is armed,
// a goroutine waits for it in the poller of the Go runtime; a second one does
// while room to write is wanted. When one has found something it leaves it here,
// wakes the loop and ends.
//
// A socket whose events were given to the loop is armed again at the next wait,
// after its handler has run. So it is level-triggered, and a socket that nobody
// reads costs one goroutine that looks once per round.
//
// Every waiting goroutine belongs to the poller and ends when it has found
// something, when its socket is removed, or at close, which waits for all.
type goroutines struct {
	failed  func(any)
	signal  chan struct{} // a token ends a wait
	waiters sync.WaitGroup

	mu      lock.Mutex[lock.Poller]
	sockets ebb.Map[int32, *watched] // by slot; guarded by mu
	ready   []*watched               // reported since the last wait; guarded by mu
	closed  bool                     // no goroutine is started any more; guarded by mu

	timer  *time.Timer // the loop's
	handed []*watched  // the loop's: given out by the last wait, to be armed by the next
	events []event     // the loop's
}

// watched is a registered socket. Fields without a remark are guarded by
// goroutines.mu.
type watched struct {
	source     source // never changes; its methods say what they need
	slot       int32  // never changes
	generation uint32 // never changes
	// want is what is reported beside Hup. Written under mu, read by the goroutines.
	want    atomic.Uint32
	waiting uint32 // the sides, In and Out, for which a goroutine is on its way
	broken  uint32 // the sides for which waiting failed; it was reported once, as Hup
	found   uint32 // not given to the loop yet
	queued  bool   // in ready or in handed
	removed bool
	silent  bool // suspended: not even Hup is reported
}

func newGoroutines(failed func(any)) *goroutines {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &goroutines{failed: failed, signal: make(chan struct{}, 1), timer: timer}
}

func (p *goroutines) add(d Descriptor, slot int32, generation uint32) (handle, error) {
	w := &watched{slot: slot, generation: generation}
	fd, err := w.source.open(d)
	if err != nil {
		return fd, err
	}
	w.want.Store(In)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sockets.Put(slot, w)
	p.arm(w)
	return fd, nil
}

func (p *goroutines) watch(_ handle, slot int32, _ uint32, events uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.sockets.Of(slot)
	before := w.want.Swap(events)
	if w.waiting&In != 0 && events&^before&In != 0 {
		w.source.interrupt(In) // what it has ignored so far will not wake it again
	}
	p.arm(w)
}

func (p *goroutines) suspend(fd handle, slot int32) {
	p.silence(slot, true)
	p.watch(fd, slot, 0, 0)
}

func (p *goroutines) restore(fd handle, slot int32, generation uint32, events uint32) {
	p.silence(slot, false)
	p.watch(fd, slot, generation, events)
}

func (p *goroutines) silence(slot int32, on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sockets.Of(slot).silent = on
}

func (p *goroutines) remove(_ handle, slot int32) {
	p.forget(slot).source.close() // without mu: it waits until the goroutines have let go
}

func (p *goroutines) forget(slot int32) *watched {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.sockets.Of(slot)
	p.sockets.Drop(slot)
	w.removed = true
	return w
}

// arm starts the goroutines that w lacks. p.mu is held.
func (p *goroutines) arm(w *watched) {
	if w.queued || w.removed || p.closed {
		return
	}
	for _, side := range [...]uint32{In, Out} {
		if w.waiting&side == 0 && w.needs(side) {
			w.waiting |= side
			p.waiters.Add(1)
			go p.run(w, side)
		}
	}
}

// needs tells whether a goroutine has to wait for a side. p.mu is held.
func (w *watched) needs(side uint32) bool {
	return !w.silent && w.broken&side == 0 && (w.want.Load()&side != 0 || side == In && hupAlone)
}

// run is the goroutine that waits for one side of a socket.
func (p *goroutines) run(w *watched, side uint32) {
	defer p.waiters.Done()
	defer p.guard(w, side)
	for p.goOn(w, side) {
		found, err := w.source.wait(side, &w.want)
		if found != 0 || err != nil {
			p.leave(w, side, found, err != nil)
			return
		}
	}
}

// guard turns a panic of the goroutine that waits for a side into a hang-up of
// its socket.
func (p *goroutines) guard(w *watched, side uint32) {
	if v := recover(); v != nil {
		p.leave(w, side, Hup, true)
		p.failed(v)
	}
}

// goOn tells whether a goroutine has to wait (again), and readies the source for it.
func (p *goroutines) goOn(w *watched, side uint32) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.removed || p.closed || !w.needs(side) {
		w.waiting &^= side
		return false
	}
	w.source.ready(side)
	return true
}

// leave hands in what a goroutine has found before it ends.
func (p *goroutines) leave(w *watched, side, found uint32, broken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if broken {
		w.broken |= side
		found |= Hup // reading tells what it is
	}
	w.waiting &^= side
	w.found |= found
	if !w.removed {
		p.tell(w)
	}
}

// tell puts w on the list of the next wait. p.mu is held.
func (p *goroutines) tell(w *watched) {
	if !w.queued {
		w.queued = true
		p.ready = append(p.ready, w)
		p.wake()
	}
}

func (p *goroutines) wake() {
	select {
	case p.signal <- struct{}{}:
	default: // there is a token
	}
}

func (p *goroutines) alarm(time.Duration) bool { return false }

func (p *goroutines) rang() bool { return true }

func (p *goroutines) wait(milliseconds int) []event {
	if !p.armHanded() {
		p.sleep(milliseconds)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed, p.ready = p.ready, p.handed
	p.events = p.events[:0]
	for _, w := range p.handed {
		if events := w.found & (w.want.Load() | Hup); events != 0 && !w.removed && !w.silent {
			p.events = append(p.events, event{w.slot, w.generation, events})
		}
		w.found = 0
	}
	return p.events
}

// armHanded ends the round of the sockets that the last wait gave out, and tells
// whether others are ready.
func (p *goroutines) armHanded() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, w := range p.handed {
		w.queued = false
		if w.found != 0 && !w.removed {
			p.tell(w) // the other side was found meanwhile
		}
		p.arm(w)
		p.handed[i] = nil
	}
	p.handed = p.handed[:0]
	return len(p.ready) > 0
}

// sleep waits for a token.
func (p *goroutines) sleep(milliseconds int) {
	if milliseconds == 0 {
		return
	}
	var late <-chan time.Time
	if milliseconds > 0 {
		p.timer.Reset(time.Duration(milliseconds) * time.Millisecond)
		defer p.timer.Stop()
		late = p.timer.C
	}
	select {
	case <-p.signal:
	case <-late:
	}
}

func (p *goroutines) close() {
	p.interruptAll()
	p.waiters.Wait()
}

func (p *goroutines) interruptAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, w := range p.sockets.All() {
		w.source.interrupt(In | Out)
	}
}
