// SPDX-License-Identifier: Apache-2.0

package core

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
	"libws/core/wire"
)

// compression is what a connection needs that has agreed on permessage-deflate.
type compression struct {
	answer  string // as in the handshake
	minSize int
	in      *deflate.Decoder // the loop's
	memory  coderMemory      // of in
	listed  int              // bytes of in that are in relief.holders; the loop's
	text    wire.Text        // of the message that is being inflated; the loop's
	told    bool             // a piece of it was recorded; the loop's
	later   *unread          // what waits for its turn, see share.go; the loop's
	waits   bool             // inflateOn is posted; the loop's

	// mu guards out when messages depend on those before them, so that they leave in the
	// order in which they were compressed. Taken before secure.out and Conn.mu.
	mu   sync.Mutex
	out  *deflate.Encoder
	sent coderMemory // of out
	seen uint32      // of others, by out; guarded by mu

	// others counts what the peer got compressed, and remembers, of which out knows nothing:
	// what was published. It changes with Conn.mu held, when a message gets its place, so
	// that publishing never waits for mu, behind which somebody compresses.
	others atomic.Uint32
}

// compresses begins compression on a connection that is about to open. c.mu is held, or
// nobody else knows of it.
func (c *Conn) compresses(answer string, p deflate.Params, o *config.Compression) {
	e := c.w.engine
	z := &compression{answer: answer, minSize: o.MinSize, memory: coderMemory{pool: &e.pool}, sent: coderMemory{pool: &e.pool, spare: &e.relief.spare}}
	limits := deflate.DecoderOptions{Limit: c.options().MaxMessage, Ratio: int64(o.Ratio)}
	if o.Ratio == 0 {
		limits.Ratio, limits.RatioFrom = config.DefaultRatio, config.DefaultRatioFrom
	}
	z.in = deflate.NewDecoder(&z.memory, c.role(), p, limits)
	z.out = deflate.NewEncoder(&z.sent, c.role(), p, o.Level)
	c.needRare().compression.Store(z)
}

// compression is nil for a connection without. Any thread.
func (c *Conn) compression() *compression {
	if r := c.rare.Load(); r != nil {
		return r.compression.Load()
	}
	return nil
}

// takeCompression ends it with its connection. c.mu is held.
func (c *Conn) takeCompression() *compression {
	if r := c.rare.Load(); r != nil {
		return r.compression.Swap(nil)
	}
	return nil
}

// forgetDecoder gives back what a decoder holds that nobody needs any more. The loop's; z
// may be nil.
func (c *Conn) forgetDecoder(z *compression) {
	if z != nil {
		z.in.Close()
		c.holdsCoder(z)
	}
}

// close gives the history of the encoder back. No lock is held.
func (z *compression) close() {
	if z != nil {
		held := take(&z.mu)
		defer held.end()
		z.out.Drop()
		held.end()
	}
}

// rsv1 marks the first frame of a compressed message, RFC 7692 6.
const rsv1 = 0x40

// errPlain says that a message has to go uncompressed.
var errPlain = &fault.Error{ID: fault.IDState}

// sendPacked sends a message compressed, or a piece of one when p is not nil; errPlain when
// it has to go as it is: it does not shrink, there is no memory, or it has to wait whole,
// maybe for another connection. first is that of its frame.
func (c *Conn) sendPacked(z *compression, first byte, data []byte, done border.Completion, p *part) *fault.Error {
	pool := &c.w.engine.pool
	room := deflate.PartSize(len(data))
	buffer, bad := pool.Get(room)
	if bad != nil && !p.mayBePlain() && c.room(room) {
		buffer, bad = pool.Force(room)
	}
	if bad != nil {
		return p.orPlain(errSendMemory)
	}
	defer pool.Put(buffer)
	if z.out.Takeover() {
		z.mu.Lock()
		defer z.mu.Unlock()
	}
	for {
		z.catchUp()
		payload, ok := z.pack(buffer, data, p)
		if !ok {
			return errPlain
		}
		err := c.send(z, first, payload, done, p)
		if err == errOutdated {
			continue // once: now it refers to nothing
		}
		if err == nil {
			c.remembers(z, data)
		}
		return err
	}
}

// errOutdated says that something was published since a message was compressed that refers
// to what was before that.
var errOutdated = &fault.Error{ID: fault.IDState}

