// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"math"
	"unsafe"

	"libws/core/wire"
)

// Decoder inflates the messages of one direction of a connection, RFC 7692 7.2.2. For
// each message: Append with what comes, in pieces of any size, then End. A violation
// is final: only Close may follow.
type Decoder struct {
	memory  Memory
	limit   int64
	over    bool // the limit does not hold for this message
	ratio   int64
	from    int64 // size from which ratio counts
	window  int
	history history   // what the next bytes may refer to, besides those in the caller's buffer
	z       *inflater // nil between messages
	in, out int64     // bytes of this message
	tail    int       // bytes of the tail that were fed
}

// DecoderOptions are the limits of a Decoder.
type DecoderOptions struct {
	Limit int64 // bytes of an inflated message; 0: none
	// Ratio is how many times its compressed size a message may have; 0 or less: any. It
	// does not apply to the first RatioFrom bytes of a message, 64 KiB when that is 0.
	Ratio, RatioFrom int64
}

// inflaterSize is what an incomplete message takes besides what there is of it.
const inflaterSize = int(unsafe.Sizeof(inflater{}))

// ratioFrom is the size of a message from which its ratio counts: small ones are no
// danger, and a run of spaces is no attack.
const ratioFrom = 64 << 10

// NewDecoder makes the decoder of what the peer of role sends.
func NewDecoder(m Memory, role wire.Role, p Params, o DecoderOptions) *Decoder {
	bits, without := p.ServerBits, p.ServerNoTakeover
	if role == wire.Server {
		bits, without = p.ClientBits, p.ClientNoTakeover
	}
	d := &Decoder{memory: m, limit: o.Limit, ratio: o.Ratio, from: o.RatioFrom}
	if d.from <= 0 {
		d.from = ratioFrom
	}
	if d.limit <= 0 {
		d.limit = math.MaxInt64 - 1
	}
	if !without {
		// zlib cannot make a window of 8 bits and uses 9 instead (deflateInit2).
		d.window = 1 << max(bits, minBits+1)
	}
	return d
}

// Append inflates in and appends the result to out, up to its capacity. n is how many
// bytes of in it took: all of them when the error is nil. ErrFull asks for the same call
// with the rest of in and more room in out, that of the Memory for the same call when there
// is some; any other error is a *wire.Error, final but for ErrTooBig, behind which Unlimit may let it
// go on with the rest of in.
//
// The message lies in out from its begin on, except what [Decoder.Took] was called for.
func (d *Decoder) Append(out, in []byte) (bigger []byte, n int, err error) {
	if d.z == nil {
		if len(in) == 0 {
			return out, 0, nil
		}
		if err := d.memory.Count(inflaterSize); err != nil {
			return out, 0, err
		}
		d.z = inflaters.Get().(*inflater)
		d.z.begin()
		d.in, d.out, d.tail = 0, 0, 0
	}
	d.in += int64(len(in))
	bigger, n, err = d.inflate(out, in)
	d.in -= int64(len(in) - n)
	return bigger, n, err
}

// Unlimit lets a message that is larger than the limit go on to its end, for a caller who keeps
// nothing of it: it calls Took first, and may call Unlimit before the first Append. The ratio
// holds on.
func (d *Decoder) Unlimit() { d.over = true }

// inflate holds the limits over a step of the inflater.
func (d *Decoder) inflate(out, in []byte) (bigger []byte, n int, err error) {
	have := len(out)
	bounded, limit := out, d.limit
	if d.over {
		limit = math.MaxInt64 - 1
	}
	if left := limit - d.out + 1; left < int64(cap(out)-have) {
		bounded = out[: have : have+int(left)] // fits: less than the capacity
	}
	bounded, n, err = d.z.append(bounded, &d.history, in)
	out = out[:len(bounded)]
	d.out += int64(len(out) - have)
	switch {
	case err != nil && err != ErrFull:
	case d.out > limit:
		err = ErrTooBig
	case d.ratio > 0 && d.out > d.from && d.out/d.ratio >= d.in:
		err = ErrRatio
	}
	return out, n, err
}

// tail is what the sender took off, RFC 7692 7.2.1: the rest of an empty stored block.
var tail = [...]byte{0, 0, 0xff, 0xff}

// End completes the message. The error is nil when it is whole, ErrFull as with Append,
// a *wire.Error for a message that is not, or that of the Memory, for the history: the same
// call may be made again when there is some.
func (d *Decoder) End(out []byte) (bigger []byte, err error) {
	z := d.z
	if z == nil {
		d.over = false
		return out, nil // no byte at all: RFC 7692 7.2.3.6 wants one, but what is meant is clear
	}
	// A stream that ended needs no tail, 7.2.3.4.
	if ended := z.final && z.state == atBlock && z.count == 0 && d.tail == 0; !ended {
		var n int
		out, n, err = d.inflate(out, tail[d.tail:])
		d.tail += n
		if err != nil {
			return out, err
		}
		if z.state != atBlock || z.count != 0 || !z.empty {
			return out, ErrCorrupt
		}
	}
	if err = d.remember(out, d.window); err != nil {
		return out, err
	}
	d.idle()
	return out, nil
}

// idle gives the inflater back.
func (d *Decoder) idle() {
	d.over = false
	if d.z != nil {
		inflaters.Put(d.z)
		d.z = nil
		d.memory.Count(-inflaterSize)
	}
}

// Took tells that the caller takes part, which is all there is in its buffer, in the
// middle of a message: the next Append gets a buffer that begins behind it. The error is
// that of the Memory.
func (d *Decoder) Took(part []byte) error { return d.remember(part, MaxWindow) }

// remember keeps what later bytes may refer to.
func (d *Decoder) remember(part []byte, window int) (err error) {
	if window == 0 {
		d.history.drop(d.memory)
		return nil
	}
	_, err = d.history.add(d.memory, part, window)
	return err
}

// Busy tells whether a message is incomplete.
func (d *Decoder) Busy() bool { return d.z != nil }

// Held is how many bytes of the Memory it holds.
func (d *Decoder) Held() int {
	n := cap(d.history.ring)
	if d.z != nil {
		n += inflaterSize
	}
	return n
}

// Close gives everything back. It may be called twice.
func (d *Decoder) Close() {
	d.history.drop(d.memory)
	d.idle()
}
