// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"sync/atomic"

	"libws/core/border"
	"libws/core/debug"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/shelf"
	"libws/core/wire"
)

// The end of a connection, and of its handle.

// Destroy ends the connection at once, RFC 6455 7.1.1 notwithstanding: pending
// completions fail, close follows if open was delivered, then the destroyed
// event. Any thread.
func (c *Conn) Destroy() {
	debug.Point("destroy")
	locked := take(&c.mu)
	defer locked.end()
	if c.destroyed {
		return
	}
	c.destroyed = true
	if c.block != nil {
		c.block.Kill()
		c.block.Clear(border.OutOpen)
	}
	pending := c.rare.client().cancelAttempt()
	locked.end()
	c.w.loop.Post(func() {
		debug.Point("task")
		c.w.current = c
		c.w.complete(c.block.Slot, border.OpConnect, pending, errDestroyed)
		c.meets(onDestroy, &occasion{why: errDestroyed})
	})
}

var errDestroyed = &fault.Error{ID: fault.IDCancelled, Text: "the handle was destroyed"}

// cutHeld ends a pause: of what it holds messages are dropped, the ends remain.
func (c *Conn) cutHeld() {
	if c.block != nil {
		c.block.Says(border.LifeCut, true)
		c.w.resumed(c.block)
	}
	c.w.deliverHeld(c, border.RecordFinal)
}

// gone records the last event of the handle.
func (c *Conn) gone(flags uint16) {
	c.phase.become(phaseGone)
	locked := take(&c.mu)
	defer locked.end()
	waiting := c.rare.posts().takeAll() // Post refuses from here on
	locked.end()
	for _, p := range waiting {
		p.end()
	}
	c.w.notice(c.block.Slot, border.EventDestroyed, flags, c.w.detail())
	c.w.ended = append(c.w.ended, c)
}

// Ended is called by a host that delivers the events of this connection from a
// queue, when it has delivered the last one. Any thread.
func (c *Conn) Ended() {
	debug.Point("post")
	c.w.releaseBehind(c.released)
}

// released is called when the last event has been delivered, and no record of a batch names
// the slot any more: see releaseBehind.
func (c *Conn) released() {
	if r := c.rare.Load(); c.server != nil && r != nil && c.server.leaver.lingers(&r.member) {
		return
	}
	c.w.engine.slack.Freed(connSize)
	debug.Point("phase")
	c.phase.become(phaseReleased)
	locked := take(&c.mu)
	defer locked.end()
	c.destroyed = true // the block is about to change hands: nobody may touch it through c
	locked.end()
	if c.server != nil {
		c.server.remove(c)
		c.w.engine.host.Release(c.block)
		c.server.settle()
		return
	}
	c.w.engine.host.Release(c.block)
	c.w.engine.removeClient(c)
}

// connSize is about what a connection takes, with what it needs for a while.
const connSize = 512

// finish gives back what the connection holds and records its end: what was not
// sent fails with why, then the completion of ws_close, then close. flags is
// RecordFinal when the handle was destroyed.
func (c *Conn) finish(why *fault.Error, flags uint16) {
	w := c.w
	locked := takeBoth(c)
	defer locked.end()
	if c.block != nil {
		c.endDirect() // nothing more is gathered
	}
	c.sendHeld(locked.out)
	e := c.ends
	open := c.sock.Open()
	opened := open && !c.unanswered() // the open event was recorded
	if c.block != nil {
		c.w.direct(c.block).forget()
	}
	arrived := c.rare.client().takeAcknowledged()
	tx := c.tx
	c.paused.set(c.block, pausedByMemory|pausedByMark, false)
	d := w.detail()
	d.Code = int32(wire.CloseAbnormal)
	if e != nil && e.close.received {
		d.Code = int32(e.close.code)
	}
	again, dropped, lostSends := c.afterEnd(open && flags == 0, why != errRelieved, uint16(d.Code)) // fits: a close code
	c.tx, c.ends = nil, nil
	w.engine.relief.listOutput(c, false)
	z := c.rare.Load().takeCompression()
	c.tls.Load().forget()
	c.sock.Close() // at last: until then all of it can be tried again
	clean := c.closeSent
	locked.end()
	w.spared(func() {
		c.rare.client().tellAcknowledged(arrived, nil)
		c.rare.client().tellAcknowledged(lostSends, why)
	})
	w.spared(func() {
		unsubscribeAll(c)
		c.w.unparked(c)
		c.rare.watched().end()
		z.close()
		z.forgetLater()
		z.forgetDecoder()
		c.forgetIncoming()
	})
	lost := why
	if tx != nil {
		w.spared(func() { tx.fail(w, c.block, why) })
	}
	w.spared(func() { c.tellDropped(); c.w.failEarly(c.block, dropped, why) })
	if e != nil {
		w.loop.Disarm(&e.timer)
		e.begin.in.Forget(&w.engine.pool)
		if e.close.received {
			d.Reason, d.ReasonSize = w.text(e.close.reason), uint64(len(e.close.reason))
			if clean {
				d.Clean = 1
				why = nil
			}
		}
		w.complete(c.block.Slot, border.OpClose, e.close.done, why)
	}
	if open {
		w.left(c, e != nil && e.begin.refusal != nil)
	}
	if e != nil {
		e.begin.over()
	}
	if opened {
		w.engine.counters.closes(c.server)
		if again != nil {
			d.Reconnects = 1
		}
		w.notice(c.block.Slot, border.EventClose, flags, d)
		if w.engine.journal.Wants(journal.Debug) {
			c.log(journal.Debug, "%s: closed with code %d", c.peer.String(), d.Code)
		}
	}
	c.phase.become(phaseIdle)
	if again != nil {
		again.wait(lost)
	}
	if c.server != nil {
		c.gone(flags)
	} else if w.engine.isEnding() {
		c.Destroy()
	}
}

