// SPDX-License-Identifier: Apache-2.0

package wire

import "github.com/gobwas/ws"

// Fin is set in the first byte of the last frame of a message (RFC 6455 5.2).
const Fin = finBit

// FirstByte is that of a frame that is a message by itself.
func FirstByte(op ws.OpCode) byte { return Fin | byte(op) }

// OpCode is that of a frame with this first byte, with RSV1 if it is compressed.
func OpCode(first byte) ws.OpCode { return ws.OpCode(first &^ Fin) }

// A message, or a piece of one, may have to leave in several frames, which lie side by side
// (RFC 6455 5.4). It is one until it is encoded, so no limit, completion or order knows of that, and
// no other message, nor a control frame, comes between them.

// Cutter takes a message, or a piece of one, apart. First is the first byte of its frame, if that is
// the last one; Most the largest payload of a frame, 0: any.
type Cutter struct {
	First byte
	Data  []byte
	Most  int
}

// Next is the next frame; more tells whether others follow. The bits of extensions stand in the
// first one only (RFC 7692 6.1).
func (k *Cutter) Next() (first byte, payload []byte, more bool) {
	if k.Most == 0 || len(k.Data) <= k.Most {
		return k.First, k.Data, false
	}
	first, payload = k.First&^Fin, k.Data[:k.Most]
	k.First, k.Data = k.First&Fin|byte(ws.OpContinuation), k.Data[k.Most:]
	return first, payload, true
}

// CutSize is how many bytes the frames of size bytes of payload take.
func CutSize(size, most int, masked bool) int {
	if most == 0 || size <= most {
		return HeaderSize(size, masked) + size
	}
	whole := (size - 1) / most // the last one has a byte at least
	last := size - whole*most
	return whole*(HeaderSize(most, masked)+most) + HeaderSize(last, masked) + last
}

// CutFrames is how many frames size bytes of payload are.
func CutFrames(size, most int) uint64 {
	if most == 0 || size <= most {
		return 1
	}
	return uint64((size-1)/most) + 1 // fits: it is positive
}

// AppendCut appends the frames of a message, or of a piece of one, as role sends them.
func AppendCut(dst []byte, role Role, first byte, data []byte, most int) []byte {
	k := Cutter{first, data, most}
	for {
		first, payload, more := k.Next()
		dst = AppendFragment(dst, role, OpCode(first), first&Fin != 0, payload)
		if !more {
			return dst
		}
	}
}
