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

// readFrames takes one read's worth of bytes, and one more of a large message that has filled it;
// epoll tells when there is more.
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
	c.pulse.beats(c.rare.watched())
	c.w.reads.fill += n + 1 // the NUL behind the last message must not hit the next read
	c.feed(p[:n])
	large := c.rx.readsDirect(&c.parser)
	c.w.reads.was(n, len(p), large)
	if large && n == len(p) && n >= readSize && c.phase == phaseOpen && !c.stopped(0) {
		c.readMessage() // it is whole at once, mostly: then few buffers are in use, and these stay warm
	}
}

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
	messages, bytes := 0, 0
	for bad == nil && len(w.records) < recordsCut {
		found := w.found[:min(len(w.found), recordsCut-len(w.records))]
		n, next, err := c.parser.Wholes(b, found)
		bytes += w.messages(c, b, found[:n])
		messages += n
		b, bad = b[next:], err
		if n < len(found) {
			break
		}
	}
	if messages > 0 {
		c.pulse.signs |= signMessage
		if t := c.rare.tallied(); t != nil {
			t.received(uint64(messages), bytes)
		}
		if s := c.server.shard(c.w); s != nil {
			s.received(w, uint64(messages), uint64(bytes))
		}
	}
	return b, bad
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
	switch most := c.options().Floods.Fragments; {
	case bad != nil || !chunk.Ok:
	case chunk.Op.IsControl():
		c.control(&chunk, b[n:])
	case most != 0 && c.incoming().crumbles(&chunk, most):
		c.refused("a message in more than %d frames (max_fragments)", most)
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
		c.w.lend(rx.message)
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

// beginSkip gives back what there is of the message that is over the limit.
func (c *Conn) beginSkip() *skipping {
	s := &c.rare.need().skipping
	if s.on {
		return s
	}
	*s = skipping{on: true}
	if rx := c.rx; rx != nil {
		s.size = uint64(len(rx.message))
		c.w.engine.pool.Put(rx.message)
		rx.message = nil
		c.w.engine.usesMessage(c, 0)
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
		c.w.skipped(c, chunk.Op == ws.OpText)
	}
}

// skipped records that a message that was skipped is over.
func (w *worker) skipped(c *Conn, text bool) {
	s := &c.rare.need().skipping
	d := w.detail()
	if d.Skipped, d.Message = s.size, 2; text {
		d.Message = 1
	}
	*s = skipping{}
	if t := c.rare.tallied(); t != nil {
		t.skipped.Add(1)
	}
	if c.server != nil {
		c.server.figures.skipped.Add(1)
	}
	w.notice(c.block.Slot, border.EventSkipped, 0, d)
}

// Reads begin with what is enough for nearly all, and grow while connections fill them with
// messages that are whole: a peer with much on its way is read in few system calls. The larger
// buffer is one of the pool, lent for a round, so that it goes back to the system when no round
// wants it any more.

const (
	readSize   = 64 << 10           // most bytes of one read into the shared buffer ...
	readWide   = 512 << 10          // ... and while reads of that size were filled
	readCut    = 64 << 10           // a batch is dispatched when its reads fill this much
	readBuffer = readCut + readSize // and one read more may follow
)

// readPatience is how many reads that give little a wide one outlives.
const readPatience = 8

// readSpace is where the reads of a round go. The loop's.
type readSpace struct {
	buf  []byte // outside the Go heap; one spare byte behind
	wide []byte // of the pool, instead of buf; nil when nobody fills that
	fill int    // bytes that records of the batch point into
	most int    // of a read
	few  int    // reads in a row that were small

	large int // bytes of messages of the batch that lie in buffers of their own
}

// next is the space for a read of up to so many bytes.
func (r *readSpace) next() []byte {
	b := r.buf
	if r.wide != nil {
		b = r.wide
	}
	return b[r.fill:min(r.fill+r.most, len(b))]
}

// was notes how many bytes of the room of a read came; large: the rest of a message is read to where
// it belongs, so more room would only be another copy.
func (r *readSpace) was(n, room int, large bool) {
	switch {
	case n == room && room >= readSize && !large:
		r.most, r.few = readWide, 0
	case n >= readSize:
		r.few = 0
	case r.most > readSize:
		if r.few++; r.few >= readPatience {
			r.most, r.few = readSize, 0
		}
	}
}

// readSpace returns space for a read. It may dispatch the batch, so the caller checks that its
// connection still lives.
func (w *worker) readSpace() []byte {
	if w.reads.fill >= readCut || w.reads.large >= readCut || len(w.records) >= recordsCut {
		w.flush()
		w.reads.fill = 0
	}
	if pool := &w.engine.pool; w.reads.most > readSize && w.reads.wide == nil && pool.Ample(readCut+readWide) {
		if b, err := pool.Get(readCut + readWide); err == nil {
			w.reads.wide = b[:cap(b)]
		}
	}
	return w.reads.next()
}

// readOver ends a round, whose batches are dispatched.
func (w *worker) readOver() {
	w.reads.fill = 0
	if w.reads.wide != nil {
		w.engine.pool.Put(w.reads.wide[:0])
		w.reads.wide = nil
	}
}
