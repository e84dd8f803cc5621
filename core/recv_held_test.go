// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"testing"

	"libws/core/border"
)

// What others see in the block is what the reasons say, and who asks again changes nothing.
func TestReasonsToPauseAddUp(t *testing.T) {
	t.Parallel()
	var p pauses
	b := new(border.Block)
	for i, step := range []struct {
		why             pauses
		on, changed     bool
		unread, pausing bool
	}{
		{pausedByMemory, true, true, true, false},
		{pausedByHost, true, true, true, true},
		{pausedByHost, true, false, true, true},
		{pausedByMemory | pausedByMark, false, true, true, true},
		{pausedByHost, false, true, false, false},
		{pausedByHost, false, false, false, false},
	} {
		changed := p.set(b, step.why, step.on)
		if life := atomic.LoadUint32(&b.Life); changed != step.changed || b.Unread() != step.unread || life&border.LifePaused != 0 != step.pausing {
			t.Errorf("step %d: changed %v, unread %v, life %x", i, changed, b.Unread(), life)
		}
	}
	if !p.set(nil, pausedByRequest, true) || p != pausedByRequest {
		t.Error("there is no block yet, and so no pause")
	}
}
