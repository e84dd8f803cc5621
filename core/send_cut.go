// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/wire"
)

// With config.ConnOptions.MaxFrame a message, or a piece of one, leaves in several frames, which
// lie side by side (RFC 6455 5.4): as one until it is encoded, and again behind that. So no limit,
// completion or order knows of it, and no other message, nor a control frame, comes between them.

// cutter takes a message, or a piece of one, apart. most is the largest payload of a frame, 0: any.
type cutter struct {
	first byte // of the next frame, if that is the last one
	data  []byte
	most  int
}

// cuts tells whether more than one frame is left.
func (k *cutter) cuts() bool { return k.most > 0 && len(k.data) > k.most }

// next is the next frame; more tells whether others follow. The bits of extensions stand in the
// first one only (RFC 7692 6.1).
func (k *cutter) next() (first byte, payload []byte, more bool) {
	if !k.cuts() {
		return k.first, k.data, false
	}
	first, payload = k.first&^finBit, k.data[:k.most]
	k.first, k.data = k.first&finBit|byte(ws.OpContinuation), k.data[k.most:]
	return first, payload, true
}

// cutSize is how many bytes the frames of size bytes of payload take.
func cutSize(size, most int, masked bool) int {
	if most == 0 || size <= most {
		return wire.HeaderSize(size, masked) + size
	}
	whole := (size - 1) / most // the last one has a byte at least
	last := size - whole*most
	return whole*(wire.HeaderSize(most, masked)+most) + wire.HeaderSize(last, masked) + last
}

// appendCut appends the frames of a message, or of a piece of one, as role sends them.
func appendCut(dst []byte, role wire.Role, first byte, data []byte, most int) []byte {
	k := cutter{first, data, most}
	for {
		first, payload, more := k.next()
		dst = wire.AppendFragment(dst, role, opcode(first), first&finBit != 0, payload)
		if !more {
			return dst
		}
	}
}

// maxFrame is the largest payload of a frame, 0: any. Any thread.
func (c *Conn) maxFrame() int { return int(c.options().MaxFrame) } // fits: up to 2^30

// frameSize is how many bytes the frames of size bytes of payload take. Any thread.
func (c *Conn) frameSize(size int) int { return cutSize(size, c.maxFrame(), c.server == nil) }

// frames is how many frames size bytes of payload are. Any thread.
func (c *Conn) frames(size int) uint64 {
	most := c.maxFrame()
	if most == 0 || size <= most {
		return 1
	}
	return uint64((size-1)/most) + 1 // fits: it is positive
}
