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
	lit      []uint32 // the current codes
	dist     []uint32

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
// when all of in was used, ErrRoom when out is full and more is to come, or ErrCorrupt.
func (z *inflater) append(out, history, in []byte) (bigger []byte, n int, err error) {
	all := len(in)
	for {
		switch z.state {
		case inCodes:
			if out, in, err = z.codes(out, history, in); err != nil {
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

// head takes the next step in the head of a block, RFC 1951 3.2.3.
func (z *inflater) head() error {
	switch z.state {
	case atBlock:
		if z.count < 3 {
			return errNeed
		}
		kind := z.bits >> 1 & 3
		z.final, z.empty = z.bits&1 != 0, false
		z.drop(3)
		switch kind {
		case 0:
			z.drop(z.count & 7)
			z.state = atStored
		case 1:
			z.lit, z.dist = fixedCodes()
			z.state = inCodes
		case 2:
			z.state = atDynamic
		default:
			return ErrCorrupt
		}
	case atStored:
		if z.count < 32 {
			return errNeed
		}
		size := uint16(z.bits)
		if size != ^uint16(z.bits>>16) {
			return ErrCorrupt
		}
		z.drop(32)
		z.stored, z.state = int(size), inStored
		z.empty = size == 0
	case atDynamic:
		if z.count < 14 {
			return errNeed
		}
		z.nlit, z.ndist, z.ncode = int(z.bits&31)+257, int(z.bits>>5&31)+1, int(z.bits>>10&15)+4
		if z.nlit > 286 || z.ndist > 30 {
			return ErrCorrupt
		}
		z.drop(14)
		clear(z.lengths[:len(codeEntries)])
		z.have, z.state = 0, atCodes
	case atCodes:
		return z.headCodes()
	case atLengths:
		return z.headLengths()
	}
	return nil
}

// codeOrder is the order of the lengths of the code of code lengths, RFC 1951 3.2.7.
var codeOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

func (z *inflater) headCodes() error {
	for ; z.have < z.ncode; z.have++ {
		if z.count < 3 {
			return errNeed
		}
		z.lengths[codeOrder[z.have]] = uint8(z.bits & 7)
		z.drop(3)
	}
	// Their code is at most 7 bits long and has no second tables.
	if !buildTable(z.distMemory[:], distRoot, z.lengths[:len(codeEntries)], codeEntries[:]) {
		return ErrCorrupt
	}
	z.have, z.state = 0, atLengths
	return nil
}

// headLengths reads the lengths of both codes as one sequence, RFC 1951 3.2.7.
func (z *inflater) headLengths() error {
	for z.have < z.nlit+z.ndist {
		entry := z.distMemory[z.bits&(1<<distRoot-1)]
		n := uint(entry & lengthBits)
		symbol := entry >> valueShift
		if n > z.count || n == 0 && z.count < 7 {
			return errNeed
		}
		if n == 0 {
			return ErrCorrupt
		}
		if symbol < 16 {
			z.lengths[z.have] = uint8(symbol)
			z.have++
			z.drop(n)
			continue
		}
		extra, repeats, value := uint(2), 3, uint8(0)
		switch symbol {
		case 16:
			if z.have == 0 {
				return ErrCorrupt
			}
			value = z.lengths[z.have-1]
		case 17:
			extra = 3
		case 18:
			extra, repeats = 7, 11
		}
		if z.count < n+extra {
			return errNeed
		}
		repeats += int(z.bits >> n & (1<<extra - 1))
		if z.have+repeats > z.nlit+z.ndist {
			return ErrCorrupt
		}
		z.drop(n + extra)
		for range repeats {
			z.lengths[z.have] = value
			z.have++
		}
	}
	if z.lengths[256] == 0 || // the block could never end
		!buildTable(z.litMemory[:], litRoot, z.lengths[:z.nlit], litEntries[:]) ||
		!buildTable(z.distMemory[:], distRoot, z.lengths[z.nlit:z.nlit+z.ndist], distEntries[:]) {
		return ErrCorrupt
	}
	z.lit, z.dist, z.state = z.litMemory[:], z.distMemory[:], inCodes
	return nil
}

// copyStored takes bytes of a stored block.
func (z *inflater) copyStored(out, in []byte) (bigger, rest []byte, err error) {
	for z.stored > 0 && z.count > 0 { // whole bytes: the block began at one
		if len(out) == cap(out) {
			return out, in, ErrRoom
		}
		out = append(out, byte(z.bits))
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
	return out, in, ErrRoom
}

// codes decodes literals and references, to the end of the block when err is nil.
func (z *inflater) codes(out, history, in []byte) (bigger, rest []byte, err error) {
	for {
		if z.copies > 0 {
			if out = z.reference(out, history); z.copies > 0 {
				return out, in, ErrRoom
			}
		}
		if len(in) >= 8 && cap(out)-len(out) >= 2 {
			if out, in, err = z.fast(out, history, in); err == nil || err == ErrCorrupt {
				return out, in, err
			}
			continue
		}
		in = z.refill(in)
		entry := z.lit[z.bits&(1<<litRoot-1)]
		if entry&isLink != 0 {
			entry = z.second(z.lit, entry, litRoot)
		}
		n := uint(entry & lengthBits)
		switch {
		case n > z.count, entry == 0 && z.count < maxCode:
			return out, in, errNeed
		case entry == 0:
			return out, in, ErrCorrupt
		case entry&isEnd != 0:
			z.drop(n)
			return out, in, nil
		case len(out) == cap(out):
			return out, in, ErrRoom
		case entry&isLiteral != 0:
			out = append(out, byte(entry>>valueShift))
			z.drop(n)
			continue
		}
		extra := uint(entry >> extraShift & extraBits)
		length := int(entry>>valueShift) + int(z.bits>>n&(1<<extra-1))
		n += extra
		if n > z.count {
			return out, in, errNeed
		}
		// The distance; bits above z.count are 0.
		entry = z.dist[z.bits>>n&(1<<distRoot-1)]
		if entry&isLink != 0 {
			link := entry
			entry = z.dist[int(link>>valueShift)+int(z.bits>>(n+distRoot)&(1<<(link&lengthBits)-1))]
		}
		m := uint(entry & lengthBits)
		extra = uint(entry >> extraShift & extraBits)
		if entry == 0 && z.count-n >= maxCode {
			return out, in, ErrCorrupt
		}
		if entry == 0 || n+m+extra > z.count {
			return out, in, errNeed
		}
		n += m
		distance := int(entry>>valueShift) + int(z.bits>>n&(1<<extra-1))
		if distance > len(out)+len(history) {
			return out, in, ErrCorrupt
		}
		z.drop(n + extra)
		z.copies, z.distance = length, distance
	}
}

// second looks a long code up. The bits that are not there yet are 0; the code found
// is then longer than what is there, or the one it is.
func (z *inflater) second(table []uint32, link uint32, root uint) uint32 {
	return table[int(link>>valueShift)+int(z.bits>>root&(1<<(link&lengthBits)-1))]
}

// reference copies as much of z.copies bytes from z.distance back as there is room.
func (z *inflater) reference(out, history []byte) []byte {
	n := min(z.copies, cap(out)-len(out))
	z.copies -= n
	at := len(out)
	out = out[:at+n]
	from := at - z.distance
	if from < 0 {
		k := copy(out[at:], history[len(history)+from:])
		if at += k; at == len(out) {
			return out
		}
		from = 0
	}
	if at == from {
		panic("deflate: a reference to itself")
	}
	for at < len(out) { // what was copied may be copied again
		at += copy(out[at:], out[from:at])
	}
	return out
}

// fast is codes while at least 8 bytes of input and room for two literals are there: it
// fills the bits by one load and looks at the limits once for each symbol. err is nil
// at the end of the block, errNeed when the careful way has to go on.
func (z *inflater) fast(out, history, in []byte) (bigger, rest []byte, err error) {
	bits, count := z.bits, z.count
	lit, dist := (*[1 << litRoot]uint32)(z.lit), (*[1 << distRoot]uint32)(z.dist)
	err = errNeed
loop:
	for len(in) >= 8 && cap(out)-len(out) >= 2 {
		// 56 bits or more; those of a byte that is not taken are loaded again.
		bits |= binary.LittleEndian.Uint64(in) << count
		in = in[(63-count)>>3:]
		count |= 56
		entry := lit[bits&(1<<litRoot-1)]
		if entry&isLiteral != 0 {
			out = append(out, byte(entry>>valueShift))
			bits >>= entry & lengthBits
			count -= uint(entry & lengthBits)
			if count < 48 {
				continue // a reference may need 15 + 5 + 15 + 13 bits
			}
			entry = lit[bits&(1<<litRoot-1)]
		}
		if entry&isLink != 0 {
			entry = z.lit[int(entry>>valueShift)+int(bits>>litRoot&(1<<(entry&lengthBits)-1))]
		}
		bits >>= entry & lengthBits
		count -= uint(entry & lengthBits)
		if entry&isLiteral != 0 {
			out = append(out, byte(entry>>valueShift))
			continue
		}
		if entry&isEnd != 0 {
			err = nil
			break
		}
		if entry == 0 {
			err = ErrCorrupt
			break
		}
		extra := entry >> extraShift & extraBits
		length := int(entry>>valueShift) + int(bits&(1<<extra-1))
		bits >>= extra
		count -= uint(extra)
		entry = dist[bits&(1<<distRoot-1)]
		if entry&isLink != 0 {
			entry = z.dist[int(entry>>valueShift)+int(bits>>distRoot&(1<<(entry&lengthBits)-1))]
		}
		if entry == 0 {
			err = ErrCorrupt
			break
		}
		bits >>= entry & lengthBits
		count -= uint(entry & lengthBits)
		extra = entry >> extraShift & extraBits
		distance := int(entry>>valueShift) + int(bits&(1<<extra-1))
		bits >>= extra
		count -= uint(extra)
		if distance > len(out)+len(history) {
			err = ErrCorrupt
			break
		}
		at := len(out)
		if from := at - distance; from >= 0 && distance >= length && cap(out)-at >= length {
			out = out[:at+length]
			copy(out[at:], out[from:from+length])
			continue
		}
		z.copies, z.distance = length, distance
		if out = z.reference(out, history); z.copies > 0 {
			break loop
		}
	}
	z.bits, z.count = bits&(1<<count-1), count
	return out, in, err
}
