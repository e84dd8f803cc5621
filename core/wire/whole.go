// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"unicode/utf8"
	"unsafe"

	"github.com/gobwas/ws"
)

// Span is where the payload of a message lies in a buffer.
type Span struct {
	At, End int
	Op      ws.OpCode // OpText or OpBinary
}

// Wholes takes the data frames at the beginning of buf that are messages by themselves and lie wholly in it, which
// is how nearly all messages arrive; it spares them the general way. found tells which, as many as there is room
// for, n of them. They end at next, and with anything else: then Next decides. Payloads are
// unmasked in place and checked, as by Next; err is about the one at next; what lies behind that may be
// unmasked already, and is of no use.
func (p *Parser) Wholes(buf []byte, found []Span) (n, next int, err *Error) {
	if p.state != parsingFrame || p.message != 0 {
		return 0, 0, nil
	}
	n, texts, long := p.find(buf, found)
	found = found[:n]
	if long && p.masked != 0 {
		unmaskLong(buf, found)
	}
	for i := 0; texts && i < len(found); i++ {
		f := &found[i]
		if f.Op == ws.OpText && !utf8.Valid(buf[f.At:f.End]) {
			_, _, err = p.fail(ErrNotUTF8, buf[next:])
			return i, next, err
		}
		next = f.End
	}
	if n > 0 {
		next = found[n-1].End
	}
	return n, next, nil
}

// find fills found with what Wholes may take; it tells how many there are, whether one is text, and whether one is
// long: payloads of at most maskSelf bytes are unmasked already. What it needs for a short message stays in registers:
// it calls nothing, and reads and writes what it has compared with the size of buf.
func (p *Parser) find(buf []byte, found []Span) (n int, texts, long bool) {
	head, masked, limit := 2+int(p.masked>>5), p.masked, p.limit // a mask has four bytes
	base, have, at, seen := unsafe.Pointer(unsafe.SliceData(buf)), len(buf), 0, byte(0)
	for n = range found {
		if at+2 > have {
			return n, isText(seen), long
		}
		begin := (*[2]byte)(unsafe.Add(base, at))
		first, second := begin[0], begin[1]^masked
		if first-(finBit|byte(ws.OpText)) > byte(ws.OpBinary-ws.OpText) || second >= 127 {
			return n, isText(seen), long
		}
		size, from := int(second), at+head
		if size == 126 {
			if at+4 > have {
				return n, isText(seen), long
			}
			size, from = int(binary.BigEndian.Uint16((*[2]byte)(unsafe.Add(base, at+2))[:])), from+2
			if size < 126 {
				return n, isText(seen), long
			}
		}
		at = from + size
		if at > have || int64(size) > limit {
			return n, isText(seen), long
		}
		f := &found[n]
		f.At, f.End, f.Op = from, at, ws.OpCode(first&^finBit)
		seen |= first
		if size > maskSelf {
			long = true
		} else if masked != 0 {
			unmaskShort(unsafe.Add(base, from), size)
		}
	}
	return len(found), isText(seen), long
}

// isText tells whether one of the frames was text whose first bytes, joined by or, are seen: all are text or binary.
func isText(seen byte) bool { return seen&byte(ws.OpText) != 0 }

// unmaskShort unmasks a payload behind its mask.
func unmaskShort(at unsafe.Pointer, size int) {
	mask := unsafe.Add(at, -4)
	word := uint64(*(*uint32)(mask)) * (1<<32 + 1)
	for ; size >= 16; size -= 16 {
		q := (*[2]uint64)(at)
		q[0] ^= word
		q[1] ^= word
		at = unsafe.Add(at, 16)
	}
	if size >= 8 {
		*(*uint64)(at) ^= word
		at, size = unsafe.Add(at, 8), size-8
	}
	for i := range size {
		*(*byte)(unsafe.Add(at, i)) ^= *(*byte)(unsafe.Add(mask, i&3))
	}
}

// unmaskLong unmasks what find has left.
func unmaskLong(buf []byte, found []Span) {
	for i := range found {
		if f := &found[i]; f.End-f.At > maskSelf {
			ws.Cipher(buf[f.At:f.End], [4]byte(buf[f.At-4:]), 0)
		}
	}
}
