// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"crypto/rand"
	"sync"
)

// masks holds random bytes for many masks: asking the system for four bytes at
// a time would cost more than writing a small frame.
var masks struct {
	sync.Mutex            // guards the fields below
	random     [4096]byte // the last left bytes are not handed out yet
	left       int
}

// NewMask returns a fresh mask for one frame of a client. It comes from
// crypto/rand, so that nobody who sees earlier ones can predict it (RFC 6455
// 10.3). Any thread.
func NewMask() [4]byte {
	masks.Lock()
	defer masks.Unlock()
	if masks.left == 0 {
		rand.Read(masks.random[:]) // never returns an error
		masks.left = len(masks.random)
	}
	m := [4]byte(masks.random[len(masks.random)-masks.left:])
	masks.left -= len(m)
	return m
}
