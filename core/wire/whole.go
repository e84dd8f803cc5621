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
	n, texts := p.find(buf, found)
	found = found[:n]
	if p.masked != 0 {
		unmask(buf, found)
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

// find fills found with what Wholes may take, and looks at headers only; it tells how many there are, and whether one
// is text. What it needs for a short message stays in registers: it calls nothing, and reads what it has compared with
// the size of buf.
func (p *Parser) find(buf []byte, found []Span) (n int, texts bool) {
	head, masked, limit := 2+int(p.masked>>5), p.masked, p.limit // a mask has four bytes
	base, have, at, seen := unsafe.Pointer(unsafe.SliceData(buf)), len(buf), 0, byte(0)
	for n = range found {
		if at+2 > have {
			return n, isText(seen)
		}
		begin := (*[2]byte)(unsafe.Add(base, at))
		first, second := begin[0], begin[1]^masked
		if first-(finBit|byte(ws.OpText)) > byte(ws.OpBinary-ws.OpText) || second >= 127 {
			return n, isText(seen)
		}
		size, from := int(second), at+head
		if size == 126 {
			if at+4 > have {
				return n, isText(seen)
			}
			size, from = int(binary.BigEndian.Uint16((*[2]byte)(unsafe.Add(base, at+2))[:])), from+2
			if size < 126 {
				return n, isText(seen)
			}
		}
		at = from + size
		if at > have || int64(size) > limit {
			return n, isText(seen)
		}
		f := &found[n]
		f.At, f.End, f.Op = from, at, ws.OpCode(first&^finBit)
		seen |= first
	}
	return len(found), isText(seen)
}

// isText tells whether one of the frames was text whose first bytes, joined by or, are seen: all are text or binary.
func isText(seen byte) bool { return seen&byte(ws.OpText) != 0 }

// unmask unmasks what find has found in buf.
func unmask(buf []byte, found []Span) {
	for len(found) > 0 {
		if found = found[unmaskRun(buf, found):]; len(found) == 0 {
			return
		}
		f := &found[0]
		ws.Cipher(buf[f.At:f.End], [4]byte(buf[f.At-4:]), 0)
		found = found[1:]
	}
}

// unmaskRun is unmask as far as payloads have at most maskSelf bytes: it calls nothing for any of them. It tells how
// many they are. All of them lie in buf, behind their masks: find has compared.
func unmaskRun(buf []byte, found []Span) (n int) {
	for n = range found {
		f := &found[n]
		size := f.End - f.At
		if size > maskSelf {
			return n
		}
		at := unsafe.Add(unsafe.Pointer(unsafe.SliceData(buf)), f.At)
		half := *(*uint32)(unsafe.Add(at, -4))
		word := uint64(half) | uint64(half)<<32
		for ; size >= 32; size -= 32 {
			q := (*[4]uint64)(at)
			q[0] ^= word
			q[1] ^= word
			q[2] ^= word
			q[3] ^= word
			at = unsafe.Add(at, 32)
		}
		for ; size >= 8; size -= 8 {
			*(*uint64)(at) ^= word
			at = unsafe.Add(at, 8)
		}
		for i := range size {
			*(*byte)(unsafe.Add(at, i)) ^= (*[4]byte)(unsafe.Pointer(&half))[i&3]
		}
	}
	return len(found)
}
