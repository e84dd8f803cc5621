// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"encoding/binary"
	"math/bits"
)

// References have 3 to 258 bytes (RFC 1951 3.2.5). Those of 3 are not looked for: they save
// little, and need a table of their own.
const (
	minMatch = 4
	maxMatch = 258
)

// An index says where five bytes were seen lately: the entry for their hash is one position of 16
// bits, or four with the newest one lowest. A position counts all bytes of a direction, modulo 65536.
// What an entry says is only a guess, which is compared before it is used, so nothing in it ever has
// to be taken back: neither when a message was not sent, nor when its bytes have left the window.
type index struct {
	entries []byte
	shift   uint // of a hash
	single  bool
}

// indexOf is an index in memory of a power of two bytes, 16 or more; ways is as in effort.
func indexOf(memory []byte, ways int) index {
	size := 8
	if ways == 1 {
		size = 2
	}
	return index{memory, uint(64 - bits.Len(uint(len(memory)/size-1))), ways == 1}
}

// indexSize is the most bytes of an index: half of a window's. Twice as many make messages smaller by
// a hundredth.
const indexSize = MaxWindow / 2

// indexFor is how many bytes an index of n bytes has.
func indexFor(n int) int { return min(max(1<<bits.Len(uint(n-1)), 16), indexSize) }

// note adds the position of what begins with v, and returns the entry as it was.
// fits: positions are modulo 65536.
func (x *index) note(v uint64, at int) (entry uint64) {
	hash := int((v << 24) * 0x9e3779b97f4a7c15 >> (x.shift & 63))
	if x.single {
		e := x.entries[2*hash:]
		entry = uint64(binary.LittleEndian.Uint16(e))
		binary.LittleEndian.PutUint16(e, uint16(at))
		return entry
	}
	e := x.entries[8*hash:]
	entry = binary.LittleEndian.Uint64(e)
	binary.LittleEndian.PutUint64(e, entry<<16|uint64(uint16(at)))
	return entry
}

// noteAll adds the positions of data, which begins at position at.
func (x *index) noteAll(data []byte, at int) {
	for i := 0; i+8 <= len(data); i++ {
		x.note(binary.LittleEndian.Uint64(data[i:]), at+i)
	}
}

// step is a run of literals, and the reference behind it.
type step struct {
	literals         uint16
	length, distance uint16 // 0: there is none
	lengthSym        uint8  // less 257
	distSym          uint8
}

// effort is how hard a level looks.
type effort struct {
	ways  int  // positions that are compared, and are in an entry: 1, or up to 4
	good  int  // bytes of a reference that is taken without a look at what begins a byte later; 0: any is
	notes int  // positions inside a reference that are noted
	skips uint // where nothing was found so often, as a power of two, each further byte skips one more
}

// efforts by level, less 1; those above are the library's, or with a narrow window as the last.
var efforts = [...]effort{{1, 0, 1, 5}, {2, 0, 1, 5}, {2, 8, 16, 5}, {4, 8, 16, 5}, {4, 16, 258, 6}}

// bytesAt is the next eight of data, or those that are left and zeros. data has eight or more.
func bytesAt(data []byte, at int) uint64 {
	if at+8 <= len(data) {
		return binary.LittleEndian.Uint64(data[at:])
	}
	return binary.LittleEndian.Uint64(data[len(data)-8:]) >> (uint(at+8-len(data)) * 8 & 63)
}

// search is a look for references in one message.
type search struct {
	index  index
	data   []byte
	before *history // of data; may be nil
	base   int      // position of data's first byte
	window int
	effort *effort
}

// longest is the longest reference for what begins at at, with v, that is longer than best, of those
// that entry knows.
// fits: positions are modulo 65536.
func (s *search) longest(entry, v uint64, at, best int) (length, distance int) {
	length = best
	for range s.effort.ways {
		d := int(uint16(s.base+at) - uint16(entry))
		entry >>= 16
		n := 0
		if old := at - d; uint(old) < uint(at) && d <= s.window {
			if uint32(v) != binary.LittleEndian.Uint32(s.data[old:]) {
				continue
			}
			n = common(s.data[at:], s.data[old:])
		} else if n = s.commonBefore(v, at, d); n == 0 {
			continue
		}
		if n > length {
			length, distance = n, d
		}
	}
	return length, distance
}

// commonBefore is common for a distance that leads to before the message, or 0.
// fits: the low four bytes of v are meant.
func (s *search) commonBefore(v uint64, at, distance int) int {
	if distance <= at || distance > min(s.window, at+s.before.size()) {
		return 0
	}
	old := s.before.from(distance - at)
	if len(old) < minMatch || uint32(v) != binary.LittleEndian.Uint32(old) {
		return 0
	}
	return common(s.data[at:], old)
}

// common is how many bytes a and b have in common at their begin, up to maxMatch; the first 4 are
// known to be.
func common(a, b []byte) int {
	n := min(len(a), len(b), maxMatch)
	a, b = a[:n], b[:n]
	i := 4
	for ; len(a) >= i+8 && len(b) >= i+8; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)>>3
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}
