// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
)

// Messages that cannot go out yet wait whole: those that a client sends before the
// connection is open, and all those behind one that the kernel has not taken, when a
// client keeps its messages across connections, or when they may have to make room for
// others (full.go). A message of which one byte has left is never sent again, so only
// whole ones are kept.

// mustWait tells whether a message has to wait whole. c.mu is held.
func (c *Conn) mustWait() bool {
	if c.server != nil && c.options().Full == config.FullRefuse {
		return false
	}
	switch state := c.block.State(); {
	case state == border.StateClosing, state == border.StateClosed:
		return false
	case c.block.Load()&border.OutEarly != 0:
		return true
	}
	return c.block.State() == border.StateOpen && (c.holdsBack() || c.client().remembersSends())
}

// holdsBack tells whether a message must not be framed now. c.mu is held.
func (c *Conn) holdsBack() bool {
	if q := c.client(); q != nil && q.keep {
		return c.tx != nil && !c.tx.empty() || !c.sock.Writable() // not a byte of it would leave
	}
	return c.options().Full != config.FullRefuse && c.tx != nil && !c.tx.empty()
}

// waitEarly takes a message that cannot go out yet; false when it can. c.mu is
// held.
func (c *Conn) waitEarly(first byte, data []byte, size int, done border.Completion) (bool, *fault.Error) {
	if !c.mustWait() {
		return false, nil
	}
	pool := &c.w.engine.pool
	switch {
	case c.destroyed:
		return true, errGone
	case !c.room(size):
		return true, errSendMemory
	case !c.fits(size):
		if err := c.makeRoom(size); err != nil {
			return true, err
		}
	}
	b, err := pool.Force(len(data))
	if err != nil {
		return true, errSendMemory
	}
	c.block.Claim(size, true)
	c.needRare().shelf.put(early{first, append(b, data...), size, done})
	c.block.Set(border.OutEarly)
	if c.block.State() == border.StateOpen {
		c.watch(true)
		c.client().tellStuck()
	}
	if c.tx != nil && c.block.Buffered() >= holderSize {
		c.holdsQueue(c.needQueue(), true)
	}
	c.checkMarks()
	c.sent(first, len(data), border.Completion{})
	return true, nil
}

// sendEarly sends what waited, as far as it may, or all of it. s is locked for output;
// c.mu is held, and given up while s encrypts.
func (c *Conn) sendEarly(s *secure, all bool) {
	r := c.rare.Load()
	if r == nil {
		return
	}
	for len(r.shelf.early) > 0 && c.block.State() == border.StateOpen && !c.failed {
		if !all && c.holdsBack() {
			return // writable goes on
		}
		e := r.shelf.next()
		c.block.Taken(e.size) // it is counted anew as it goes
		c.sendOne(s, e)
		if s != nil && !all && c.tx != nil && !c.tx.empty() {
			var v loop.Vector
			c.writeQueue(c.needQueue(), &v)
		}
	}
	if len(r.shelf.early) == 0 && c.block.State() == border.StateOpen {
		c.block.Clear(border.OutEarly)
	}
	c.checkMarks()
}

// sendOne sends a message that was accepted before, so that no limit refuses it.
func (c *Conn) sendOne(s *secure, e early) {
	if c.client().remembersSends() {
		c.client().sendRemembered(s, e)
		return
	}
	pool := &c.w.engine.pool
	if e.done.Wanted() { // from here on the end of the connection tells what became of it
		q := c.needQueue()
		q.waiting = append(q.waiting, waiting{never, e.done})
	}
	var err *fault.Error
	if s == nil {
		c.block.Claim(e.size, true)
		err = c.put(e.first, e.data, e.size, c.tx != nil && !c.tx.empty()) // nothing is corked where messages wait whole
	} else {
		c.unlocked(func() { err = c.encrypt(s, e.first, e.data, e.size) })
	}
	pool.Put(e.data)
	switch {
	case err != nil: // no memory: the message was promised
		c.breakOff()
	case e.done.Wanted():
		c.tx.waiting[len(c.tx.waiting)-1].target = c.target()
	}
}

// takeEarly takes all that waits away. c.mu is held.
func (c *Conn) takeEarly() []early {
	r := c.rare.Load()
	if r == nil {
		return nil
	}
	c.cutPieces()
	all := r.shelf.takeAll()
	c.high = false
	c.block.Clear(border.OutEarly)
	for _, e := range all {
		c.block.Taken(e.size)
	}
	return all
}

// failEarly reports messages of a handle that takeEarly has taken.
func (w *worker) failEarly(b *border.Block, all []early, why *fault.Error) {
	for _, e := range all {
		w.engine.pool.Put(e.data)
		w.complete(b.Slot, border.OpSend, e.done, why)
	}
}

// pushEarly begins when the connection is open, and goes on when the kernel has room.
// The loop's.
func (c *Conn) pushEarly() {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if !c.destroyed && c.block.State() == border.StateOpen {
		c.sendEarly(s, false)
		c.flushNow()
		c.watch(c.block.Load()&border.OutEarly != 0 || c.tx != nil && !c.tx.empty())
	}
}

// finBit is set in the first byte of the last frame of a message (RFC 6455 5.2).
const finBit = 0x80

// firstByte is that of a frame that is a message by itself.
func firstByte(op ws.OpCode) byte { return finBit | byte(op) }

// opcode is that of a frame with this first byte, with RSV1 if it is compressed.
func opcode(first byte) ws.OpCode { return ws.OpCode(first &^ finBit) }
