// SPDX-License-Identifier: Apache-2.0

package deflate

import "encoding/binary"

// codes decodes literals and references, to the end of the block when err is nil.
// fits: symbols have 9 bits, extra bits of a code are up to 13 (RFC 1951 3.2.5).
func (z *inflater) codes(out, history, in []byte) (bigger, rest []byte, err error) {
	for {
		if z.copies > 0 {
			if out = z.reference(out, history); z.copies > 0 {
				return out, in, ErrFull
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
			return out, in, ErrFull
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
// fits: a code has up to 15 bits.
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
// fits: as in codes.
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
