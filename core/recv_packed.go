// SPDX-License-Identifier: Apache-2.0

package core

import (
	"errors"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/deflate"
	"libws/core/wire"
)

// unpacker is the side that receives. The loop's.
type unpacker struct {
	in       *deflate.Decoder
	memory   coderMemory // of in
	inRelief int         // bytes of in that are in relief.uses
	text     wire.Text   // of the message that is being inflated
	recorded bool        // a piece of it was recorded
	later    *unread     // what waits for its turn
	waits    bool        // inflateOn is posted
}

// unpack inflates a piece of a compressed message, and records the message when it is
// whole. A violation is returned.
func (z *compression) unpack(chunk *wire.Chunk) *wire.Error {
	rx := z.c.incoming()
	if chunk.Flags&wire.MessageStart != 0 {
		rx.partial, rx.packed, rx.text = true, true, chunk.Op == ws.OpText
		z.text, z.recorded = wire.Text{}, false
	}
	return z.unpackFrom(chunk, false)
}

// unpackFrom is unpack for what is left of a piece; end: nothing, but its message ends. When
// the connection has had its share, where that was is in w.cut.
func (z *compression) unpackFrom(chunk *wire.Chunk, end bool) *wire.Error {
	c := z.c
	rx, w := c.incoming(), c.w
	defer z.fed()
	pieces := c.options().Pieces
	if chunk.Flags&wire.Skipped != 0 && !c.rare.skips() && !z.skipPacked() {
		return nil
	}
	for in := chunk.Payload; ; {
		have, n := len(rx.message), 0
		if w.share <= 0 {
			w.cut = &cutOff{in, end}
			return nil
		}
		var err error
		out := rx.message[:have:min(cap(rx.message), have+w.share)]
		if end {
			out, err = z.in.End(out)
		} else {
			out, n, err = z.in.Append(out, in)
		}
		rx.message = rx.message[:len(out)]
		w.inflated(len(out) - have)
		in = in[n:]
		if fresh := rx.message[have:]; rx.text && !z.text.Write(fresh) {
			return wire.ErrNotUTF8
		}
		var bad *wire.Error
		switch {
		case err == nil && end:
			if rx.text && !z.text.Whole() {
				return wire.ErrNotUTF8
			}
			if c.rare.skips() {
				z.skipEnd()
			} else {
				z.unpacked()
			}
			return nil
		case err == nil && chunk.Flags&wire.MessageEnd != 0:
			end = true
		case err == nil:
			if pieces && len(rx.message) > 0 {
				return z.unpackedPiece()
			}
			if c.rare.skips() && z.skipPiece() {
				z.skipRest()
			}
			return nil
		case err == deflate.ErrFull && w.share <= 0:
		case err == deflate.ErrFull && pieces && len(rx.message) >= readSize:
			if bad := z.unpackedPiece(); bad != nil || c.phase != phaseOpen {
				return bad
			}
		case err == deflate.ErrFull && len(rx.message) >= readSize && c.rare.skips():
			if !z.skipPiece() {
				return nil
			}
		case err == deflate.ErrTooBig && c.options().Skip:
			if !z.skipPacked() {
				return nil
			}
		case err == deflate.ErrFull:
			// Text grows to a few times its size; what grows more doubles as it comes.
			size := len(rx.message)
			if !c.growMessage(max(2*size, size+min(4*len(in)+minUnpacked, readSize)), size+minUnpacked) {
				return nil
			}
		case errors.As(err, &bad):
			return bad
		default:
			if !z.feed(err) {
				return nil
			}
		}
	}
}

// minUnpacked is how much room an inflater gets at least.
const minUnpacked = 256

// unpacked records a message that is whole, or the rest of one that is delivered in pieces.
func (z *compression) unpacked() {
	rx, flags := z.c.rx, uint16(0)
	if z.recorded {
		flags = border.RecordPartEnd
	}
	z.c.w.piece(z.c, rx.text, rx.message, flags)
	z.handOver()
	rx.partial, rx.packed = false, false
}

// took tells the decoder that the buffer of the message is about to go; false: the connection has
// ended for want of memory.
func (z *compression) took() bool {
	for {
		err := z.in.Took(z.c.rx.message)
		if err == nil {
			return true
		}
		if !z.feed(err) {
			return false
		}
	}
}

// unpackedPiece records what there is of a message that the host wants as it comes.
func (z *compression) unpackedPiece() *wire.Error {
	c := z.c
	if !z.took() {
		return nil
	}
	flags := uint16(border.RecordPartMiddle)
	if !z.recorded {
		flags, z.recorded = border.RecordPartBegin, true
	}
	c.w.piece(c, c.rx.text, c.rx.message, flags)
	z.handOver()
	return nil
}

// handOver leaves the buffer of a message to the batch.
func (z *compression) handOver() {
	c := z.c
	c.w.release = append(c.w.release, c.rx.message)
	c.rx.message = nil
	c.w.engine.usesMessage(c, 0)
}

// forgetDecoder gives back what a decoder keeps that nobody needs any more. The loop's; z
// may be nil.
func (z *compression) forgetDecoder() {
	if z != nil {
		z.in.Close()
		z.lists()
	}
}

