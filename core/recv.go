// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"syscall"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
	"libws/core/wire"
)

// readFrames takes one read's worth of bytes; epoll tells when there is more.
func (c *Conn) readFrames() {
	if c.rx.readsDirect(&c.parser) {
		c.readMessage()
		return
	}
	p := c.w.readSpace()
	if c.phase != phaseOpen {
		return // a callback of the dispatched batch ended it
	}
	if pool := &c.w.engine.pool; pool.Tight() {
		p = p[:min(len(p), pool.Scant())]
	}
	n, errno := c.recv(p)
	if n <= 0 {
		c.readEnded(errno)
		return
	}
	c.signOfLife()
	c.w.reads.fill += n + 1 // the NUL behind the last message must not hit the next read
	c.feed(p[:n])
	c.w.reads.was(n, len(p), c.rx.readsDirect(&c.parser))
}

// readMessage reads into the buffer of a large message, so that its bytes are
// not copied.
func (c *Conn) readMessage() {
	have := len(c.rx.message)
	left := c.parser.Remaining()
	if !c.growMessage(have+reserveAhead(c.w.engine.pool.Tight(), have, left), have+int(min(left, readSize))) {
		return
	}
	b := c.rx.message
	n, errno := c.recv(b[have:min(cap(b), have+int(min(c.parser.Remaining(), maxRead)))])
	if n <= 0 {
		c.readEnded(errno)
		return
	}
	c.signOfLife()
	c.feed(b[have : have+n])
}

// signOfLife is a sign of life of the peer.
func (c *Conn) signOfLife() {
	c.pulse.signs |= signBytes
	if v := c.rare.watched(); v != nil {
		v.alive()
	}
}

// maxRead bounds a read into a message's buffer, so that one fast peer does not
// hold up the others of the loop.
const maxRead = 1 << 20

// readEnded handles a read that gave nothing.
func (c *Conn) readEnded(errno syscall.Errno) {
	var e *fault.Error
	switch {
	case errno == loop.EAGAIN:
		return
	case errno == syscall.EPROTO && c.tls.Load() != nil:
		e = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageTLS, Text: fmt.Sprintf("reading from %s: %v", c.peer.String(), c.tls.Load().err)}
	case errno != 0:
		e = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageIO, Errno: errno, Text: fmt.Sprintf("reading from %s: %v", c.peer.String(), errno)}
	default:
		where := ""
		if c.parser.MidFrame() {
			where = " inside a frame"
		} else if c.parser.MidMessage() {
			where = " inside a fragmented message"
		}
		e = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageIO, Text: fmt.Sprintf("%s ended the TCP connection%s without a Close frame", c.peer.String(), where)}
	}
	c.afterDelivery(nil, func() { c.lost(e) })
}

// feed parses bytes in place and acts on what they say. They lie outside the Go
// heap, in the worker's buffer or in a buffer that outlives the batch.
func (c *Conn) feed(b []byte) {
	w := c.w
	for len(b) > 0 {
		var bad *wire.Error
		b, bad = c.whole(b)
		if len(b) > 0 && len(w.records) < recordsCut {
			n, chunk := 0, wire.Chunk{}
			if chunk, n, bad = c.chunk(b, bad); bad != nil {
				c.broken(b, bad)
				return
			}
			b = b[n:]
			if w.cut != nil {
				c.rare.compression().putOff(&chunk, b)
				break
			}
		}
		if len(w.records) >= recordsCut {
			w.flushBefore(b)
		}
		if c.phase != phaseOpen {
			return
		}
	}
	if c.rx != nil {
		c.sendPongs()
		c.rx = c.rx.rest(c.w)
	}
}

// broken ends a connection whose peer has broken a rule by that with which b begins, or speaks no
// WebSocket at all: behind some answers 101 the server behind a proxy speaks HTTP.
func (c *Conn) broken(b []byte, bad *wire.Error) {
	if line := handshake.Answer(b); line != "" && c.server == nil {
		bad = &wire.Error{Code: bad.Code, Text: "no frame but HTTP came behind the answer 101: " + line}
	}
	c.sendPongs() // to the pings before it, RFC 6455 5.5.2
	c.afterDelivery(nil, func() { c.violated(bad) })
}

// whole records the messages at the beginning of b that lie wholly in it, and returns
// what follows them; bad is the violation with which that begins, if it is known.
func (c *Conn) whole(b []byte) (rest []byte, bad *wire.Error) {
	w := c.w
	before, bytes, at := len(w.records), 0, 0
	flags := uint16(0)
	if c.server != nil {
		flags = border.RecordHeadroom
	}
	for at < len(b) && len(w.records) < recordsCut {
		payload, text, next, err := c.parser.Whole(b, at)
		if next == at || err != nil {
			bad = err
			break
		}
		w.piece(c, text, payload, flags)
		bytes += len(payload)
		at = next
	}
	if n := uint64(len(w.records) - before); n > 0 {
		c.pulse.signs |= signMessage
		if t := c.rare.tallied(); t != nil {
			t.received(n, bytes)
		}
		if s := c.server.shard(c.w); s != nil {
			s.received(w, n, uint64(bytes))
		}
	}
	return b[at:], bad
}

