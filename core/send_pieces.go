// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
)

// pieces is a message that is being sent in pieces.
type pieces struct {
	op    ws.OpCode // 0: there is none
	bytes int64     // so far
	text  wire.Text
	// packed: it goes compressed, which its first piece decided.
	packed bool
	// cut: the connection ended in the middle. The next piece is refused, so that it
	// is not taken for the first one of another message.
	cut bool
}

// part is the next piece, and what the message is with it.
type part struct {
	begins, ends bool
	after        pieces
}

var errCut = &fault.Error{ID: fault.IDState, Text: "handle: the connection ended in the middle of the message; begin it anew"}

// cutPieces ends a message of c that is being sent in pieces with its connection; r is its rare,
// which may be nil. c.mu is held.
func (r *rare) cutPieces(c *Conn) {
	if r == nil {
		return
	}
	r.sending.cutOff()
	for _, e := range r.shelf.TakeBetween() {
		e.Free(&c.w.engine.pool)
		c.block.Taken(e.Size)
	}
}

var errOthersPieces = &fault.Error{ID: fault.IDState, Text: "handle: another thread sends pieces of a message at the same time"}

var errPieces = &fault.Error{ID: fault.IDState, Text: "handle: a message is being sent in pieces; end it by ws_send_part first"}

// SendPart sends the next piece of a message, a fragment (RFC 6455 5.4); ends says
// that it is the last one. Control frames may go between the pieces, other messages
// not. Any thread, but the pieces of one message are for the caller to order.
func (c *Conn) SendPart(op ws.OpCode, data []byte, ends bool, done border.Completion) *fault.Error {
	defer c.passesHeld()
	defer c.breaks()
	now, err := c.begunPieces()
	if err != nil {
		return err
	}
	p := &part{begins: now.op == 0, ends: ends, after: now}
	p.after.op = op
	p.after.bytes += int64(len(data))
	switch {
	case !p.begins && op != now.op:
		return fault.Refused(fault.IDParameter, "type: the pieces of a message have one type, and the first had the other")
	case p.after.bytes > c.options().MaxSend:
		return c.options().TooLarge(p.after.bytes)
	case op == ws.OpText && (!p.after.text.Write(data) || ends && !p.after.text.Whole()):
		return fault.Refused(fault.IDParameter, "data: the message is not valid UTF-8, which WS_TEXT must be (RFC 6455 8.1)")
	}
	first := byte(ws.OpContinuation)
	if p.begins {
		first = byte(op)
	}
	if ends {
		first |= wire.Fin
	}
	if z := c.rare.compression(); z != nil && p.packs(z, len(data)) {
		if p.begins {
			first |= rsv1
		}
		p.after.packed = true
		if err := z.send(first, data, done, p); err != errPlain {
			return err
		}
		first &^= rsv1
		p.after.packed = false
	}
	return c.send(nil, first, data, done, p)
}

// begunPieces is what has been sent of the message whose next piece comes, for mayFollow to
// compare when it gets its place.
func (c *Conn) begunPieces() (pieces, *fault.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rare.need()
	switch s := c.block.State(); {
	case c.destroyed:
		return pieces{}, c.server.stale()
	case s != border.StateOpen && s != border.StateConnecting || c.block.Load()&(border.OutOpen|border.OutEarly) == 0:
		r.sending = pieces{} // the host knows now that it is cut
		return pieces{}, errNotOpen
	}
	return r.sending, nil
}

// mayFollow tells whether a frame may come next on the way of c: p, or a whole message when p
// is nil. c.mu is held, and TLS locked for output, until accepted.
func (c *Conn) mayFollow(p *part) *fault.Error {
	r := c.rare.Load()
	if r == nil {
		return nil
	}
	if err := r.sending.follows(p); err != nil || p == nil || !p.begins || p.ends {
		return err
	}
	c.block.Clear(border.OutFast) // the host may put no message between the pieces
	c.endDirect()
	return nil
}

// follows is mayFollow for what is being sent.
func (m *pieces) follows(p *part) *fault.Error {
	switch {
	case p == nil && m.op == 0:
	case p != nil && m.cut:
		m.cut = false
		return errCut
	case p == nil:
		return errPieces
	case p.begins != (m.op == 0), !p.begins && (p.after.op != m.op || p.after.packed != m.packed):
		return errOthersPieces
	}
	return nil
}

// cutOff ends the message with its connection.
func (m *pieces) cutOff() {
	if m.op != 0 {
		*m = pieces{cut: true}
	}
}

// noteSent notes that a frame was accepted, if err is nil, and returns err. c.mu is
// held.
func (c *Conn) noteSent(p *part, err *fault.Error) *fault.Error {
	switch {
	case p == nil:
	case err == nil && !p.ends:
		c.rare.Load().sending = p.after
	case err == nil || p.begins || err.ID == fault.IDState: // the host knows that it is cut
		c.rare.Load().sending = pieces{}
		c.sendBetween()
		c.mayCork()
	}
	return err
}

// corkMax is the largest message that the host corks; it does not look at MaxSend and MaxFrame.
const corkMax = 64 << 10

// mayCork lets the host cork again, unless something forbids it. c.mu is held.
func (c *Conn) mayCork() {
	if c.server != nil && !c.destroyed && c.rare.tallied() == nil && c.rare.compression() == nil && c.block.Open() && c.options().MaxSend >= corkMax && (c.options().Frame() == 0 || c.options().Frame() >= corkMax) &&
		!c.waitsWhole() { // what is corked is no whole message any more
		flags := uint64(border.OutFast)
		if c.tls.Load() != nil {
			flags |= border.OutSecure
		}
		c.block.Set(flags)
	}
}

// A message in pieces goes compressed or not as a whole (RFC 7692 6.1): its first frame
// alone has RSV1. The first piece decides. What follows is not known yet, so a small one
// says little: only one that could shrink, and does not, leaves the message as it is. A
// piece alone is a message like any other.
//
// Each piece is compressed and flushed when it is sent, so nothing of it stays behind. It
// refers to those before it with takeover only: without, a history would have to be kept
// between the calls.

// packs tells whether a piece of size bytes is to be compressed.
func (p *part) packs(z *compression, size int) bool {
	switch {
	case !p.begins:
		return p.after.packed
	case p.ends:
		return size >= z.minSize
	}
	return true
}

// mayBePlain tells whether the message has not begun compressed. p is nil for a whole one.
func (p *part) mayBePlain() bool { return p == nil || p.begins }

// orPlain is err for the piece of a message that has begun compressed, and for the begin of
// one that it may go as it is.
func (p *part) orPlain(err *fault.Error) *fault.Error {
	if p.mayBePlain() {
		return errPlain
	}
	return err
}

// pack compresses a message, or a piece of one; false when it is better sent as it is.
// z.mu is held, with takeover.
func (z *compression) pack(buffer, data []byte, p *part) (payload []byte, ok bool) {
	if p == nil || p.begins && p.ends {
		return z.out.Append(buffer, data)
	}
	payload, smaller := z.out.AppendPart(buffer, data, p.ends)
	return payload, smaller || !p.begins || len(data) < z.minSize
}
