// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/shelf"
)

// Messages that cannot go out yet wait whole: those that a client sends before the
// connection is open, and all those behind one that the kernel has not taken, when a
// client keeps its messages across connections, or when they may have to make room for
// others (whenFull). A message of which one byte has left is never sent again, so only
// whole ones are kept.

// A message may have a key and a priority (shelf.Rank). Both matter only while it waits whole
// (send_early.go): it takes the place of the one that waits under its key, and goes before all with
// less priority. What the kernel has not taken is mostly framed already, and then neither is
// possible. So:
//
//   - The first SendWith of a connection makes all of its messages wait whole that cannot leave at
//     once, as another full policy does, and the host corks and writes nothing itself any more.
//   - Who publishes does that to nobody: a recipient that takes what it gets pays nothing. Such a
//     message waits whole behind what the kernel has refused, or behind much that its loop has still
//     to write (crowded), and all others behind it do, too, until nothing waits any more (waitsWhole).

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
	return c.block.State() == border.StateOpen && (c.mustWaitWhole() || c.rare.client().remembersSends())
}

// mustWaitWhole tells whether a message must not be framed now. c.mu is held.
func (c *Conn) mustWaitWhole() bool {
	if q := c.rare.client(); q != nil && q.keep {
		return c.tx != nil && !c.tx.empty() || !c.sock.Writable() // not a byte of it would leave
	}
	return c.waitsWhole() && (c.tx != nil && !c.tx.empty() || c.block.Corked())
}

// waitsWhole tells whether what cannot go out at once waits whole. c.mu is held.
func (c *Conn) waitsWhole() bool {
	if c.keepsWhole() {
		return true
	}
	r := c.rare.Load()
	return r != nil && c.server != nil && !r.shelf.Empty()
}

// keepsWhole tells whether that is always so. Any thread.
func (c *Conn) keepsWhole() bool {
	if c.options().Full != config.FullRefuse {
		return true
	}
	r := c.rare.Load()
	return r != nil && r.whole.Load()
}

// shelve takes a message that has to wait whole. c.mu is held.
func (c *Conn) shelve(e shelf.Message) *fault.Error {
	if c.destroyed {
		return errGone
	}
	c.block.Clear(border.OutFast) // the host may put no message before it
	c.endDirect()
	if err := c.layDown(e, false); err != nil {
		return err
	}
	c.block.Set(border.OutEarly)
	if c.block.State() == border.StateOpen {
		c.watch(true)
		c.rare.client().postStuck()
	}
	c.w.engine.relief.usesOutput(c, largeUse)
	c.checkMarks()
	c.sent(e.First, len(e.Data), border.Completion{})
	return nil
}

// layDown puts a copy of a message on the shelf, when there is room for it; between: it waits for a last
// piece. c.mu is held.
func (c *Conn) layDown(e shelf.Message, between bool) *fault.Error {
	on := &c.rare.need().shelf
	freed := on.Replaces(e.Rank.Key, between)
	switch {
	case !c.w.engine.lets(c.block, e.Size-freed):
		return errSendMemory
	case !c.options().Takes(int64(c.block.Buffered())-int64(freed), e.Size): // fits: queues are in memory
		if err := c.whenFull(e.Size); err != nil {
			return err
		}
	}
	pool := &c.w.engine.pool
	if e.Keep(pool) != nil {
		return errSendMemory
	}
	c.claim(e.Size, true)
	c.makesRoom(on.Lay(pool, e, between))
	return nil
}

// sendEarly sends what waited, as far as it may, or all of it. s is locked for output;
// c.mu is held, and given up while s encrypts.
func (c *Conn) sendEarly(s *secure, all bool) {
	r := c.rare.Load()
	if r == nil {
		return
	}
	for !r.shelf.Empty() && c.block.State() == border.StateOpen && !c.failed {
		if !all && c.mustWaitWhole() {
			return // writable goes on
		}
		e := r.shelf.Next()
		c.block.Taken(e.Size) // it is counted anew as it goes
		c.sendOne(s, e)
		if s != nil && !all && c.tx != nil && !c.tx.empty() {
			var v loop.Vector
			c.writeQueue(c.needQueue(), &v)
		}
	}
	if r.shelf.Empty() && c.block.State() == border.StateOpen {
		c.block.Clear(border.OutEarly)
		if !r.midMessage() {
			c.mayCork()
		}
	}
	c.checkMarks()
}

// sendOne sends a message that was accepted before, so that no limit refuses it. c.mu is held.
func (c *Conn) sendOne(s *secure, e shelf.Message) {
	if c.rare.client().remembersSends() {
		c.rare.client().sendRemembered(s, e)
		return
	}
	pool := &c.w.engine.pool
	if s != nil && c.block.Corked() {
		if !s.goesBehind(e.First, e.Data, e.Size, e.Done) { // no memory: the message was promised
			c.breakOff()
		}
		e.Free(pool)
		return
	}
	if e.Done.Wanted() { // from here on the end of the connection tells what became of it
		q := c.needQueue()
		q.waiting = append(q.waiting, waiting{never, e.Done})
	}
	var err *fault.Error
	if s == nil {
		c.claim(e.Size, true)
		err = c.put(e.First, e.Data, e.Size, c.tx != nil && !c.tx.empty()) // nothing is corked where messages wait whole
	} else {
		unlocked(&c.mu, func() { err = s.encrypt(e.First, e.Data, e.Size) })
	}
	e.Free(pool)
	switch {
	case err != nil: // no memory: the message was promised
		c.breakOff()
	case e.Done.Wanted():
		c.tx.waiting[len(c.tx.waiting)-1].target = c.tx.target(c)
	}
}

