// SPDX-License-Identifier: Apache-2.0

package deflate

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
			z.codes = fixedCodes()
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
		size := uint16(z.bits)           // fits: the low 16 bits are meant
		if size != ^uint16(z.bits>>16) { // fits: the low 16 bits are meant
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
	root, ok := buildTable(z.distMemory[:], distRoot, z.lengths[:len(codeEntries)], codeEntries[:])
	if !ok {
		return ErrCorrupt
	}
	z.distMask = 1<<root - 1
	z.have, z.state = 0, atLengths
	return nil
}

// headLengths reads the lengths of both codes as one sequence, RFC 1951 3.2.7.
// fits: a length is up to 15, and repeated up to 138 times.
func (z *inflater) headLengths() error {
	for z.have < z.nlit+z.ndist {
		entry := z.distMemory[z.bits&z.distMask&(1<<distRoot-1)]
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
		!z.codes.build(z.litMemory[:], z.distMemory[:], z.lengths[:z.nlit], z.lengths[z.nlit:z.nlit+z.ndist]) {
		return ErrCorrupt
	}
	z.state = inCodes
	return nil
}
