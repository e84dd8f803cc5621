// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"math/bits"

	"libws/core/wire"
)

// Encoder compresses the messages of one direction of a connection, RFC 7692 7.2.1.
type Encoder struct {
	memory   Memory
	level    int
	window   int
	takeover bool
	history  history // what the peer remembers of what we sent compressed
	index    index   // of the history, by the size of its buffer; none when the library compresses
	base     int     // position behind the history
}

// NewEncoder makes the encoder of what role sends. The level is one of 1 to 9.
func NewEncoder(m Memory, role wire.Role, p Params, level int) *Encoder {
	bits, without := p.ClientBits, p.ClientNoTakeover
	if role == wire.Server {
		bits, without = p.ServerBits, p.ServerNoTakeover
	}
	return &Encoder{memory: m, level: min(max(level, 1), 9), window: 1 << bits, takeover: !without}
}

// Append compresses a whole message and appends the payload to dst, within its
// capacity. False: that gives no fewer bytes than the message has; it is to be sent as it
// is, RFC 7692 6. With takeover a short message to which nothing was before may take up to two
// bytes more, so that those behind it get smaller. Room for as many bytes as the message has
// and 6 more is enough.
//
// After a message was sent so, and before the next one, [Encoder.Sent] must be called;
// one that was not sent leaves no trace.
func (e *Encoder) Append(dst, message []byte) (bigger []byte, ok bool) {
	if len(message) == 0 {
		return dst, false
	}
	limit := len(message) + len(tail) - 1
	if e.takeover && !e.Remembers() && len(message) >= shortest && len(message) <= short {
		limit += 3
	}
	bigger, ok = e.deflate(dst, message, limit)
	if ok {
		bigger = bigger[:len(bigger)-len(tail)]
	}
	return bigger, ok
}

// A message is short when it may have no repetition of its own; below shortest there is nothing to
// refer to.
const shortest, short = 16, 256

// storedSize is the most bytes of a stored block, storedHead those before them, RFC 1951
// 3.2.4, when the block begins with a byte.
const (
	storedSize = 1<<16 - 1
	storedHead = 5
)

// PartSize is how much room [Encoder.AppendPart] needs for a piece of n bytes.
func PartSize(n int) int { return n + (n+storedSize-1)/storedSize*storedHead + 1 }

// AppendPart compresses the next piece of a message and appends the payload of its fragment
// to dst, which has room for PartSize bytes. ends says that it is the last one, whose tail
// is taken off; what a peer has of the pieces before it inflates to the last byte. smaller:
// it takes fewer bytes than the piece has. A piece refers to those before it as it does to
// earlier messages: with takeover, when [Encoder.Sent] was called for them.
func (e *Encoder) AppendPart(dst, part []byte, ends bool) (bigger []byte, smaller bool) {
	if len(part) == 0 && !ends {
		return dst, false
	}
	bigger, ok := dst, false
	if len(part) > 0 {
		bigger, ok = e.deflate(dst, part, PartSize(len(part))-1)
	}
	switch {
	case !ok:
		bigger = appendStored(dst, part, ends)
	case ends:
		bigger = bigger[:len(bigger)-len(tail)]
	}
	return bigger, len(bigger)-len(dst) < len(part)
}

// appendStored appends stored blocks, which begin and end with a byte as all pieces do.
// Behind the last one is what stays of an empty block.
func appendStored(dst, part []byte, ends bool) []byte {
	for len(part) > 0 {
		n := min(len(part), storedSize)
		dst = append(dst, 0, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8)) // fits: a stored block has up to 65535, in two bytes
		dst = append(dst, part[:n]...)
		part = part[n:]
	}
	if ends {
		dst = append(dst, 0)
	}
	return dst
}

// deflate appends at most limit bytes, the tail among them.
func (e *Encoder) deflate(dst, data []byte, limit int) (bigger []byte, ok bool) {
	if e.thorough() {
		return compressThoroughly(dst, data, limit, e.level, &e.history)
	}
	c := compressors.Get().(*compressor)
	defer compressors.Put(c)
	s := search{index: e.index, before: &e.history, base: e.base, window: e.window, effort: e.effort()}
	return c.compress(dst, data, limit, &s)
}

// thorough tells whether the library compresses. What it finds in a long message is worth the time;
// with takeover messages are mostly short, and to read the history anew for each costs more than all
// else, so only the highest levels do that. Narrow windows it does not have at a level.
func (e *Encoder) thorough() bool {
	from := 3
	if e.takeover {
		from = 6
	}
	return e.level >= from && e.window == MaxWindow
}

// effort is that of our own compressor.
func (e *Encoder) effort() *effort { return &efforts[min(e.level, len(efforts))-1] }

// Sent tells that a message, or a piece of one, was sent compressed.
func (e *Encoder) Sent(message []byte) {
	if !e.takeover || len(message) == 0 {
		return
	}
	grew, err := e.history.add(e.memory, message, e.window)
	e.base += len(message)
	if err == nil && grew && !e.thorough() {
		err = e.indexAll()
	}
	if err != nil {
		e.Drop()
	}
}

// indexAll makes an index for a history that has grown.
func (e *Encoder) indexAll() error {
	size := indexFor(cap(e.history.ring))
	bigger, err := e.memory.Grow(e.index.entries[:0], size)
	if err != nil {
		return err
	}
	clear(bigger[:size])
	e.index = indexOf(bigger[:size], e.effort().ways)
	n := e.history.size()
	for n > 0 {
		part := e.history.from(n)
		e.index.noteAll(part, e.base-n)
		n -= len(part)
	}
	return nil
}

// Forget tells that the peer remembers something else behind what we do, so that the next
// message must not refer to what was before it.
func (e *Encoder) Forget() { e.history.clear() }

// Drop gives the history back, between two messages or at the end: the peer remembers more
// than the next message refers to, which is no harm.
// Without a history it changes nothing: others may still be inside Append.
func (e *Encoder) Drop() {
	if e.takeover {
		e.history.drop(e.memory)
		e.memory.Put(e.index.entries)
		e.index = index{}
	}
}

// Remembers tells whether the next message may refer to earlier ones.
func (e *Encoder) Remembers() bool { return e.history.size() > 0 }

// Takeover tells whether a message depends on the ones before it.
func (e *Encoder) Takeover() bool { return e.takeover }

// Bits is the size of the window, as in [Params].
func (e *Encoder) Bits() int { return bits.Len(uint(e.window)) - 1 }

// Held is how many bytes of the Memory it holds.
func (e *Encoder) Held() int { return cap(e.history.ring) + cap(e.index.entries) }
