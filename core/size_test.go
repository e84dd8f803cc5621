// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"
	"unsafe"

	"libws/core/border"
)

// An idle connection is a Conn and a Block: what they take is what a hundred
// thousand of them cost. 192 is a size class of the Go heap.
func TestIdleConnectionIsSmall(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(Conn{}); size > 192 {
		t.Errorf("a Conn takes %d bytes", size)
	}
	if size := unsafe.Sizeof(border.Block{}); size > 64 {
		t.Errorf("a Block takes %d bytes", size)
	}
}
