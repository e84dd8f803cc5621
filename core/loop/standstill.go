// SPDX-License-Identifier: Apache-2.0

package loop

import "time"

// Standstill notices that a loop did not run when a timer was due: the process was suspended,
// or a callback blocked. What peers have said meanwhile lies in the kernel, and a timer may
// fire before it is read. So who judges silence waits a moment, once, before it does.
type Standstill struct {
	due     time.Time // when the timer was to fire
	excused bool      // it was late the last time
}

const (
	standsStill = 250 * time.Millisecond // later than any timer of a loop that runs
	CatchesUp   = time.Second            // for reading what has come
)

// Sets notes a timer that is due after d.
func (s *Standstill) Sets(now time.Time, d time.Duration) { s.due = now.Add(d) }

// Late is asked when the timer fires; true: judge nothing yet, set it to CatchesUp.
func (s *Standstill) Late(now time.Time) bool {
	s.excused = !s.excused && !s.due.IsZero() && now.Sub(s.due) > standsStill
	if s.excused {
		s.Sets(now, CatchesUp)
	}
	return s.excused
}
