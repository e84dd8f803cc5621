// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/debug"
)

// What a build with the tag ws_invariants checks of tests/model/slot.pml here; in all others
// debug.On is false, and nothing of it is compiled.

// own checks that the block of a connection is still its own.
func (c *Conn) own(where string) {
	if debug.On && c.block != nil && c.w.engine.host.Connection(c.block.Slot) != c {
		debug.Broken("the block is the connection's own: " + where)
	}
}

// ownerOf is the handle of the connection in a slot; 0: there is none.
func (w *worker) ownerOf(slot uint32) uint64 {
	c := w.engine.host.Connection(slot)
	if c == nil || c.block == nil {
		return 0
	}
	return atomic.LoadUint64(&c.block.Handle)
}

// named notes whose slot the last record of the batch names.
func (w *worker) named() {
	if debug.On {
		w.owners = append(w.owners, w.ownerOf(w.records[len(w.records)-1].Slot))
	}
}

// checkOwners checks that each record of a batch names the slot of its owner.
func (w *worker) checkOwners() {
	if !debug.On {
		return
	}
	if len(w.owners) != len(w.records) {
		debug.Broken("each record has an owner")
	}
	for i := range w.owners {
		if o := w.owners[i]; o != 0 && w.ownerOf(w.records[i].Slot) != o {
			debug.Broken("a record names the slot of its owner")
		}
	}
	w.owners = w.owners[:0]
}
