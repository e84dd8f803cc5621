// SPDX-License-Identifier: Apache-2.0

package loop

import "slices"

// Later lets loops sleep on while much is posted to them, so that each finds all of it at once: one that
// woke for the first task would be at work beside who posts, and tell of one after the other. What
// others post to these loops meanwhile may wait as long, so End comes soon. One thread has it.
type Later struct{ loops []*Loop }

// Keep lets l sleep on.
func (a *Later) Keep(l *Loop) {
	if !slices.Contains(a.loops, l) {
		a.loops = append(a.loops, l)
		l.later.Add(1)
	}
}

// End wakes the loops that have something to do.
func (a *Later) End() {
	for _, l := range a.loops {
		// Who posts looks at later behind the task: one of both sees the other.
		l.later.Add(-1)
		if l.pending.Load() > 0 {
			l.wake()
		}
	}
	a.loops = nil
}