// lists says what the decoder keeps, if that has changed much. The loop's.
func (z *compression) lists() {
	n := z.kept()
	switch much := max(n, z.inRelief)-min(n, z.inRelief) >= largeUse; {
	case n == z.inRelief, z.inRelief > 0 && n > 0 && !much:
		return
	case z.inRelief == 0 && !much && !z.c.w.engine.pool.Tight():
		return
	}
	z.inRelief = n
	z.c.w.engine.relief.list(z.c, func(h *memoryUse) { h.setCoder(n) })
}

// fed is called when a piece of a message was inflated.
func (z *compression) fed() {
	z.memory.overdraw = false
	z.lists()
	if e := z.c.w.engine; e.pool.Tight() {
		e.shedAll(nil)
	}
}

// feed makes room for a decoder that got no memory, without which nothing that follows
// can be read; it may then go on. False when the connection has ended for that.
func (z *compression) feed(err error) bool {
	switch z.c.w.engine.relieve(z.c, deflate.MaxWindow, err) {
	case reliefEnded:
		return false
	case reliefElsewhere:
		if z.memory.overdraw { // that was not enough
			z.c.meets(onShort, &occasion{err: err, crowded: true})
			return false
		}
		z.memory.overdraw = true
	}
	return true
}

// A few bytes may inflate to a thousand times as many, so what counts for the loop's others
// is what comes out. A connection inflates its share at once, and a loop so much in one look
// at its sockets; what is read and not yet handled then waits, nothing more is read of the
// connection, and it goes on when the others had their turn.

const (
	inflateShare = 64 << 10  // of one connection in a turn of the loop
	inflateTurn  = 128 << 10 // of all whose sockets are looked at in one
)

// unread is the rest of a read: of a piece of a compressed message, and of what is not
// parsed.
type unread struct {
	buffer []byte // of the pool; nil: nothing but the end of a message is left
	at     int    // where the piece begins, which is unmasked
	piece  int    // its bytes
	text   bool   // as of its chunk, as is flags
	flags  wire.Flags
	end    bool // all of the piece was taken, and its message ends with it
}

// inflateOn goes on when the others had their turn.
func (z *compression) inflateOn() {
	z.waits = false
	z.c.readOn() // it is another connection's z when that has ended
}

// handleLater handles what is left of a read.
func (z *compression) handleLater() {
	c := z.c
	w, l := c.w, z.later
	z.later = nil // from here on it is nobody's but ours, so that no end gives it back
	defer func() {
		if z.later != l && l.buffer != nil {
			w.release = append(w.release, l.buffer) // records may point into it
		}
	}()
	op := ws.OpBinary
	if l.text {
		op = ws.OpText
	}
	chunk := wire.Chunk{Payload: l.buffer[l.at : l.at+l.piece], Op: op, Flags: l.flags}
	bad := z.unpackFrom(&chunk, l.end)
	switch {
	case bad != nil:
		c.broken(nil, bad)
	case c.phase != phaseOpen:
	case w.cut != nil:
		l.at, l.piece, l.end = l.at+l.piece-len(w.cut.in), len(w.cut.in), w.cut.end
		w.cut = nil
		z.wait(l)
	default:
		c.feed(l.buffer[l.at+l.piece:])
	}
}

// cutOff is where a share ended: in of the piece was not taken.
type cutOff struct {
	in  []byte
	end bool
}

// putOff keeps what follows the cut of a chunk. The bytes lie where the next read goes.
func (z *compression) putOff(chunk *wire.Chunk, rest []byte) {
	c := z.c
	w := c.w
	cut := w.cut
	w.cut = nil
	l := &unread{piece: len(cut.in), text: chunk.Op == ws.OpText, flags: chunk.Flags &^ wire.MessageStart, end: cut.end}
	if n := len(cut.in) + len(rest); n > 0 {
		b, err := w.engine.pool.Overdraw(nil, n)
		if err != nil {
			w.engine.short()
			c.meets(onShort, &occasion{err: err, crowded: true})
			return
		}
		l.buffer = append(append(b, cut.in...), rest...)
	}
	z.wait(l)
}

// wait keeps l until the others had their turn.
func (z *compression) wait(l *unread) {
	z.later = l
	z.lists()
	z.c.w.share = 0
	z.c.rare.compression().turnOver()
}

// forgetLater gives back what an ended connection has not handled. z may be nil.
func (z *compression) forgetLater() {
	if z != nil && z.later != nil {
		z.c.w.engine.pool.Put(z.later.buffer)
		z.later = nil
	}
}

// kept is what the receiving side keeps.
func (z *unpacker) kept() int {
	n := z.in.Held()
	if z.later != nil {
		n += cap(z.later.buffer)
	}
	return n
}

// turnOver lets others go first when the connection may inflate nothing more in this turn;
// true: it is not to be read now. z may be nil. The loop's.
func (z *compression) turnOver() bool {
	if z == nil || z.c.phase != phaseOpen {
		return false
	}
	if w := z.c.w; w.share <= 0 && !z.waits {
		z.waits = true
		w.loop.Post(z.inflateOn)
	}
	return z.waits
}
