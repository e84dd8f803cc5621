// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// Close is CloseWith code and reason.
func (c *Conn) Close(code uint16, reason string, done border.Completion) *fault.Error {
	return c.CloseWith(config.CloseOptions{Code: code, Reason: reason}, done)
}

// CloseWith starts the closing handshake (RFC 6455 7.1.2): what was sent before
// goes out first. While connecting it cancels the attempt. Any thread.
func (c *Conn) CloseWith(o config.CloseOptions, done border.Completion) *fault.Error {
	defer c.breaks()
	if err := o.Fill(); err != nil {
		return err
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	switch {
	case c.destroyed:
		return c.server.stale()
	case c.block == nil: // the loop's own call, nobody else knows it
		return errNotOpen
	case c.unanswered():
		return errUnanswered
	case c.block.State() == border.StateConnecting:
		c.rare.client().cancelConnect(done, errConnectCancelled)
		return nil
	case c.block.State() != border.StateOpen || c.closeSent || c.block.Asked(border.LifePostedAbort):
		// The last: it was aborted before it opened, and its loop is on the way to that.
		return fault.Refused(fault.IDState, "handle: the connection is not open (ws_connect comes first), or is closing already")
	}
	if c.ends == nil {
		c.ends = newEnds(c)
	}
	c.ends.close.done = done
	c.ends.close.patience = o.Timeout
	if q := c.rare.client(); q != nil { // what waits goes out first, and then nothing follows
		q.retry, q.keep = nil, false
	}
	if c.sendClose(s, o.Code, []byte(o.Reason)) {
		c.comes(onCloseSaid, nil)
	}
	return nil
}

var errAborted = &fault.Error{ID: fault.IDCancelled, Text: "the connection was ended by ws_abort"}

// Abort ends the connection at once, without a closing handshake. Any thread.
func (c *Conn) Abort() *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		return c.server.stale()
	case c.block.State() == border.StateClosed:
		return fault.Refused(fault.IDState, "handle: is not connected; ws_connect comes first")
	case c.unanswered():
		c.post(border.LifePostedAbort, onAbort)
		return nil
	case c.block.State() == border.StateConnecting:
		c.rare.client().cancelConnect(border.Completion{}, errConnectAborted)
		return nil
	}
	if c.rare.client() != nil {
		c.rare.client().retry = nil
	}
	c.block.Clear(border.OutOpen)
	c.block.SetState(border.StateClosing)
	c.post(border.LifePostedAbort, onAbort)
	return nil
}

// sendClose sends our Close frame behind all that waits; only pongs may follow, see
// sendPongs. False when it was sent before, or somebody has ended the connection at once, also
// while s encrypted: what waits is not sent then, and the frame would say that all was. s is locked for output; c.mu is held, see emit.
func (c *Conn) sendClose(s *secure, code uint16, reason []byte) bool {
	if c.closeSent || c.block.Asked(border.LifePostedAbort) {
		return false
	}
	if q := c.rare.client(); q == nil || !q.keep {
		state := c.block.State()
		if c.sendEarly(s, true); c.block.State() != state {
			return false
		}
	}
	c.closeSent = true
	c.block.SetState(border.StateClosing)
	c.block.Clear(border.OutOpen)
	if t := c.rare.tallied(); t != nil {
		t.framesOut++
	}
	var frame [wire.MaxHeader + 125]byte
	c.emit(s, wire.AppendClose(frame[:0], c.server.role(), code, reason))
	return true
}

// sayClose is sendClose for who holds no lock.
func (c *Conn) sayClose(code uint16, reason []byte) bool {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	return c.sendClose(s, code, reason)
}

// closeReceived acts on the peer's Close frame: it is answered with the same
// code, and both sides have said everything (RFC 6455 5.5.1).
func (c *Conn) closeReceived(payload []byte) {
	code, reason, bad := wire.ParseClose(payload)
	if bad != nil {
		c.violated(bad)
		return
	}
	e := &c.ensureEnds().close
	e.received, e.code, e.reason = true, code, string(reason)
	answer := code
	if code == wire.CloseNoStatus {
		answer = 0 // no payload, as the peer's
	}
	c.sayClose(answer, reason)
	c.startLingering()
}

// violated ends a connection whose peer broke the protocol.
func (c *Conn) violated(bad *wire.Error) {
	e := &fault.Error{ID: fault.IDProtocol, Stage: dial.StageProtocol, Text: fmt.Sprintf("%s: %s", c.peer.String(), bad.Text)}
	if bad.Code == wire.CloseTooBig {
		e.ID, e.Stage = fault.IDTooLarge, dial.StageLimit
		e.Text += fmt.Sprintf(" (max_message_size is %d)", c.options().MaxMessage)
	}
	c.fail(bad.Code, e)
}

