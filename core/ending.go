// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/wire"
)

// The end of a connection, and of its handle.

// Destroy ends the connection at once, RFC 6455 7.1.1 notwithstanding: pending
// completions fail, close follows if open was delivered, then the destroyed
// event. Any thread.
func (c *Conn) Destroy() {
	c.mu.Lock()
	if c.destroyed {
		c.mu.Unlock()
		return
	}
	c.destroyed = true
	if c.block != nil {
		c.block.kill()
		c.block.clear(outOpen)
	}
	pending := c.cancelAttempt()
	c.mu.Unlock()
	c.w.loop.Post(func() {
		c.w.current = c
		c.w.complete(c.block.Slot, OpConnect, pending, errDestroyed)
		c.abort(errDestroyed)
	})
}

var errDestroyed = &Error{ID: IDCancelled, Text: "the handle was destroyed"}

// abort ends a connection for good, without a closing handshake.
func (c *Conn) abort(why *Error) {
	if c.phase == phaseReleased {
		return
	}
	if c.block != nil {
		atomic.OrUint32(&c.block.life, lifeCut)
		c.w.resumed(c.block)
	}
	c.flushHeld()
	switch {
	case c.phase == phaseGone:
	case c.block == nil:
		c.drop()
	default:
		c.finish(why, RecordFinal)
		if c.phase != phaseGone {
			c.gone(RecordFinal)
		}
	}
}

// gone records the last event of the handle.
func (c *Conn) gone(flags uint16) {
	c.phase = phaseGone
	c.w.notice(c.block.Slot, EventDestroyed, flags, c.w.detail())
	c.w.ended = append(c.w.ended, c)
}

// Ended is told by a host that delivers the events of this connection from a
// queue, when it has delivered the last one. Any thread.
func (c *Conn) Ended() { c.w.loop.Post(c.released) }

// released is called when the last event has been delivered.
func (c *Conn) released() {
	c.phase = phaseReleased
	c.mu.Lock()
	c.destroyed = true // the block is about to change hands: nobody may touch it through c
	c.mu.Unlock()
	if c.server != nil {
		c.server.remove(c)
		c.w.engine.host.Release(c.block)
		c.server.settle()
		return
	}
	c.w.engine.host.Release(c.block)
	c.w.engine.removeClient(c)
}

// finish gives back what the connection holds and records its end: what was not
// sent fails with why, then the completion of ws_close, then close. flags is
// RecordFinal when the handle was destroyed.
func (c *Conn) finish(why *Error, flags uint16) {
	w := c.w
	c.mu.Lock()
	e := c.end
	open := c.sock.Open()
	told := open && !c.unanswered() // the host has heard that it is open
	c.forgetDirect()
	c.sock.Close()
	tx := c.tx
	c.tx = nil
	c.end = nil
	z := c.takeCompression()
	c.forgetTLS()
	c.storePaused(c.paused &^ (pausedByMemory | pausedByMark))
	d := w.detail()
	d.Code = int32(wire.CloseAbnormal)
	if e != nil && e.received {
		d.Code = int32(e.code)
	}
	again, dropped := c.afterEnd(open && flags == 0, uint16(d.Code))
	c.mu.Unlock()
	z.close()
	c.forgetDecoder(z)
	c.unsubscribeAll()
	w.engine.unparked(c)
	c.endVigil()
	c.forgetIncoming()
	lost := why
	if tx != nil {
		c.holdsQueue(tx, false)
		c.failSends(tx, why)
	}
	c.tellDropped()
	c.failEarly(dropped, why)
	if e != nil {
		w.loop.Disarm(&e.timer)
		w.engine.pool.Put(e.head)
		if e.received {
			d.Reason, d.ReasonSize = w.text(e.reason), uint64(len(e.reason))
			if c.closeSent {
				d.Clean = 1
				why = nil
			}
		}
		w.complete(c.block.Slot, OpClose, e.done, why)
	}
	if open {
		c.left(e)
	}
	c.handshakeOver(e)
	if told {
		c.countClosed()
		if again != nil {
			d.Reconnects = 1
		}
		w.notice(c.block.Slot, EventClose, flags, d)
	}
	c.phase = phaseIdle
	if again != nil {
		again.wait(lost)
	}
	if c.server != nil {
		c.gone(flags)
	}
}

// afterEnd sets the state after the end of a connection. again: the client connects
// anew; dropped are the messages that are not kept for that. c.mu is held.
func (c *Conn) afterEnd(lost bool, code uint16) (again *retry, dropped []early) {
	c.cutPieces()
	q := c.client()
	if q != nil && lost && !c.destroyed && q.retry != nil && !q.retry.backoff.Policy.FinalClose(code) {
		again = q.retry
		again.ended()
	}
	state, out := Closed, uint64(0)
	switch {
	case q == nil:
		dropped = c.takeEarly()
	case again != nil && q.keep:
		state = Connecting
		dropped = c.takeTorn()
		out = c.needRare().waits
	default:
		dropped = c.takeEarly()
		q.retry = again
		if again != nil {
			state = Connecting
		}
	}
	if state == Connecting && !q.options.RefuseEarly {
		out |= outEarly
	}
	atomic.StoreUint64(&c.block.out, out)
	c.block.setState(state)
	return again, dropped
}

// forgetIncoming gives the buffers of an incomplete message back.
func (c *Conn) forgetIncoming() {
	if c.rx != nil {
		c.holds(0)
		c.w.engine.pool.Put(c.rx.message)
		if a := c.rx.aside; a != nil {
			c.w.engine.pool.Put(a.pongs)
			c.w.asides.keep(a)
		}
		c.w.incomings.keep(c.rx)
		c.rx = nil
	}
	c.forgetDecoder(c.compression())
}
