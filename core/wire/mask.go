// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"crypto/rand"
	"encoding/binary"
	"libws/core/lock"
	"unsafe"

	"github.com/gobwas/ws"
)

// maskSelf is up to which size a payload is masked here: calling for more than that
// costs less than it gains.
const maskSelf = 128

// Mask masks or unmasks p in place (RFC 6455 5.3); at is where p begins in its frame's
// payload.
func Mask(p []byte, mask [4]byte, at int) {
	if len(p) > maskSelf || at&3 != 0 {
		ws.Cipher(p, mask, at)
		return
	}
	maskShort(p, binary.NativeEndian.Uint32(mask[:]))
}

// maskShort is Mask from the beginning of a payload, word by word; half is the mask as it lies in memory.
func maskShort(p []byte, half uint32) {
	word, at := uint64(half)|uint64(half)<<32, unsafe.Pointer(unsafe.SliceData(p))
	i := 0
	for ; i+32 <= len(p); i += 32 {
		q := (*[4]uint64)(unsafe.Add(at, i))
		q[0] ^= word
		q[1] ^= word
		q[2] ^= word
		q[3] ^= word
	}
	for ; i+8 <= len(p); i += 8 {
		*(*uint64)(unsafe.Add(at, i)) ^= word
	}
	for ; i < len(p); i++ {
		p[i] ^= (*[4]byte)(unsafe.Pointer(&half))[i&3]
	}
}

// stock holds random bytes for many masks: asking the system for four bytes at a
// time would cost more than writing a small frame.
var stock struct {
	mu     lock.Mutex[lock.Random]
	random [4096]byte // the last left bytes are not handed out yet; guarded by mu
	left   int        // guarded by mu
}

// draw fills p, whose size divides that of the stock, with bytes of crypto/rand that
// nobody else gets.
func draw(p []byte) {
	stock.mu.Lock()
	defer stock.mu.Unlock()
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
