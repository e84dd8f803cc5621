// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"time"
)

const (
	tick      = 50 * time.Millisecond
	wheelSize = 512 // a turn of the wheel: 25.6 s
)

// Expirer owns timers.
type Expirer interface {
	// Expired is called on the loop's thread at or up to 50 ms after the
	// deadline; the timer is disarmed then and may be set again.
	Expired(t *Timer)
}

// Timer is a deadline in the wheel of a loop; it costs no goroutine and no
// runtime timer. The zero value is disarmed. The loop's thread only.
type Timer struct {
	next, prev *Timer
	owner      Expirer
	at         int64 // tick number
}

// Armed tells whether the timer will fire.
func (t *Timer) Armed() bool { return t.next != nil }

// wheel is a hashed timing wheel: a slot holds the timers whose tick falls on
// it in this turn or a later one.
type wheel struct {
	slots [wheelSize]Timer // heads of rings
	due   Timer            // head of the ring of timers about to fire
	start time.Time
	now   int64 // last tick that was expired
	// No timer is due before this tick; there may be none at it, either.
	soonest int64
	armed   int
}

func (w *wheel) init(now time.Time) {
	w.start = now
	w.due.next, w.due.prev = &w.due, &w.due
	for i := range w.slots {
		w.slots[i].next, w.slots[i].prev = &w.slots[i], &w.slots[i]
	}
}

// After arms t to fire once after d; an armed timer is moved.
func (l *Loop) After(t *Timer, d time.Duration, owner Expirer) {
	l.Disarm(t)
	w := &l.wheel
	since := time.Since(w.start)
	if w.armed == 0 {
		w.now, w.soonest = int64(since/tick), math.MaxInt64
	}
	t.owner = owner
	t.at = max(int64((since+d+tick-1)/tick), w.now+1) // never early, less than a tick late
	t.link(&w.slots[t.at%wheelSize])
	w.soonest = min(w.soonest, t.at)
	w.armed++
}

// Disarm keeps t from firing; harmless when it is not armed.
func (l *Loop) Disarm(t *Timer) {
	if t.next != nil {
		l.wheel.remove(t)
	}
}

func (w *wheel) remove(t *Timer) {
	t.unlink()
	t.next, t.prev = nil, nil
	w.armed--
}

// wait tells how long expire need not run, when a timer is armed.
func (w *wheel) wait(now time.Time) time.Duration {
	return max(0, w.start.Add(time.Duration(w.soonest)*tick).Sub(now))
}

// look finds out again when a timer may be due.
func (w *wheel) look() {
	w.soonest = math.MaxInt64
	for at := w.now + 1; w.armed > 0 && at <= w.now+wheelSize; at++ {
		if head := &w.slots[at%wheelSize]; head.next != head {
			w.soonest = at
			return
		}
	}
}

// expire finds every timer whose tick has passed; fire follows.
func (w *wheel) expire(now time.Time) {
	current := int64(now.Sub(w.start) / tick)
	if current-w.now > wheelSize {
		w.now = current - wheelSize // after a long sleep each slot is looked at once
	}
	for w.now < current {
		w.now++
		head := &w.slots[w.now%wheelSize]
		for t := head.next; t != head; {
			next := t.next
			if t.at <= current {
				t.unlink()
				t.link(&w.due)
			}
			t = next
		}
	}
	w.look()
}

// isDue tells whether there is something to fire.
func (w *wheel) isDue() bool { return w.due.next != &w.due }

// fire tells the owners of what is due, until the clock says end: then it has to be called
// again. An owner may arm and disarm any timer, also those still in the ring.
func (w *wheel) fire(end time.Time) {
	for t := w.due.next; t != &w.due; t = w.due.next {
		w.remove(t)
		if t.owner.Expired(t); time.Now().After(end) {
			return
		}
	}
}

// link puts t at the end of a ring.
func (t *Timer) link(head *Timer) {
	t.prev, t.next = head.prev, head
	t.prev.next, head.prev = t, t
}

func (t *Timer) unlink() { t.prev.next, t.next.prev = t.next, t.prev }
