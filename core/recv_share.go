// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/wire"
)

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
		c.broken(bad)
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
	z.c.turnOver()
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
