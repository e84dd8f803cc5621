// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"testing"
	"time"

	"libws/core/border"
)

// Who takes the offer back waits until the host has left the descriptor, and no longer.
func TestLeavingWaitsForTheHost(t *testing.T) {
	t.Parallel()
	d := direct{new(border.Block), &border.Lane{Messages: 2, Bytes: 20}}
	d.block.Set(border.OutDirect | border.OutSending)
	if messages, bytes := d.sent(); messages != 2 || bytes != 20 {
		t.Errorf("%d messages of %d bytes", messages, bytes)
	}
	var left atomic.Bool
	time.AfterFunc(10*time.Millisecond, func() {
		atomic.AddUint64(&d.lane.Messages, 1)
		left.Store(true)
		d.block.Set(border.OutHanding)
	})
	if messages, bytes := d.leave(); !left.Load() || messages != 3 || bytes != 20 {
		t.Errorf("left: %v, with %d messages of %d bytes", left.Load(), messages, bytes)
	}
	if messages, _ := d.sent(); messages != 0 || d.block.Load()&border.OutDirect != 0 {
		t.Errorf("%d messages are counted again", messages)
	}
	if messages, _ := (direct{}).sent(); messages != 0 {
		t.Errorf("%d messages of nobody", messages)
	}
}
