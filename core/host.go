// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/journal"
)

// Host is the side that owns handles and callbacks.
type Host interface {
	// Dispatch runs the callbacks of a batch, or hands its records to queues, and
	// then tells Ended of a connection or server when the destroyed event has
	// come out of its queue. It returns how many messages had no listener, and how
	// many records it marked border.RecordHeld or border.RecordFull. loop is 1 + the index of
	// the loop whose thread calls it.
	Dispatch(loop uint32, records []border.Record, box *border.Outbox) (unheard, marked uint32)
	// Adopt acquires a handle for an accepted connection and calls c.Bind with
	// its block; false when there is none left. On the loop's thread.
	Adopt(c *Conn, server *border.Block) bool
	// Connection is the connection whose block has this slot. The loop's thread.
	Connection(slot uint32) *Conn
	// Lane is the lane of a slot, which keeps its content for the next owner of the slot;
	// nil: the host leaves all writing to core. Any thread.
	Lane(slot uint32) *border.Lane
	// Release ends the handle of a block. On a loop's thread, after its last event.
	Release(b *border.Block)
	// Allowed tells whether a client may connect to a URL. Any thread, no lock held.
	Allowed(url string) bool
	// Log receives a line about the library itself. Any thread.
	Log(level journal.Level, line string)
}
