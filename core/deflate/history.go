// SPDX-License-Identifier: Apache-2.0

package deflate

import "slices"

// MaxWindow is how far back DEFLATE data can refer (RFC 1951 2).
const MaxWindow = 1 << maxBits

// Memory lends buffers. A buffer may have a larger capacity than was asked for.
type Memory interface {
	// Grow returns a buffer for at least n bytes that begins with what b holds, and
	// takes b back. On an error b is still the caller's. b may be nil.
	Grow(b []byte, n int) ([]byte, error)
	// Put takes a buffer back; nil is ignored.
	Put(b []byte)
	// Count counts n bytes that a coder takes of the Go heap, or refuses them. It gives
	// them back when n is negative, which never fails.
	Count(n int) error
}

// history is the last bytes of a direction, to which what follows may refer. It grows to a
// window, and from then on the newest bytes take the place of the oldest, so that a short message
// costs no copy of all the others.
type history struct {
	ring []byte
	end  int // behind the newest byte, where the oldest is when the ring is full
}

// size is how many bytes it has.
func (h *history) size() int { return len(h.ring) }

// add remembers data, and at least the last window bytes of all there was. grew says that it
// has another buffer now. On an error it is as it was.
func (h *history) add(m Memory, data []byte, window int) (grew bool, err error) {
	window = max(window, len(h.ring))
	if size := min(window, len(h.ring)+len(data)); size > cap(h.ring) {
		bigger, err := m.Grow(h.ring, min(window, max(size, 2*len(h.ring))))
		if err != nil {
			return false, err
		}
		h.ring, grew = bigger, true
	}
	if len(data) > window {
		data = data[len(data)-window:]
	}
	if n := min(window-len(h.ring), len(data)); n > 0 {
		h.straighten()
		h.ring = append(h.ring, data[:n]...)
		h.end, data = len(h.ring), data[n:]
	}
	for len(data) > 0 {
		if h.end == len(h.ring) {
			h.end = 0
		}
		n := copy(h.ring[h.end:], data)
		h.end, data = h.end+n, data[n:]
	}
	return grew, nil
}

// straighten puts the oldest byte first, of a ring that was full of a smaller window.
func (h *history) straighten() {
	if h.end < len(h.ring) {
		slices.Reverse(h.ring[:h.end])
		slices.Reverse(h.ring[h.end:])
		slices.Reverse(h.ring)
		h.end = len(h.ring)
	}
}

// from is what lies together from distance bytes before the end on.
func (h *history) from(distance int) []byte {
	if at := h.end - distance; at >= 0 {
		return h.ring[at:h.end]
	}
	return h.ring[len(h.ring)+h.end-distance:]
}

// clear forgets all of it and keeps the buffer.
func (h *history) clear() { h.ring, h.end = h.ring[:0], 0 }

// drop gives the buffer back.
func (h *history) drop(m Memory) {
	m.Put(h.ring)
	*h = history{}
}