// chunk takes the next piece of a frame from b in the general way, unless it is
// known to be bad, and returns it with how many bytes it took.
func (c *Conn) chunk(b []byte, bad *wire.Error) (chunk wire.Chunk, n int, _ *wire.Error) {
	if bad != nil {
		return chunk, 0, bad
	}
	chunk, n, bad = c.parser.Next(b)
	if t := c.rare.tallied(); t != nil && bad == nil && chunk.Ok {
		t.chunk(&chunk)
	}
	if s := c.server.shard(c.w); s != nil && bad == nil && chunk.Ok {
		s.chunk(c.w, &chunk)
	}
	if chunk.Flags&wire.MessageEnd != 0 {
		c.pulse.signs |= signMessage
	}
	switch {
	case bad != nil || !chunk.Ok:
	case chunk.Op.IsControl():
		c.control(&chunk, b[n:])
	case c.crumbles(&chunk):
	case chunk.Flags&(wire.Packed|wire.Skipped) == wire.Skipped:
		c.skip(&chunk)
	case chunk.Flags&wire.Packed != 0:
		bad = c.rare.compression().unpack(&chunk)
	case chunk.Flags&(wire.MessageStart|wire.MessageEnd) == wire.MessageStart|wire.MessageEnd:
		c.w.message(c, chunk.Op == ws.OpText, chunk.Payload)
	case c.options().Pieces:
		c.w.part(c, &chunk)
	default:
		c.collect(&chunk)
	}
	return chunk, n, bad
}

// part records a part of a message that the host wants as it comes.
func (w *worker) part(c *Conn, chunk *wire.Chunk) {
	flags := uint16(border.RecordPartMiddle)
	switch {
	case chunk.Flags&wire.MessageStart != 0:
		flags = border.RecordPartBegin
	case chunk.Flags&wire.MessageEnd != 0:
		flags = border.RecordPartEnd
	case len(chunk.Payload) == 0:
		return
	}
	w.piece(c, chunk.Op == ws.OpText, chunk.Payload, flags)
}

func (c *Conn) incoming() *incoming {
	if c.rx == nil {
		c.rx = c.w.incomings.take()
	}
	return c.rx
}

// collect adds a piece of an incomplete message, and records the message when
// it is whole.
func (c *Conn) collect(chunk *wire.Chunk) {
	rx := c.incoming()
	if chunk.Flags&wire.MessageStart != 0 {
		rx.partial, rx.text = true, chunk.Op == ws.OpText
	}
	if least := len(rx.message) + len(chunk.Payload); !rx.has(chunk.Payload) {
		// Small frames get their room at once, large ones as their bytes arrive.
		want := least + reserveAhead(c.w.engine.pool.Tight(), least, chunk.Left)
		if least > cap(rx.message) && !c.growMessage(want, least) {
			return
		}
		rx.message = append(rx.message, chunk.Payload...)
	}
	if chunk.Flags&wire.MessageEnd != 0 {
		c.w.message(c, rx.text, rx.message)
		c.w.release = append(c.w.release, rx.message)
		rx.message, rx.partial = nil, false
		c.w.engine.usesMessage(c, 0)
	}
}

// growMessage makes room for want bytes of message, for least when memory is
// short. Without memory for that the connection that uses the most ends; false
// when that is this one.
func (c *Conn) growMessage(want, least int) bool {
	pool := &c.w.engine.pool
	for {
		err := c.rx.grow(pool.Grow, want)
		if err != nil && least < want {
			err = c.rx.grow(pool.Grow, least)
		}
		if err == nil {
			c.w.engine.usesMessage(c, cap(c.rx.message))
			if least <= readSize || !c.block.Queued() || pool.Fits(least) {
				return true
			}
			err = loop.ErrBudget // the copy that the host's queue makes must fit as well
		}
		switch c.w.engine.relieve(c, least, err) {
		case reliefHere:
		case reliefElsewhere:
			if c.rx.grow(pool.Overdraw, least) == nil {
				c.w.engine.usesMessage(c, cap(c.rx.message))
				return true
			}
			c.meets(onShort, &occasion{err: err, crowded: true})
			return false
		case reliefEnded:
			return false
		}
	}
}

var _ loop.Handler = (*Conn)(nil)
