// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"crypto/rand"
	"sync"
)

// stock holds random bytes for many masks: asking the system for four bytes at a
// time would cost more than writing a small frame.
var stock struct {
	sync.Mutex            // guards the fields below
	random     [4096]byte // the last left bytes are not handed out yet
	left       int
}

// draw fills p, whose size divides that of the stock, with bytes of crypto/rand that
// nobody else gets.
func draw(p []byte) {
	stock.Lock()
	defer stock.Unlock()
	if stock.left < len(p) {
		rand.Read(stock.random[:]) // never returns an error
		stock.left = len(stock.random)
	}
	copy(p, stock.random[len(stock.random)-stock.left:])
	stock.left -= len(p)
}

// NewMask returns a fresh mask for one frame of a client. It comes from
// crypto/rand, so that nobody who sees earlier ones can predict it (RFC 6455
// 10.3). Any thread.
func NewMask() (mask [4]byte) {
	draw(mask[:])
	return mask
}

// Masks is [NewMask] for one user at a time, who takes no lock for most of them. The zero
// value is ready to use.
type Masks struct {
	random [64]byte // the last left bytes are not handed out yet
	left   int
}

// Next returns a fresh mask.
func (m *Masks) Next() [4]byte {
	if m.left == 0 {
		draw(m.random[:])
		m.left = len(m.random)
	}
	mask := [4]byte(m.random[len(m.random)-m.left:])
	m.left -= len(mask)
	return mask
}
