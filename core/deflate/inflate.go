// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"encoding/binary"
	"errors"
	"sync"
)

// inflater decodes DEFLATE data (RFC 1951) that comes in pieces. It is our own
// because it has to stop wherever the input stops and go on later, which those of the
// standard library and of klauspost/compress cannot; because it writes where the
// message is wanted instead of into a window of its own of 32 KiB, which every
// connection in the middle of a message would have to keep; and because a reference
// leads into the history of the connection without a copy of it.
//
// Each step needs less than the 64 bits of the buffer. It looks at the bits first and
// takes them only when all of them are there; so there is no state inside a step.
type inflater struct {
	bits  uint64 // the next ones, the first one lowest; 0 above count
	count uint

	state    uint8
	final    bool // the current block is the last of its stream, RFC 1951 3.2.3
	empty    bool // the last block was a stored one without bytes
	stored   int  // bytes missing of a stored block
	copies   int  // bytes missing of a reference
	distance int
	codes    // the current ones

	nlit, ndist, ncode, have int // of a dynamic block's head
	lengths                  [288 + 32]uint8
	litMemory                [litTable]uint32
	distMemory               [distTable]uint32
}

// Where in the data the next step is.
const (
	atBlock   = iota // the three bits of a block's head
	atStored         // the length of a stored block
	inStored         // its bytes
	atDynamic        // the numbers of code lengths
	atCodes          // the lengths of the code of code lengths
	atLengths        // the code lengths
	inCodes          // literals and references
)

var errNeed = errors.New("more input is needed")

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// begin makes it ready for the first bit.
func (z *inflater) begin() {
	z.bits, z.count, z.state = 0, 0, atBlock
	z.final, z.empty, z.stored, z.copies = false, false, 0, 0
}

// append decodes in and appends to out what it stands for, up to the capacity of out.
// n is how many bytes of in it took. history is what came before out. The error is nil
// when all of in was used, ErrFull when out is full and more is to come, or ErrCorrupt.
func (z *inflater) append(out []byte, history *history, in []byte) (bigger []byte, n int, err error) {
	all := len(in)
	for {
		switch z.state {
		case inCodes:
			if out, in, err = z.symbols(out, history, in); err != nil {
				break
			}
			z.state = atBlock
			if z.final {
				z.drop(z.count & 7) // the next stream begins with a byte, RFC 7692 7.2.3.4
			}
		case inStored:
			if out, in, err = z.copyStored(out, in); err != nil {
				break
			}
			z.state = atBlock
		default:
			in = z.refill(in)
			err = z.head()
		}
		if err == errNeed && len(in) > 0 {
			continue // only the head of a block asks for more before all is used
		}
		if err == errNeed {
			return out, all, nil
		}
		if err != nil {
			return out, all - len(in), err
		}
	}
}

// refill takes as many whole bytes as fit.
func (z *inflater) refill(in []byte) []byte {
	if len(in) >= 8 {
		z.bits |= binary.LittleEndian.Uint64(in) << (z.count & 63)
		in = in[(63-z.count)>>3:]
		z.count |= 56
		z.bits &= 1<<z.count - 1
		return in
	}
	for z.count < 56 && len(in) > 0 {
		z.bits |= uint64(in[0]) << z.count
		z.count += 8
		in = in[1:]
	}
	return in
}

func (z *inflater) drop(n uint) {
	z.bits >>= n
	z.count -= n
}

// copyStored takes bytes of a stored block.
func (z *inflater) copyStored(out, in []byte) (bigger, rest []byte, err error) {
	for z.stored > 0 && z.count > 0 { // whole bytes: the block began at one
		if len(out) == cap(out) {
			return out, in, ErrFull
		}
		out = append(out, byte(z.bits)) // fits: the low byte of the bits is meant
		z.drop(8)
		z.stored--
	}
	n := min(z.stored, len(in), cap(out)-len(out))
	out = append(out, in[:n]...)
	z.stored -= n
	switch in = in[n:]; {
	case z.stored == 0:
		return out, in, nil
	case len(in) == 0:
		return out, in, errNeed
	}
	return out, in, ErrFull
}
