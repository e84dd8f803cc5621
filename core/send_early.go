// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
)

// Messages that cannot go out yet wait whole: those that a client sends before the
// connection is open, and all those behind one that the kernel has not taken, when a
// client keeps its messages across connections, or when they may have to make room for
// others (whenFull). A message of which one byte has left is never sent again, so only
// whole ones are kept.

// mustWait tells whether a message has to wait whole. c.mu is held.
func (c *Conn) mustWait() bool {
	if c.server != nil && !c.waitsWhole() {
		return false
	}
	switch state := c.block.State(); {
	case state == border.StateClosing, state == border.StateClosed:
		return false
	case c.block.Load()&border.OutEarly != 0:
		return true
	}
	return c.block.State() == border.StateOpen && (c.mustWaitWhole() || c.client().remembersSends())
}

// mustWaitWhole tells whether a message must not be framed now. c.mu is held.
func (c *Conn) mustWaitWhole() bool {
	if q := c.client(); q != nil && q.keep {
		return c.tx != nil && !c.tx.empty() || !c.sock.Writable() // not a byte of it would leave
	}
	return c.waitsWhole() && (c.tx != nil && !c.tx.empty() || c.block.Load()&border.OutCorked != 0)
}

// waitsWhole tells whether what cannot go out at once waits whole. c.mu is held.
func (c *Conn) waitsWhole() bool {
	if c.keepsWhole() {
		return true
	}
	r := c.rare.Load()
	return r != nil && c.server != nil && !r.shelf.early.empty()
}

// keepsWhole tells whether that is always so. Any thread.
func (c *Conn) keepsWhole() bool {
	if c.options().Full != config.FullRefuse {
		return true
	}
	r := c.rare.Load()
	return r != nil && r.whole.Load()
}

// waitEarly takes a message that cannot go out yet; false when it can. c.mu is
// held.
func (c *Conn) waitEarly(first byte, data []byte, size int, done border.Completion) (bool, *fault.Error) {
	if !c.mustWait() {
		return false, nil
	}
	return true, c.shelve(early{first: first, data: data, size: size, done: done})
}

// shelve takes a message that has to wait whole. c.mu is held.
func (c *Conn) shelve(e early) *fault.Error {
	if c.destroyed {
		return errGone
	}
	c.block.Clear(border.OutFast) // the host may put no message before it
	c.endDirect()
	if err := c.layDown(&c.needRare().shelf.early, e); err != nil {
		return err
	}
	c.block.Set(border.OutEarly)
	if c.block.State() == border.StateOpen {
		c.watch(true)
		c.client().postStuck()
	}
	c.w.engine.relief.usesOutput(c, largeUse)
	c.checkMarks()
	c.sent(e.first, len(e.data), border.Completion{})
	return nil
}

// layDown copies a message into a line of the shelf, when there is room for it. c.mu is held.
func (c *Conn) layDown(l *line, e early) *fault.Error {
	freed := 0 // by that which it replaces
	if at := l.under(e.rank.Key); at != nil {
		freed = at.size
	}
	switch {
	case !c.fitsBudget(e.size - freed):
		return errSendMemory
	case !c.fits(e.size, freed):
		if err := c.whenFull(e.size); err != nil {
			return err
		}
	}
	pool := &c.w.engine.pool
	if e.keep(pool) != nil {
		return errSendMemory
	}
	c.claim(e.size, true)
	c.laid(c.rare.Load().shelf.lay(l, pool, e))
	return nil
}

