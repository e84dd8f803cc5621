// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"math/bits"
	"sync"
)

// A code table is looked up by the next bits of the input, the first one lowest. The
// first 1<<root entries stand for the first bits; an entry with isLink leads to a
// second table behind them, for codes that are longer. An entry of 0 is no code.
//
// An entry has, from the lowest bit: 5 bits length of the code (in a link: of the
// second table's index), 4 bits number of extra bits, 3 flags, and in the upper half
// a literal, the base of a length or distance, or where the second table begins.
const (
	lengthBits = 0x1f
	extraShift = 5
	extraBits  = 0x0f
	isLiteral  = 1 << 9
	isEnd      = 1 << 10
	isLink     = 1 << 11
	valueShift = 16
)

const (
	litRoot  = 10
	distRoot = 8
	// What the worst complete codes of 288 and 32 symbols need (zlib's enough.c).
	litTable  = 1334
	distTable = 402
	maxCode   = 15 // bits, RFC 1951 3.2.7
)

// Entries by symbol, without the length of the code: lengths and distances of RFC 1951 3.2.5, and
// the code lengths of 3.2.7.
var litEntries, distEntries, codeEntries = makeEntries()

// codes are those of a block: tables, and the masks of the bits that they are looked up by.
type codes struct {
	lit, dist         []uint32
	litMask, distMask uint64
}

// build makes both from the lengths of their symbols' codes, in memory for their tables.
func (c *codes) build(lit, dist []uint32, litLengths, distLengths []uint8) bool {
	litRoot, ok := buildTable(lit, litRoot, litLengths, litEntries[:])
	if !ok {
		return false
	}
	distRoot, ok := buildTable(dist, distRoot, distLengths, distEntries[:])
	*c = codes{lit, dist, 1<<litRoot - 1, 1<<distRoot - 1}
	return ok
}

// The code that both ends know, RFC 1951 3.2.6.
var fixedCodes = sync.OnceValue(func() (c codes) {
	c.build(make([]uint32, 1<<litRoot), make([]uint32, 1<<distRoot), fixedLit[:], fixedDist[:])
	return c
})

// fits: symbols and extra bits are small (RFC 1951 3.2.5).
func makeEntries() (lit [288]uint32, dist [32]uint32, code [19]uint32) {
	for i := range 256 {
		lit[i] = isLiteral | uint32(i)<<valueShift
	}
	lit[256] = isEnd
	base := uint32(3)
	for i := range 28 {
		extra := uint32(max(0, i/4-1))
		lit[257+i] = extra<<extraShift | base<<valueShift
		base += 1 << extra
	}
	lit[285] = 258 << valueShift
	base = 1
	for i := range 30 {
		extra := uint32(max(0, i/2-1))
		dist[i] = extra<<extraShift | base<<valueShift
		base += 1 << extra
	}
	for i := range code {
		code[i] = isLiteral | uint32(i)<<valueShift
	}
	return lit, dist, code
}

func fixedLengths() (lit [288]uint8, dist [32]uint8) {
	for i := range lit {
		switch {
		case i < 144:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		case i < 280:
			lit[i] = 7
		default:
			lit[i] = 8
		}
	}
	for i := range dist {
		dist[i] = 5
	}
	return lit, dist
}

// buildTable makes the table of a canonical code (RFC 1951 3.2.2) from the lengths of
// its symbols' codes; entries says what each symbol stands for, 0 for one that may
// not occur. The index has up to most bits, no more than the longest code. False: the lengths
// make no code. A single code of one bit is fine, and so is none at all as long as it is not used.
// fits: there are up to 288 symbols, with codes of up to 15 bits.
func buildTable(table []uint32, most int, lengths []uint8, entries []uint32) (root int, ok bool) {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n&maxCode]++
	}
	count[0] = 0
	left, used, longest := 1, 0, 1
	var at [maxCode + 2]uint16 // symbols in the order of their codes: by length, then by symbol
	for n := 1; n <= maxCode; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return 0, false // more codes than there are
		}
		if count[n] > 0 {
			longest = n
		}
		at[n] = uint16(used)
		used += count[n]
	}
	var sorted [288]uint16
	for symbol, n := range lengths {
		if n != 0 {
			place := &at[n&maxCode]
			sorted[*place] = uint16(symbol)
			*place++
		}
	}
	root = min(longest, most)
	if left > 0 { // bits that stand for nothing
		if used > 1 || used != count[1] {
			return 0, false
		}
		table[0], table[1] = 0, 0
		if used == 1 && entries[sorted[0]] != 0 {
			table[0] = entries[sorted[0]] | 1
		}
		return 1, true
	}

	// What is there for one length less stands for the next one twice. A code is counted from its
	// last bit, which is the highest one here.
	code, size, i := 0, 1, 0
	for n := 1; n <= root; n++ {
		copy(table[size:2*size], table[:size])
		size *= 2
		for range count[n] {
			table[code] = coded(entries[sorted[i]], n)
			i++
			bit := 1 << bits.Len(uint(code^(size-1))) >> 1
			code = code&(bit-1) | bit
		}
	}
	return root, longest <= root || buildSecond(table, root, sorted[i:used], lengths, entries, &count)
}

// coded is an entry with the length of its code.
// fits: that is up to 15.
func coded(entry uint32, n int) uint32 {
	if entry == 0 {
		return 0
	}
	return entry | uint32(n)
}

// buildSecond makes the second tables, for symbols with codes that are longer than root.
// fits: as in buildTable.
func buildSecond(table []uint32, root int, sorted []uint16, lengths []uint8, entries []uint32,
	count *[maxCode + 1]int) bool {
	end := 1 << root                // of the table so far
	second, from, index := -1, 0, 0 // of the current second table: its root bits, its begin, the bits of its index
	code, length := 0, root
	for n := 1; n <= root; n++ {
		code = code<<1 + count[n]
	}
	for _, symbol := range sorted {
		n := int(lengths[symbol])
		code <<= n - length
		length = n
		entry := coded(entries[symbol], n)
		reversed := int(bits.Reverse16(uint16(code)) >> (16 - n))
		low := reversed & (1<<root - 1)
		if low != second {
			// As many bits as complete what begins with these.
			index = n - root
			for room := 1<<index - count[n]; index+root < maxCode && room > 0; {
				index++
				room = room<<1 - count[index+root]
			}
			second, from = low, end
			end += 1 << index
			if end > len(table) {
				return false
			}
			table[low] = isLink | uint32(index) | uint32(from)<<valueShift
		}
		for j := reversed >> root; j < 1<<index; j += 1 << (n - root) {
			table[from+j] = entry
		}
		count[n]--
		code++
	}
	return true
}