// afterEnd sets the state after the end of a connection. again: the client connects
// anew; dropped are the messages that are not kept for that, and gone those among them that have
// left. keeps is false when it ends for the memory that they take. c.mu is held.
func (c *Conn) afterEnd(lost, keeps bool, code uint16) (again *retry, dropped []shelf.Message, gone []shelf.Message) {
	gone = c.rare.client().takeUnacked()
	c.rare.Load().cutPieces(c)
	q := c.rare.client()
	if q != nil && lost && !c.destroyed && q.retry != nil && q.retry.ended(code) {
		again = q.retry
	}
	state, out := border.StateClosed, uint64(0)
	switch {
	case q == nil:
		dropped = c.takeEarly()
	case again != nil && q.keep && keeps:
		state = border.StateConnecting
		r := c.rare.need()
		c.w.engine.counters.replaces(c.server, r.shelf.Again(&c.w.engine.pool, gone))
		gone, dropped = nil, r.shelf.TakeTorn()
		out = r.shelf.Waits
	default:
		dropped = c.takeEarly()
		q.retry = again
		if again != nil {
			state = border.StateConnecting
		}
	}
	if state == border.StateConnecting && !q.options.RefuseEarly {
		out |= border.OutEarly
	}
	atomic.StoreUint64(&c.block.Out, out)
	c.block.SetState(state)
	return again, dropped, gone
}

// forgetIncoming gives the buffers of an incomplete message back.
func (c *Conn) forgetIncoming() {
	if c.rx != nil {
		c.w.engine.usesMessage(c, 0)
		if c.rx.awaits > 0 && c.sock.Open() {
			c.sock.Await(1)
		}
		c.rx.forget(c.w)
		c.rx = nil
	}
	c.rare.compression().forgetDecoder()
}

var errNotOpened = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageUpgrade, Text: "the connection ended before it was open"}

// drop closes a connection that never was open. The host does not know it, unless it has
// a handle because of a request.
func (c *Conn) drop() {
	if c.phase >= phaseGone {
		return
	}
	if c.block != nil {
		c.finish(errNotOpened, 0)
		return
	}
	c.phase.become(phaseGone)
	locked := takeBoth(c)
	defer locked.end()
	ends := c.ends
	c.ends = nil
	c.tls.Load().forget()
	c.sock.Close()
	locked.end()
	h := &ends.begin
	if h.cancel != nil {
		h.cancel()
	}
	c.w.loop.Disarm(&ends.timer)
	h.in.Forget(&c.w.engine.pool)
	c.w.left(c, h.refusal != nil)
	h.over()
	c.w.ends.keep(ends)
	c.server.remove(c)
	c.server.settle()
}

// broke ends a connection because of a panic. What is damaged may panic again meanwhile: then
// the connection goes without it. The loop's.
func (c *Conn) broke(value any) {
	why := &fault.Error{ID: fault.IDInternal, Stage: dial.StageProtocol, Text: fmt.Sprintf("internal error: %v", value)}
	if c.w.spared(func() { c.lost(why) }) || c.phase == phaseIdle || c.phase >= phaseGone {
		return
	}
	c.w.spared(func() { // what is damaged is forgotten: its memory is lost
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tx, c.rx = nil, nil
		c.rare.Load().scrap()
	})
	c.w.spared(func() {
		if c.block == nil {
			c.drop()
		} else {
			c.finish(why, 0)
		}
	})
}

// breaks is deferred by what hosts call: a panic goes on to them, and the connection ends,
// because nobody knows how far it has come.
func (c *Conn) breaks() {
	if v := recover(); v != nil {
		c.w.loop.Post(func() { c.broke(v) })
		panic(v)
	}
}

// usage is how many bytes would be free if the connection ended.
func (c *Conn) usage() int {
	n := c.output()
	if c.rx != nil {
		n += cap(c.rx.message)
	}
	if z := c.rare.compression(); z != nil {
		n += z.kept()
	}
	return n
}
