// SPDX-License-Identifier: Apache-2.0

package slack

import "testing"

func TestLittleThatIsFreeIsNotLookedAt(t *testing.T) {
	t.Parallel()
	var s Slack
	if s.Freed(slackLeast - 1); s.due.Load() || s.bytes.Load() != slackLeast-1 {
		t.Errorf("%d bytes are free, and a look is due: %v", s.bytes.Load(), s.due.Load())
	}
}

func TestMuchThatIsFreeIsGivenBackOnce(t *testing.T) {
	t.Parallel()
	var s Slack
	const much = 1 << 40
	s.bytes.Store(much)
	s.due.Store(true)
	if s.look(much); s.due.Load() || s.bytes.Load() != 0 {
		t.Errorf("%d bytes are left, and a look is due: %v", s.bytes.Load(), s.due.Load())
	}
}

// A collection costs as much as the heap has, so it has to be worth it.
func TestASmallPartOfTheHeapIsKept(t *testing.T) {
	t.Parallel()
	var s Slack
	s.bytes.Store(1)
	s.due.Store(true)
	if s.look(1); s.due.Load() || s.bytes.Load() != 1 {
		t.Errorf("%d bytes are left, and a look is due: %v", s.bytes.Load(), s.due.Load())
	}
}

// While more becomes free, most likely others take it: the look is put off.
func TestALookIsPutOffWhileMoreBecomesFree(t *testing.T) {
	t.Parallel()
	var s Slack
	s.bytes.Store(1 << 40)
	s.due.Store(true)
	if s.look(0); !s.due.Load() || s.bytes.Load() != 1<<40 {
		t.Errorf("%d bytes are left, and a look is due: %v", s.bytes.Load(), s.due.Load())
	}
}
