// SPDX-License-Identifier: Apache-2.0

package core

import "time"

// standstill notices that a loop did not run when a timer was due: the process was suspended,
// or a callback blocked. What peers have said meanwhile lies in the kernel, and timers may be
// fires before it is read. So who judges silence waits a moment, once, before it does.
type standstill struct {
	due     time.Time // when the timer was to fire
	excused bool      // it was late the last time
}

const (
	standsStill = 250 * time.Millisecond // later than any timer of a loop that runs
	catchesUp   = time.Second            // for reading what has come
)

// sets notes a timer that is due after d.
func (s *standstill) sets(now time.Time, d time.Duration) { s.due = now.Add(d) }

// late is asked when the timer fires; true: judge nothing yet, set it to catchesUp.
func (s *standstill) late(now time.Time) bool {
	s.excused = !s.excused && !s.due.IsZero() && now.Sub(s.due) > standsStill
	if s.excused {
		s.sets(now, catchesUp)
	}
	return s.excused
}
