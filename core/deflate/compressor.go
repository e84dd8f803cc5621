// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"encoding/binary"
	"sync"
)

// compressor is what it takes to compress one message, and nothing that is needed after it.
type compressor struct {
	block block
	out   writer
	own   [indexSize]byte // the index of messages that refer to nothing before them
}

var compressors = sync.Pool{New: func() any {
	return &compressor{block: block{steps: make([]step, 0, mostData/minMatch+1)}}
}}

// compress appends data as blocks, the last one an empty one, to dst, within its capacity and
// limit bytes; false: it takes more. The search has all but data and index, which it takes
// from the compressor when there is none.
func (c *compressor) compress(dst, data []byte, limit int, s *search) (bigger []byte, ok bool) {
	to := dst[:len(dst):min(cap(dst), len(dst)+limit)]
	if s.index.entries == nil {
		own := c.own[:indexFor(len(data))]
		clear(own)
		s.index = indexOf(own, s.effort.ways)
	}
	s.data = data
	c.out.bitBuffer, c.out.size = bitBuffer{}, 0
	for at := 0; at < len(data); {
		c.block.begin()
		from := at
		at = c.look(s, at)
		c.block.write(&c.out, data[from:at])
		if to, ok = c.out.take(to); !ok {
			return dst, false
		}
	}
	c.out.stored(nil)
	if to, ok = c.out.take(to); !ok {
		return dst, false
	}
	return to, true
}

// look finds what a block says, which begins at from, and where it ends.
// fits: positions are modulo 65536.
func (c *compressor) look(s *search, from int) (end int) {
	data := s.data
	end = min(from+mostData, len(data))
	if len(data) < 8 {
		c.block.add(data[from:end], 0, 0)
		return end
	}
	literals, missed := from, 0
	good, inside := s.effort.good, s.effort.notes
	index, base, skips := s.index, s.base, s.effort.skips
	for at := from; at+minMatch <= end; {
		v := bytesAt(data, at)
		entry := index.note(v, base+at)
		length, distance := 0, 0
		// Most have no reference; what is plain to see costs no call.
		old := at - int(uint16(base+at)-uint16(entry))
		if !index.single || uint(old) >= uint(at) || uint32(v) == binary.LittleEndian.Uint32(data[old:]) {
			length, distance = s.longest(entry, v, at, minMatch-1)
		}
		if distance == 0 {
			missed++
			at += 1 + missed>>(skips&63)
			continue
		}
		for length < good && at+1+minMatch <= end { // is there more one byte later?
			v := bytesAt(data, at+1)
			longer, far := s.longest(index.note(v, base+at+1), v, at+1, length)
			if far == 0 {
				break
			}
			at++
			length, distance = longer, far
		}
		missed = 0
		next := min(at+length, end)
		for i := at + 1; i < min(next, at+1+inside, len(data)-7); i++ {
			index.note(binary.LittleEndian.Uint64(data[i:]), base+i)
		}
		for at > literals && at > distance && data[at-1] == data[at-1-distance] && next-at < maxMatch {
			at-- // what was skipped belongs to it
		}
		c.block.add(data[literals:at], next-at, distance)
		at, literals = next, next
	}
	c.block.add(data[literals:end], 0, 0)
	return end
}
