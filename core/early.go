// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/fault"
	"libws/core/loop"
)

// Messages that cannot go out yet wait whole: those that a client sends before the
// connection is open, and all those behind one that the kernel has not taken, when a
// client keeps its messages across connections, or when they may have to make room for
// others (full.go). A message of which one byte has left is never sent again, so only
// whole ones are kept.

// early is a message that waits whole.
type early struct {
	first byte   // of its frame
	data  []byte // of the pool
	size  int    // of the frame, as counted in Block.out
	done  Completion
}

// mustWait tells whether a message has to wait whole. c.mu is held.
func (c *Conn) mustWait() bool {
	if c.server != nil && c.options().Full == FullRefuse {
		return false
	}
	switch state := c.block.State(); {
	case state == Closing, state == Closed:
		return false
	case c.block.load()&outEarly != 0:
		return true
	}
	return c.block.State() == Open && (c.holdsBack() || c.remembersSends())
}

// holdsBack tells whether a message must not be framed now. c.mu is held.
func (c *Conn) holdsBack() bool {
	if q := c.client(); q != nil && q.keep {
		return !c.leaves()
	}
	return c.options().Full != FullRefuse && c.tx != nil && !c.tx.empty()
}

// leaves tells whether the kernel takes at least one byte of what is sent next. c.mu
// is held.
func (c *Conn) leaves() bool { return (c.tx == nil || c.tx.empty()) && c.sock.Writable() }

// waitEarly takes a message that cannot go out yet; false when it can. c.mu is
// held.
func (c *Conn) waitEarly(first byte, data []byte, size int, done Completion) (bool, *fault.Error) {
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
	c.block.claim(size, true)
	r := c.needRare()
	r.early = append(r.early, early{first, append(b, data...), size, done})
	r.waits += uint64(size)
	c.block.set(outEarly)
	if c.block.State() == Open {
		c.watch(true)
		c.tellStuck()
	}
	c.holdsOutput(holderSize)
	c.checkMarks()
	c.sent(first, len(data), Completion{})
	return true, nil
}

// sendEarly sends what waited, as far as it may, or all of it. s is locked for output;
// c.mu is held, and given up while s encrypts.
func (c *Conn) sendEarly(s *secure, all bool) {
	q := c.rare.Load()
	if q == nil {
		return
	}
	for len(q.early) > 0 && c.block.State() == Open && !c.failed {
		if !all && c.holdsBack() {
			return // writable goes on
		}
		e := q.early[0]
		q.early[0] = early{}
		q.early = q.early[1:]
		q.waits -= uint64(e.size)
		c.block.taken(e.size) // it is counted anew as it goes
		c.sendOne(s, e)
		if s != nil && !all && c.tx != nil && !c.tx.empty() {
			var v loop.Vector
			c.writeQueue(c.needQueue(), &v)
		}
	}
	if len(q.early) == 0 {
		q.early = nil
		if c.block.State() == Open {
			c.block.clear(outEarly)
		}
	}
	c.checkMarks()
}

// sendOne sends a message that was accepted before, so that no limit refuses it.
func (c *Conn) sendOne(s *secure, e early) {
	if c.remembersSends() {
		c.sendRemembered(s, e)
		return
	}
	pool := &c.w.engine.pool
	if e.done.wanted() { // from here on the end of the connection tells what became of it
		q := c.needQueue()
		q.waiting = append(q.waiting, waiting{never, e.done})
	}
	var err *fault.Error
	if s == nil {
		c.block.claim(e.size, true)
		err = c.put(e.first, e.data, e.size, c.tx != nil && !c.tx.empty()) // nothing is corked where messages wait whole
	} else {
		c.unlocked(func() { err = c.encrypt(s, e.first, e.data, e.size) })
	}
	pool.Put(e.data)
	switch {
	case err != nil: // no memory: the message was promised
		c.breakOff()
	case e.done.wanted():
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
	all := r.early
	r.early, r.waits = nil, 0
	c.high = false
	c.block.clear(outEarly)
	for _, e := range all {
		c.block.taken(e.size)
	}
	return all
}

// takeTorn takes away the pieces of messages that cannot be whole on the next
// connection: of one that has begun on this one, and of one that has not ended, which
// cutPieces has ended. The caller counts Block.out anew. c.mu is held.
func (c *Conn) takeTorn() (torn []early) {
	q := c.needRare()
	var rest, begun []early
	for _, e := range q.early {
		if opcode(e.first) == ws.OpContinuation && begun == nil {
			torn = append(torn, e) // its first piece has left
			continue
		}
		if begun = append(begun, e); e.first&finBit != 0 {
			rest, begun = append(rest, begun...), nil
		}
	}
	torn = append(torn, begun...)
	for _, e := range torn {
		q.waits -= uint64(e.size)
	}
	q.early = rest
	return torn
}

// failEarly reports messages that takeEarly has taken.
func (c *Conn) failEarly(all []early, why *fault.Error) {
	for _, e := range all {
		c.w.engine.pool.Put(e.data)
		c.w.complete(c.block.Slot, OpSend, e.done, why)
	}
}

// pushEarly begins when the connection is open, and goes on when the kernel has room.
// The loop's.
func (c *Conn) pushEarly() {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if !c.destroyed && c.block.State() == Open {
		c.sendEarly(s, false)
		c.flushNow()
		c.watchEarly()
	}
}

// watchEarly asks for Out as long as something waits. c.mu is held.
func (c *Conn) watchEarly() {
	c.watch(c.block.load()&outEarly != 0 || c.tx != nil && !c.tx.empty())
}

// tellStuck tells the vigil, which belongs to the loop, that the kernel is full. c.mu
// is held.
func (c *Conn) tellStuck() {
	if c.client() == nil || !c.client().guarded || c.client().stuck {
		return
	}
	c.client().stuck = true
	c.w.loop.Post(c.toldStuck)
}

func (c *Conn) toldStuck() {
	c.w.current = c
	held := take(&c.mu)
	defer held.end()
	c.client().stuck = false
	held.end()
	if v := c.watched(); v != nil && c.phase == phaseOpen {
		v.writing()
	}
}

// finBit is set in the first byte of the last frame of a message (RFC 6455 5.2).
const finBit = 0x80

// firstByte is that of a frame that is a message by itself.
func firstByte(op ws.OpCode) byte { return finBit | byte(op) }

// opcode is that of a frame with this first byte, with RSV1 if it is compressed.
func opcode(first byte) ws.OpCode { return ws.OpCode(first &^ finBit) }
