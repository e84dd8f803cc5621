// SPDX-License-Identifier: Apache-2.0

package deflate

import "encoding/binary"

// symbols decodes literals and references, to the end of the block when err is nil.
// fits: symbols have 9 bits, extra bits of a code are up to 13 (RFC 1951 3.2.5).
func (z *inflater) symbols(out []byte, history *history, in []byte) (bigger, rest []byte, err error) {
	for {
		if z.copies > 0 {
			if out = z.reference(out, history); z.copies > 0 {
				return out, in, ErrFull
			}
		}
		if len(in) >= 8 && cap(out)-len(out) >= fastRoom {
			if out, in, err = z.fast(out, history, in); err == nil || err == ErrCorrupt {
				return out, in, err
			}
			continue
		}
		in = z.refill(in)
		entry := z.lit[z.bits&z.litMask]
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
		entry = z.dist[z.bits>>n&z.distMask]
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
		if distance > len(out)+history.size() {
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
func (z *inflater) reference(out []byte, history *history) []byte {
	n := min(z.copies, cap(out)-len(out))
	z.copies -= n
	at := len(out)
	out = out[:at+n]
	from := at - z.distance
	for ; from < 0; from = at - z.distance {
		at += copy(out[at:], history.from(-from))
		if at == len(out) {
			return out
		}
	}
	if at == from {
		panic("deflate: a reference to itself")
	}
	for at < len(out) { // what was copied may be copied again
		at += copy(out[at:], out[from:at])
	}
	return out
}

// fast is symbols while at least 8 bytes of input and room for two literals are there: it
// fills the bits by one load and looks at the limits once for each symbol. err is nil
// at the end of the block, errNeed when the careful way has to go on.
// fits: as in symbols.
func (z *inflater) fast(out []byte, history *history, in []byte) (bigger, rest []byte, err error) {
	bits, count := z.bits, z.count
	lit, dist := (*[1 << litRoot]uint32)(z.lit), (*[1 << distRoot]uint32)(z.dist)
	litMask, distMask := z.litMask&(1<<litRoot-1), z.distMask&(1<<distRoot-1)
	known := history.size()
	to, at := out[:cap(out)], len(out)
	err = errNeed
	for len(in) >= 8 && len(to)-at >= fastRoom {
		// 56 bits or more; those of a byte that is not taken are loaded again.
		bits |= binary.LittleEndian.Uint64(in) << (count & 63)
		in = in[(63-count)>>3:]
		count |= 56
		entry := lit[bits&litMask]
		for entry&isLiteral != 0 && count >= 48 { // a reference may need 15 + 5 + 15 + 13 bits
			to[at] = byte(entry >> valueShift)
			at++
			bits >>= entry & lengthBits
			count -= uint(entry & lengthBits)
			entry = lit[bits&litMask]
		}
		if count < 48 {
			continue
		}
		if entry&isLink != 0 {
			entry = z.lit[int(entry>>valueShift)+int(bits>>litRoot&(1<<(entry&lengthBits)-1))]
		}
		bits >>= entry & lengthBits
		count -= uint(entry & lengthBits)
		if entry&isLiteral != 0 {
			to[at] = byte(entry >> valueShift)
			at++
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
		entry = dist[bits&distMask]
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
		from := at - distance
		if from >= 0 && distance >= 8 && length+8 <= len(to)-at {
			copyWords(to[at:], to[from:], length)
			at += length
			continue
		}
		if distance > at+known {
			err = ErrCorrupt
			break
		}
		z.copies, z.distance = length, distance
		at = len(z.reference(to[:at], history))
		if z.copies > 0 {
			break
		}
	}
	z.bits, z.count = bits&(1<<count-1), count
	return to[:at], in, err
}

// fastRoom is what the literals of one round take at the most: of 63 bits, one each as long as 48 are
// left, and one more.
const fastRoom = 17

// copyWords copies n bytes and up to seven more, which lie eight or more apart.
func copyWords(to, from []byte, n int) {
	for i := 0; i < n; i += 8 {
		binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(from[i:]))
	}
}