// catchUp forgets the history when something was published since. Keeping it would take a
// copy of each published message for each connection, under its lock. z.mu is held, with
// takeover.
func (z *compression) catchUp() {
	if !z.out.Takeover() {
		return
	}
	if n := z.others.Load(); n != z.seen {
		z.out.Forget()
		z.seen = n
	}
}

// outdated tells whether what was compressed since catchUp can no longer be inflated.
// Conn.mu is held, and z.mu with takeover.
func (z *compression) outdated() bool {
	return z.out.Takeover() && z.out.Remembers() && z.others.Load() != z.seen
}

// sentShared notes that a compressed message has its place that out has not made. c.mu is
// held.
func (c *Conn) sentShared() {
	if z := c.compression(); z != nil {
		z.others.Add(1)
	}
}

// mayPack tells whether what z compressed since catchUp may have its place now. c.mu is
// held, and z.mu with takeover.
func (c *Conn) mayPack(z *compression, p *part) *fault.Error {
	switch {
	case c.compression() != z:
		return p.orPlain(errOthersPieces)
	case p.mayBePlain() && c.mustWait():
		return errPlain
	case z.outdated():
		return errOutdated
	}
	return nil
}

// extends is what answers the offers of clients, for handshake.ServerOptions; o may be nil.
// Who comes while memory is short gets no takeover.
func (e *Engine) extends(o *config.Compression) func(offer string) (string, error) {
	if o == nil {
		return deflate.Decline
	}
	return func(offer string) (string, error) {
		options := o.Options
		if e.pool.Tight() {
			options.OutTakeover, options.InTakeover = false, false
		}
		_, answer, err := options.Answer(offer)
		return answer, err
	}
}

// unpack inflates a piece of a compressed message, and records the message when it is
// whole. A violation is returned.
func (c *Conn) unpack(chunk *wire.Chunk) *wire.Error {
	z, rx := c.compression(), c.incoming()
	if chunk.Flags&wire.MessageStart != 0 {
		rx.partial, rx.packed, rx.text = true, true, chunk.Op == ws.OpText
		z.text, z.told = wire.Text{}, false
	}
	return c.unpackFrom(z, chunk, false)
}

// unpackFrom is unpack for what is left of a piece; end: nothing, but its message ends. When
// the connection has had its share, where that was is in w.cut.
func (c *Conn) unpackFrom(z *compression, chunk *wire.Chunk, end bool) *wire.Error {
	rx, w := c.incoming(), c.w
	defer c.coderFed(z)
	pieces := c.options().Pieces
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
			c.unpacked(z)
			return nil
		case err == nil && chunk.Flags&wire.MessageEnd != 0:
			end = true
		case err == nil:
			if pieces && len(rx.message) > 0 {
				return c.unpackedPiece(z)
			}
			return nil
		case err == deflate.ErrRoom && w.share <= 0:
		case err == deflate.ErrRoom && pieces && len(rx.message) >= readSize:
			if bad := c.unpackedPiece(z); bad != nil || c.phase != phaseOpen {
				return bad
			}
		case err == deflate.ErrRoom:
			// Text grows to a few times its size; what grows more doubles as it comes.
			size := len(rx.message)
			if !c.growMessage(max(2*size, size+min(4*len(in)+minUnpacked, readSize)), size+minUnpacked) {
				return nil
			}
		case errors.As(err, &bad):
			return bad
		default:
			if !c.feedCoder(z, err) {
				return nil
			}
		}
	}
}

// minUnpacked is how much room an inflater gets at least.
const minUnpacked = 256

// unpacked records a message that is whole, or the rest of one told in pieces.
func (c *Conn) unpacked(z *compression) {
	rx, flags := c.rx, uint16(0)
	if z.told {
		flags = border.RecordPartEnd
	}
	c.w.piece(c, rx.text, rx.message, flags)
	c.handOver()
	rx.partial, rx.packed = false, false
}

// unpackedPiece records what there is of a message that the host wants as it comes.
func (c *Conn) unpackedPiece(z *compression) *wire.Error {
	for {
		err := z.in.Took(c.rx.message)
		if err == nil {
			break
		}
		if !c.feedCoder(z, err) {
			return nil
		}
	}
	flags := uint16(border.RecordPartMiddle)
	if !z.told {
		flags, z.told = border.RecordPartBegin, true
	}
	c.w.piece(c, c.rx.text, c.rx.message, flags)
	c.handOver()
	return nil
}

// handOver leaves the buffer of a message to the batch.
func (c *Conn) handOver() {
	c.w.release = append(c.w.release, c.rx.message)
	c.rx.message = nil
	c.holds(0)
}
