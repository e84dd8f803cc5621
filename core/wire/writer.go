// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"math"

	"github.com/gobwas/ws"
)

// MaxHeader is the size in bytes of the longest frame header: two bytes, a
// 64-bit length and a mask (RFC 6455 5.2).
const MaxHeader = 14

// HeaderSize returns the size in bytes of the header of a frame with size bytes
// of payload.
func HeaderSize(size int, masked bool) int {
	n := 2
	if size > math.MaxUint16 {
		n = 10
	} else if size > 125 {
		n = 4
	}
	if masked {
		n += 4
	}
	return n
}

// AppendHeader appends to dst the header of an unmasked frame, as a server sends
// it, with size bytes of payload (RFC 6455 5.2). fin marks the last frame of a
// message. The caller sees to the rules of control frames: fin, and at most 125
// bytes. It returns the longer slice.
func AppendHeader(dst []byte, op ws.OpCode, fin bool, size int) []byte {
	return appendStart(dst, op, fin, 0, size)
}

// AppendMaskedHeader is [AppendHeader] for a frame of a client. The caller masks
// the payload with the same mask, which is used for one frame only; see
// [NewMask].
func AppendMaskedHeader(dst []byte, op ws.OpCode, fin bool, size int, mask [4]byte) []byte {
	return append(appendStart(dst, op, fin, maskBit, size), mask[:]...)
}

// appendStart appends a header up to the mask. masked is the mask bit.
func appendStart(dst []byte, op ws.OpCode, fin bool, masked byte, size int) []byte {
	first := byte(op)
	if fin {
		first |= finBit
	}
	switch {
	case size <= 125:
		return append(dst, first, masked|byte(size)) // fits: up to 125
	case size <= math.MaxUint16:
		return append(dst, first, masked|126, byte(size>>8), byte(size)) // fits: up to 65535, in two bytes
	}
	return binary.BigEndian.AppendUint64(append(dst, first, masked|127), uint64(size))
}

// AppendFrame appends a frame with fin set, as our end of the connection,
// role, has to send it. payload is copied and stays as it is; a client's copy is
// masked with a fresh mask. payload may not overlap the free part of dst. A
// payload of a control frame has at most 125 bytes. It returns the longer slice.
func AppendFrame(dst []byte, role Role, op ws.OpCode, payload []byte) []byte {
	return AppendFragment(dst, role, op, true, payload)
}

// AppendFragment is [AppendFrame] for a piece of a message (RFC 6455 5.4).
func AppendFragment(dst []byte, role Role, op ws.OpCode, fin bool, payload []byte) []byte {
	if role == Server {
		return append(AppendHeader(dst, op, fin, len(payload)), payload...)
	}
	return AppendMasked(dst, op, fin, payload, NewMask())
}

// AppendMasked is [AppendFragment] of a client with a mask that was not used before;
// see [Masks].
func AppendMasked(dst []byte, op ws.OpCode, fin bool, payload []byte, mask [4]byte) []byte {
	dst = AppendMaskedHeader(dst, op, fin, len(payload), mask)
	start := len(dst)
	dst = append(dst, payload...)
	Mask(dst[start:], mask, 0)
	return dst
}

// AppendClose appends a Close frame (RFC 6455 5.5.1). Code 0 means a frame
// without code and reason. The caller has checked the code with [ValidOnWire]
// and the reason as UTF-8; a reason has at most 123 bytes, and what goes beyond
// is left out.
func AppendClose(dst []byte, role Role, code uint16, reason []byte) []byte {
	if code == 0 {
		return AppendFrame(dst, role, ws.OpClose, nil)
	}
	var payload [ws.MaxControlFramePayloadSize]byte
	binary.BigEndian.PutUint16(payload[:], code)
	n := 2 + copy(payload[2:], reason)
	return AppendFrame(dst, role, ws.OpClose, payload[:n])
}