// fail ends an open connection from our side (RFC 6455 7.1.7): the host gets an
// error, the peer a Close frame, and what it still sends is dropped, so that no
// reset destroys our frame before it is read.
func (c *Conn) fail(code uint16, e *fault.Error) {
	c.ensureEnds()
	if c.sayClose(code, nil) {
		e.Code = code
	}
	c.w.report(c.block.Slot, e)
	c.startLingering()
}

// startLingering waits for the end of the stream when everything was said.
func (c *Conn) startLingering() {
	c.phase.become(phaseLingering)
	c.forgetIncoming()
	c.w.loop.After(&c.ends.timer, max(c.ends.close.patience, config.DefaultCloseTimeout), c)
	c.progress()
}

// progress goes on with the end of a connection when our last frame is out: a
// server, or whoever fails the connection, half-closes; a client waits for the
// server to do it (RFC 6455 7.1.1).
func (c *Conn) progress() {
	if c.phase != phaseLingering || c.block == nil {
		return
	}
	locked := take(&c.mu)
	defer locked.end()
	out := c.tx == nil || c.tx.empty()
	locked.end()
	out = out && c.tls.Load().sayGoodbye()
	if out && (c.server != nil || !c.ends.close.received) {
		c.sock.ShutdownWrite()
	}
	switch {
	case out && c.ends.close.half:
		c.finish(errLost, 0) // nothing comes any more
	case out:
		c.w.loop.After(&c.ends.timer, lingerTimeout, c)
	}
}

// discard drops what comes after the last frame until the stream ends.
func (c *Conn) discard() {
	p := c.w.readSpace()
	if c.phase != phaseLingering {
		return
	}
	n, errno := c.recv(p)
	if n > 0 {
		if c.ends.close.dropped += n; c.ends.close.dropped < lingerMax {
			return
		}
	} else if errno == loop.EAGAIN || errno == 0 && c.ends.begin.stillAnswers() {
		return
	}
	c.end(errLost)
}

// end is finish for a connection that may have no handle.
func (c *Conn) end(why *fault.Error) {
	if c.block == nil {
		c.drop()
		return
	}
	c.finish(why, 0)
}

var (
	errLost         = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageIO, Text: "the connection ended before everything was sent"}
	errCloseTimeout = &fault.Error{ID: fault.IDTimeout, Stage: dial.StageTimeout, Text: "the peer did not answer the Close frame in time"}
)

// lost ends a connection that broke without a closing handshake: error, then
// close with 1006 (RFC 6455 7.1.5).
func (c *Conn) lost(e *fault.Error) { c.meets(onLost, &occasion{why: e}) }

// The end of a connection that comes in a read (a Close frame, a violation, the
// end of the stream) is acted on when the host got the messages before it,
// so that it can still answer them. Without a queue that is when the batch was
// dispatched, unless a pause holds some of it back: then after resume. With a
// queue a mark goes through it, and the connection is not read until the host has
// come to the mark. Who closes the connection has said the last word: then nothing
// is waited for, and ws_close keeps its deadline.

// afterDelivery runs act when the host got what came before; rest is the part
// of the read that is not parsed yet. Nothing more is parsed.
func (c *Conn) afterDelivery(rest []byte, act func()) {
	w, queued := c.w, c.block.Queued()
	if !queued {
		w.flushBefore(rest)
		if c.phase != phaseOpen {
			return
		}
	}
	if c.saidAll() || !queued && !c.rare.Load().keepsBack() {
		act()
		return
	}
	if queued {
		w.records = append(w.records, border.Record{Slot: c.block.Slot, Type: border.EventMark})
		w.named(len(w.records) - 1)
		if q := c.rare.client(); q != nil {
			q.marks++
		}
	}
	c.phase.become(phaseDelivering)
	c.ensureEnds().close.then = act
	c.setPaused(pausedByMark, true)
}

// Delivered is called by a host that delivers from a queue when it has come to an
// EventMark. Any thread.
func (c *Conn) Delivered() {
	c.w.loop.Post(func() {
		if q := c.rare.client(); q == nil || !q.marksBefore() {
			c.w.current = c
			c.meets(onDelivered, nil)
		}
	})
}

// takeThen takes away what phaseDelivering waits to do.
func (e *closing) takeThen() (act func()) {
	act, e.then = e.then, nil
	return act
}

// marksBefore tells whether the mark to which the host has come is of an earlier connection of
// the client. The loop's.
func (q *client) marksBefore() bool {
	q.marks--
	return q.marks > 0
}

// closing tells whether the closing handshake has begun. Any thread.
func (c *Conn) closing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.destroyed && c.closeSent && c.block.State() == border.StateClosing
}

// saidAll tells whether our Close frame was sent.
func (c *Conn) saidAll() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closeSent
}
