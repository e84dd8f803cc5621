// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"errors"
	"math/bits"
	"sync"

	"github.com/klauspost/compress/flate"

	"libws/core/wire"
)

// Encoder compresses the messages of one direction of a connection, RFC 7692 7.2.1.
type Encoder struct {
	memory   Memory
	level    int
	window   int
	takeover bool
	history  []byte // what the peer remembers of what we sent compressed
}

// NewEncoder makes the encoder of what role sends. The level is one of 1 to 9, with which
// a window of 15 bits is searched; smaller windows have one way only.
func NewEncoder(m Memory, role wire.Role, p Params, level int) *Encoder {
	bits, without := p.ClientBits, p.ClientNoTakeover
	if role == wire.Server {
		bits, without = p.ServerBits, p.ServerNoTakeover
	}
	return &Encoder{memory: m, level: min(max(level, 1), 9), window: 1 << bits, takeover: !without}
}

// Append compresses a whole message and appends the payload to dst, within its
// capacity. False: that gives no fewer bytes than the message has; it is to be sent as it
// is, RFC 7692 6. Room for as many bytes as the message has and 4 more is enough.
//
// After a message was sent so, and before the next one, [Encoder.Sent] must be called;
// one that was not sent leaves no trace.
func (e *Encoder) Append(dst, message []byte) (bigger []byte, ok bool) {
	c, err := e.compressor()
	if err != nil {
		return dst, false
	}
	defer c.release()
	c.to = dst[:len(dst):min(cap(dst), len(dst)+len(message)+len(tail)-1)]
	// The same memory is not read again after this: what the peer forgets we forget.
	c.writer.ResetDict(&c.sink, e.history)
	if _, err = c.writer.Write(message); err == nil {
		err = c.writer.Flush()
	}
	if err != nil || len(message) == 0 {
		return dst, false
	}
	return dst[:len(c.to)-len(tail)], true
}

// Sent tells that a message was sent compressed.
func (e *Encoder) Sent(message []byte) {
	if !e.takeover {
		return
	}
	history, err := remember(e.memory, e.history, message, e.window)
	if err != nil {
		// The peer remembers more than we do, which is no harm.
		e.memory.Put(history)
		history = nil
	}
	e.history = history
}

// Forget tells that the peer remembers something else behind what we do, so that the next
// message must not refer to what was before it.
func (e *Encoder) Forget() { e.history = e.history[:0] }

// Remembers tells whether the next message may refer to earlier ones.
func (e *Encoder) Remembers() bool { return len(e.history) > 0 }

// Takeover tells whether a message depends on the ones before it.
func (e *Encoder) Takeover() bool { return e.takeover }

// Bits is the size of the window, as in [Params].
func (e *Encoder) Bits() int { return bits.Len(uint(e.window)) - 1 }

// Held is how many bytes of the Memory it holds.
func (e *Encoder) Held() int { return cap(e.history) }

// Close gives the history back. It may be called twice. Without one it changes nothing:
// others may still be inside Append.
func (e *Encoder) Close() {
	if e.history != nil {
		e.memory.Put(e.history)
		e.history = nil
	}
}

// compressor is a pooled writer of klauspost/compress, with all its tables.
type compressor struct {
	sink
	writer *flate.Writer
	pool   *sync.Pool
}

// compressors by level, and those of smaller windows by their bits.
var compressors, narrow [maxBits + 1]sync.Pool

func (e *Encoder) compressor() (*compressor, error) {
	pool := &compressors[e.level]
	if e.window < MaxWindow {
		for bits := minBits; bits < maxBits; bits++ {
			if e.window == 1<<bits {
				pool = &narrow[bits]
			}
		}
	}
	if c, ok := pool.Get().(*compressor); ok {
		return c, nil
	}
	c := &compressor{pool: pool}
	var err error
	if e.window < MaxWindow {
		c.writer, err = flate.NewWriterWindow(&c.sink, e.window)
	} else {
		c.writer, err = flate.NewWriter(&c.sink, e.level)
	}
	return c, err
}

func (c *compressor) release() {
	c.to = nil
	c.pool.Put(c)
}

// sink appends to a buffer that does not grow.
type sink struct{ to []byte }

var errFull = errors.New("the compressed message is not smaller")

func (s *sink) Write(p []byte) (int, error) {
	if len(p) > cap(s.to)-len(s.to) {
		return 0, errFull
	}
	s.to = append(s.to, p...)
	return len(p), nil
}
