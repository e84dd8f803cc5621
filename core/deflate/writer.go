// SPDX-License-Identifier: Apache-2.0

package deflate

import "encoding/binary"

// writer writes bits, the first one lowest (RFC 1951 3.1.1), of one block at a time.
type writer struct {
	bitBuffer
	size  int // bytes
	bytes [mostData + 256]byte
}

// bitBuffer is bits that are no bytes yet.
type bitBuffer struct {
	bits  uint64
	count uint // below 8 after flush
}

// put adds the low n bits of v; the others are 0. Up to 56 fit before a flush.
func (b *bitBuffer) put(v uint64, n uint) {
	b.bits |= v << (b.count & 63)
	b.count += n
}

// add adds a word of a code.
func (b *bitBuffer) add(word uint32) {
	b.put(uint64(word>>wordShift), uint(word&(1<<wordShift-1)))
}

// flush writes the bytes that are whole, and some more that do not count, to what follows size; it
// returns what size is then.
func (b *bitBuffer) flush(to []byte, size int) int {
	binary.LittleEndian.PutUint64(to, b.bits)
	size += int(b.count >> 3)
	b.bits >>= b.count &^ 7 & 63
	b.count &= 7
	return size
}

// flush writes the bytes that are whole. No block takes more than a stored one, so there is room.
func (w *writer) flush() { w.size = w.bitBuffer.flush(w.bytes[w.size:], w.size) }

// align fills a byte up with zeros.
func (w *writer) align() {
	w.count = (w.count + 7) &^ 7
	w.flush()
}

// stored writes a stored block, RFC 1951 3.2.4.
func (w *writer) stored(data []byte) {
	w.put(0, 3)
	w.align()
	n := uint64(len(data))
	w.put(n|(n^0xffff)<<16, 32)
	w.flush()
	w.size += copy(w.bytes[w.size:], data)
}

// take appends the whole bytes to dst, within its capacity; false: they do not fit.
func (w *writer) take(dst []byte) ([]byte, bool) {
	if w.size > cap(dst)-len(dst) {
		return dst, false
	}
	dst = append(dst, w.bytes[:w.size]...)
	w.size = 0
	return dst, true
}
