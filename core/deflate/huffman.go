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

// Lengths and distances, RFC 1951 3.2.5.
var (
	litEntries  [288]uint32 // by symbol, without the length of the code
	distEntries [32]uint32
	codeEntries [19]uint32 // of the code lengths, 3.2.7
)

// The code that both ends know, RFC 1951 3.2.6.
var fixed struct {
	once sync.Once
	lit  [1 << litRoot]uint32
	dist [1 << distRoot]uint32
}

// fits: symbols and extra bits are small (RFC 1951 3.2.5).
func init() {
	for i := range 256 {
		litEntries[i] = isLiteral | uint32(i)<<valueShift
	}
	litEntries[256] = isEnd
	base := uint32(3)
	for i := range 28 {
		extra := uint32(max(0, i/4-1))
		litEntries[257+i] = extra<<extraShift | base<<valueShift
		base += 1 << extra
	}
	litEntries[285] = 258 << valueShift
	base = 1
	for i := range 30 {
		extra := uint32(max(0, i/2-1))
		distEntries[i] = extra<<extraShift | base<<valueShift
		base += 1 << extra
	}
	for i := range codeEntries {
		codeEntries[i] = isLiteral | uint32(i)<<valueShift
	}
}

func fixedCodes() (lit, dist []uint32) {
	fixed.once.Do(func() {
		var lengths [288]uint8
		for i := range lengths {
			switch {
			case i < 144:
				lengths[i] = 8
			case i < 256:
				lengths[i] = 9
			case i < 280:
				lengths[i] = 7
			default:
				lengths[i] = 8
			}
		}
		buildTable(fixed.lit[:], litRoot, lengths[:], litEntries[:])
		for i := range 32 {
			lengths[i] = 5
		}
		buildTable(fixed.dist[:], distRoot, lengths[:32], distEntries[:])
	})
	return fixed.lit[:], fixed.dist[:]
}

// buildTable makes the table of a canonical code (RFC 1951 3.2.2) from the lengths of
// its symbols' codes; entries says what each symbol stands for, 0 for one that may
// not occur. False: the lengths make no code. A single code of one bit is fine, and
// so is none at all as long as it is not used.
// fits: there are up to 288 symbols, with codes of up to 15 bits.
func buildTable(table []uint32, root int, lengths []uint8, entries []uint32) bool {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	left, used := 1, 0
	for n := 1; n <= maxCode; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false // more codes than there are
		}
		used += count[n]
	}
	if left > 0 && used > 0 && !(used == 1 && count[1] == 1) {
		return false // bits that stand for nothing
	}
	clear(table[:1<<root])
	if used == 0 {
		return true
	}

	// Symbols in the order of their codes: by length, then by symbol.
	var at [maxCode + 2]int
	for n := 1; n <= maxCode; n++ {
		at[n+1] = at[n] + count[n]
	}
	var sorted [288]uint16
	for symbol, n := range lengths {
		if n != 0 {
			sorted[at[n]] = uint16(symbol)
			at[n]++
		}
	}

	end := 1 << root                // of the table so far
	second, from, index := -1, 0, 0 // of the current second table: its root bits, its begin, the bits of its index
	code, length := 0, 0
	for i := range used {
		symbol := sorted[i]
		n := int(lengths[symbol])
		code <<= n - length
		length = n
		entry := entries[symbol]
		if entry != 0 {
			entry |= uint32(n)
		}
		reversed := int(bits.Reverse16(uint16(code)) >> (16 - n))
		if n <= root {
			for j := reversed; j < 1<<root; j += 1 << n {
				table[j] = entry
			}
		} else {
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
		}
		count[n]--
		code++
	}
	return true
}