// takeEarly takes all that waits away. c.mu is held.
func (c *Conn) takeEarly() []shelf.Message {
	all := c.tls.Load().takeBehind()
	if r := c.rare.Load(); r != nil {
		r.cutPieces(c)
		all = append(all, r.shelf.TakeAll()...)
	} else if all == nil {
		return nil
	}
	c.high = false
	c.block.Clear(border.OutEarly)
	for _, e := range all {
		c.block.Taken(e.Size)
	}
	return all
}

// failEarly reports messages of a handle that takeEarly has taken.
func (w *worker) failEarly(b *border.Block, all []shelf.Message, why *fault.Error) {
	for _, e := range all {
		e.Free(&w.engine.pool)
		w.complete(b.Slot, border.OpSend, e.Done, why)
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

// whenFull acts on a full queue; nil when size bytes fit now. Whole messages are dropped until they do,
// none when that is not enough. c.mu is held.
func (c *Conn) whenFull(size int) *fault.Error {
	o := c.options()
	switch {
	case o.Full == config.FullDropOldest:
		buffered := int(c.block.Buffered()) // fits: queues are in memory, and MaxBuffered is up to MaxSend
		if freed, ok := c.rare.need().shelf.DropOldest(&c.w.engine.pool, buffered+size-int(o.MaxBuffered), buffered); ok {
			c.makesRoom(freed)
			return nil
		}
	case o.Full == config.FullClose && c.block.State() == border.StateOpen:
		c.block.Clear(border.OutOpen) // from now on nothing can be sent
		c.block.SetState(border.StateClosing)
		c.comes(onOverflow, nil)
		return errOverflow
	}
	c.high = true // a drain event follows
	return errFull
}

var errOverflow = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the output queue is full, and so the connection ends (WS_FULL_CLOSE)"}

// makesRoom counts messages that do not leave; the loop is asked to complete the first of several. c.mu
// is held.
func (c *Conn) makesRoom(freed shelf.Freed) {
	if freed.Completes {
		c.w.loop.Post(c.tellDropped)
	}
	if freed.Bytes > 0 {
		c.block.Taken(freed.Bytes)
		c.w.engine.counters.drops(c.server, freed.Dropped)
		c.w.engine.counters.replaces(c.server, freed.Replaced)
	}
}

// tellDropped completes the sends that made room for others, or that others have replaced,
// before the end of the connection is told. The loop's.
func (c *Conn) tellDropped() {
	locked := take(&c.mu)
	defer locked.end()
	all := c.rare.Load().takeUncompleted()
	locked.end()
	for _, u := range all {
		c.w.complete(c.block.Slot, border.OpSend, u.Done, u.Why)
	}
}

// takeUncompleted is shelf.TakeUncompleted; r may be nil. Conn.mu is held.
func (r *rare) takeUncompleted() []shelf.Unwanted {
	if r == nil {
		return nil
	}
	return r.shelf.TakeUncompleted()
}

// What is published while a connection sends a message in pieces waits whole until the
// last piece was sent (RFC 6455 5.4: the fragments of one message may not be
// interleaved with those of another).

// midMessage tells whether a message is being sent in pieces; r may be nil. Conn.mu is held.
func (r *rare) midMessage() bool { return r != nil && r.sending.op != 0 }

// waiting is a form as it waits whole.
func (f *form) waiting() shelf.Message {
	return shelf.Message{First: f.first, Rank: f.rank, Data: f.data, Size: f.size}
}

// mustWait tells whether c gets a form behind others that wait whole. c.mu is held.
func (f *form) mustWait(c *Conn) bool {
	switch {
	case c.mustWait():
		return true
	case f.rank == (shelf.Rank{}) || c.block.State() != border.StateOpen:
		return false
	}
	much := int64(c.block.Buffered()) > c.options().MaxBuffered/4 // fits: queues are in memory
	return c.tx.crowded(much || c.sock.WatchesOut())
}

// shelve lets a form wait whole. c.mu is held.
func (f *form) shelve(c *Conn) bool {
	switch err := c.shelve(f.waiting()); {
	case err == nil:
		f.placed(c)
		return true
	case err.ID == fault.IDFull || err.ID == fault.IDMemory:
		return f.dropFor(c)
	}
	return false
}

// later keeps a message of c until the last piece; it counts as buffered. false when
// there is no room for it. c.mu is held.
func (f *form) later(c *Conn) bool {
	switch {
	case !c.block.Open():
		return false
	case c.layDown(f.waiting(), true) != nil:
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
	if r == nil || !r.shelf.HasBetween() {
		return
	}
	s := c.tls.Load()
	for r.shelf.HasBetween() && c.block.Open() {
		e := r.shelf.NextBetween()
		if e.First&rsv1 != 0 {
			c.rare.compression().published() // the pieces had to go before it
		}
		if c.mustWait() { // behind what may still be dropped
			c.makesRoom(r.shelf.Lay(&c.w.engine.pool, e, false))
			c.block.Set(border.OutEarly)
			c.watch(true)
			continue
		}
		c.block.Taken(e.Size) // it is counted anew as it goes
		c.sendOne(s, e)
	}
	if s == nil {
		c.settleQueue()
	} else {
		c.flushNow()
	}
}
