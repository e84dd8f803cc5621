// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/wire"
)

// A message over the limit may be skipped instead of ending the connection (ConnOptions.Skip): what
// there is of it is given back, what still comes is dropped as it comes, and its end is an event.
// Control frames between its frames have their way as ever, and its text is checked. A compressed
// one is inflated in the same steps as any other, because the next one may refer to it.

// skipping is a message that is being dropped. The loop's.
type skipping struct {
	on   bool
	size uint64 // of what was dropped
}

// skips tells whether a message is being skipped. The loop's.
func (c *Conn) skips() bool {
	r := c.rare.Load()
	return r != nil && r.skipping.on
}

// beginSkip gives back what there is of the message that is over the limit.
func (c *Conn) beginSkip() *skipping {
	s := &c.needRare().skipping
	if s.on {
		return s
	}
	*s = skipping{on: true}
	if rx := c.rx; rx != nil {
		s.size = uint64(len(rx.message))
		c.w.engine.pool.Put(rx.message)
		rx.message = nil
		c.usesMemory(0)
	}
	return s
}

// skip drops a piece of an uncompressed message.
func (c *Conn) skip(chunk *wire.Chunk) {
	s := c.beginSkip()
	if c.rx != nil {
		c.rx.partial = false
	}
	s.size += uint64(len(chunk.Payload))
	if chunk.Flags&wire.MessageEnd != 0 {
		c.skipped(chunk.Op == ws.OpText)
	}
}

// skipped records that a message is over.
func (c *Conn) skipped(text bool) {
	s := &c.needRare().skipping
	d := c.w.detail()
	if d.Skipped, d.Message = s.size, 2; text {
		d.Message = 1
	}
	*s = skipping{}
	if t := c.tallied(); t != nil {
		t.skipped.Add(1)
	}
	if c.server != nil {
		c.server.figures.skipped.Add(1)
	}
	c.w.notice(c.block.Slot, border.EventSkipped, 0, d)
}

// skipPacked goes on with a compressed message that is over the limit; false: the connection has
// ended for want of memory.
func (z *compression) skipPacked() bool {
	if !z.took() {
		return false
	}
	z.in.Unlimit()
	z.c.beginSkip()
	return true
}

// skipPiece drops what there is of a compressed message that is being skipped; false as from
// skipPacked.
func (z *compression) skipPiece() bool {
	if !z.took() {
		return false
	}
	rx := z.c.rx
	z.c.needRare().skipping.size += uint64(len(rx.message))
	rx.message = rx.message[:0]
	return true
}

// skipRest gives the buffer of a compressed message that is being skipped back, until more comes.
func (z *compression) skipRest() {
	c := z.c
	c.w.engine.pool.Put(c.rx.message)
	c.rx.message = nil
	c.usesMemory(0)
}

// skipEnd is unpacked for one that was skipped. The decoder has what it needs of its last piece.
func (z *compression) skipEnd() {
	c := z.c
	c.needRare().skipping.size += uint64(len(c.rx.message))
	z.skipRest()
	c.rx.partial, c.rx.packed = false, false
	c.skipped(c.rx.text)
}