// sendEarly sends what waited, as far as it may, or all of it. s is locked for output;
// c.mu is held, and given up while s encrypts.
func (c *Conn) sendEarly(s *secure, all bool) {
	r := c.rare.Load()
	if r == nil {
		return
	}
	for !r.shelf.early.empty() && c.block.State() == border.StateOpen && !c.failed {
		if !all && c.mustWaitWhole() {
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
	if r.shelf.early.empty() && c.block.State() == border.StateOpen {
		c.block.Clear(border.OutEarly)
		if !r.midMessage() {
			c.mayCork()
		}
	}
	c.checkMarks()
}

// sendOne sends a message that was accepted before, so that no limit refuses it. c.mu is held.
func (c *Conn) sendOne(s *secure, e early) {
	if c.client().remembersSends() {
		c.client().sendRemembered(s, e)
		return
	}
	pool := &c.w.engine.pool
	if s != nil && c.corked() {
		if !s.goesBehind(e.first, e.data, e.size, e.done) { // no memory: the message was promised
			c.breakOff()
		}
		e.free(pool)
		return
	}
	if e.done.Wanted() { // from here on the end of the connection tells what became of it
		q := c.needQueue()
		q.waiting = append(q.waiting, waiting{never, e.done})
	}
	var err *fault.Error
	if s == nil {
		c.claim(e.size, true)
		err = c.put(e.first, e.data, e.size, c.tx != nil && !c.tx.empty()) // nothing is corked where messages wait whole
	} else {
		c.unlocked(func() { err = s.encrypt(e.first, e.data, e.size) })
	}
	e.free(pool)
	switch {
	case err != nil: // no memory: the message was promised
		c.breakOff()
	case e.done.Wanted():
		c.tx.waiting[len(c.tx.waiting)-1].target = c.tx.target(c)
	}
}

// takeEarly takes all that waits away. c.mu is held.
func (c *Conn) takeEarly() []early {
	all := c.tls.Load().takeBehind()
	if r := c.rare.Load(); r != nil {
		r.cutPieces(c)
		all = append(all, r.shelf.takeAll()...)
	} else if all == nil {
		return nil
	}
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
		e.free(&w.engine.pool)
		w.complete(b.Slot, border.OpSend, e.done, why)
	}
}

// pushEarly begins when the connection is open, and goes on when the kernel has room.
// The loop's.
func (c *Conn) pushEarly() {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if !c.destroyed && c.block.State() == border.StateOpen {
		c.sendHeld(s)
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

// fits tells whether size bytes may be queued, when freed go for them. One message always fits
// an empty queue. c.mu is held.
func (c *Conn) fits(size, freed int) bool {
	buffered := int64(c.block.Buffered()) - int64(freed) // fits: queues are in memory
	return buffered == 0 || buffered+int64(size) <= c.options().MaxBuffered
}

// whenFull acts on a full queue; nil when size bytes fit now. c.mu is held.
func (c *Conn) whenFull(size int) *fault.Error {
	switch policy := c.options().Full; {
	case policy == config.FullDropOldest && c.dropOldest(size):
		return nil
	case policy == config.FullClose && c.block.State() == border.StateOpen:
		c.overflow()
		return errOverflow
	}
	c.high = true // a drain event follows
	return errFull
}

var (
	errDropped  = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the message made room for a newer one (WS_FULL_DROP_OLDEST)"}
	errReplaced = &fault.Error{ID: fault.IDReplaced, Text: "the message still waited when a newer one with its key was sent, which has replaced it"}
	errOverflow = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the output queue is full, and so the connection ends (WS_FULL_CLOSE)"}
)

// dropOldest drops whole messages until size bytes fit; none when that is not enough. c.mu is
// held.
func (c *Conn) dropOldest(size int) bool {
	buffered := int(c.block.Buffered()) // fits: queues are in memory, and MaxBuffered is up to MaxSend
	free, messages, first, ok := c.needRare().shelf.dropOldest(&c.w.engine.pool, buffered+size-int(c.options().MaxBuffered), buffered)
	if !ok {
		return false
	}
	if first {
		c.w.loop.Post(c.tellDropped)
	}
	c.block.Taken(free)
	c.countDropped(messages)
	return true
}

// laid counts what a message has replaced, as shelf.lay says; the loop is asked to complete the first
// of several. c.mu is held.
func (c *Conn) laid(freed int, first bool) {
	if freed == 0 {
		return
	}
	if first {
		c.w.loop.Post(c.tellDropped)
	}
	c.block.Taken(freed)
	c.countReplaced(1)
}

// tellDropped completes the sends that made room for others, or that others have replaced,
// before the end of the connection is told. The loop's.
func (c *Conn) tellDropped() {
	locked := take(&c.mu)
	defer locked.end()
	all := c.rare.Load().takeUncompleted()
	locked.end()
	for _, u := range all {
		c.w.complete(c.block.Slot, border.OpSend, u.done, u.why)
	}
}

// takeUncompleted is shelf.takeUncompleted; r may be nil. Conn.mu is held.
func (r *rare) takeUncompleted() []unwanted {
	if r == nil {
		return nil
	}
	return r.shelf.takeUncompleted()
}

// overflow ends the connection from any thread: from now on nothing can be sent. c.mu is
// held.
func (c *Conn) overflow() {
	c.block.Clear(border.OutOpen)
	c.block.SetState(border.StateClosing)
	c.comes(onOverflow, nil)
}

// What is published while a connection sends a message in pieces waits whole until the
// last piece was sent (RFC 6455 5.4: the fragments of one message may not be
// interleaved with those of another).

// midMessage tells whether a message is being sent in pieces; r may be nil. Conn.mu is held.
func (r *rare) midMessage() bool { return r != nil && r.sending.op != 0 }

// later keeps a message of c until the last piece; it counts as buffered. false when
// there is no room for it. c.mu is held.
func (f *form) later(c *Conn) bool {
	switch {
	case c.block.Load()&border.OutOpen == 0:
		return false
	case c.layDown(&c.rare.Load().shelf.between, f.waiting()) != nil:
		return f.dropFor(c)
	}
	c.sent(f.first, len(f.data), border.Completion{})
	c.settleQueue()
	return true
}

// sendBetween sends what has waited for the last piece. c.mu is held, and TLS locked for
// output; the host may not cork.
func (c *Conn) sendBetween() {
	r := c.rare.Load()
	if r == nil || r.shelf.between.empty() {
		return
	}
	s := c.tls.Load()
	for !r.shelf.between.empty() && c.block.Load()&border.OutOpen != 0 {
		e := r.shelf.nextBetween()
		if e.first&rsv1 != 0 {
			c.compression().published() // the pieces had to go before it
		}
		if c.mustWait() { // behind what may still be dropped
			r.shelf.waits -= uint64(e.size)
			c.laid(r.shelf.lay(&r.shelf.early, &c.w.engine.pool, e))
			c.block.Set(border.OutEarly)
			c.watch(true)
			continue
		}
		r.shelf.waits -= uint64(e.size)
		c.block.Taken(e.size) // it is counted anew as it goes
		c.sendOne(s, e)
	}
	if s == nil {
		c.settleQueue()
	} else {
		c.flushNow()
	}
}
