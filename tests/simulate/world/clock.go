// SPDX-License-Identifier: Apache-2.0

package world

import "time"

// timer is something that happens at a time.
type timer struct {
	at   time.Duration
	then func() // does not block; nil: only the time matters
	off  bool
}

// timers are few, so they are a list.
type timers struct {
	list []*timer
	soon time.Duration // none is due before
}

// At has then called when the time has come. The result forgets it and tells whether it
// was still to come.
func (w *World) At(at time.Duration, then func()) (cancel func() bool) {
	t := &timer{at: at, then: then}
	w.timers.list = append(w.timers.list, t)
	w.timers.soon = min(w.timers.soon, at)
	return func() bool {
		was := !t.off
		t.off = true
		return was
	}
}

// due fires what has become due.
func (w *World) due() {
	for w.timers.soon <= w.now {
		w.timers.soon = forever
		kept := w.timers.list[:0]
		var now []*timer
		for _, t := range w.timers.list {
			switch {
			case t.off:
			case t.at <= w.now:
				now = append(now, t)
			default:
				kept = append(kept, t)
				w.timers.soon = min(w.timers.soon, t.at)
			}
		}
		clear(w.timers.list[len(kept):])
		w.timers.list = kept
		for _, t := range now {
			t.off = true
			if t.then != nil {
				t.then()
			}
		}
	}
}

// soonest is the next time at which something may change.
func (w *World) soonest() time.Duration {
	next := forever
	for _, t := range w.timers.list {
		if !t.off {
			next = min(next, t.at)
		}
	}
	for _, t := range w.tasks {
		if t.ready != nil && t.until > w.now {
			next = min(next, t.until)
		}
	}
	return next
}

// advance moves the clock to where something happens; false: nothing ever does.
func (w *World) advance() bool {
	next := w.soonest()
	if next == forever {
		return false
	}
	w.now = max(w.now, next)
	w.mix(uint64(w.now))
	if w.now > w.MaxTime {
		w.fail("it did not end in time:\n" + w.States())
	}
	w.due()
	return true
}

// leap moves the clock although somebody could run.
func (w *World) leap() {
	next := w.soonest()
	if next != forever && next-w.now < 200*time.Millisecond {
		w.now = max(w.now, next)
		w.due()
	}
}

// Now is what the clock says.
func Now() time.Duration {
	if w := current; w != nil {
		return w.now
	}
	return 0
}

// Sleep waits.
func Sleep(d time.Duration) {
	if w := current; w != nil && !w.over {
		Block("sleeps", w.now+d, func() bool { return false })
	}
}

// After has then called in a task of its own after d.
func After(d time.Duration, name string, then func()) (cancel func() bool) {
	w := current
	if w == nil {
		return func() bool { return false }
	}
	return w.At(w.now+d, func() { w.start(name, then) })
}
