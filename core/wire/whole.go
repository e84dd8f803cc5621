// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// Span is where the payload of a message lies in a buffer.
type Span struct {
	At, End int
	Text    bool
}

// Wholes takes the data frames at the beginning of buf that are messages by themselves and lie wholly in it, which
// is how nearly all messages arrive; it spares them the general way. found tells which, as many as there is room
// for, n of them. They end at next, and with anything else: then Next decides. Payloads are
// unmasked in place and checked, as by Next; err is about the one at next.
func (p *Parser) Wholes(buf []byte, found []Span) (n, next int, err *Error) {
	if p.state != parsingFrame || p.message != 0 {
		return 0, 0, nil
	}
	found = found[:p.find(buf, found)]
	for i := range found {
		f := &found[i]
		payload := buf[f.At:f.End]
		if p.masked != 0 {
			if size := f.End - f.At; size <= maskSelf {
				maskShort(payload, binary.NativeEndian.Uint32(buf[f.At-4:]))
			} else {
				ws.Cipher(payload, [4]byte(buf[f.At-4:]), 0)
			}
		}
		if f.Text && !utf8.Valid(payload) {
			_, _, err = p.fail(ErrNotUTF8, buf[next:])
			return i, next, err
		}
		next = f.End
	}
	return len(found), next, nil
}

// find fills found with what Wholes may take, and looks at headers only; it tells how many there are.
func (p *Parser) find(buf []byte, found []Span) (n int) {
	head, masked, limit, at := 2+int(p.masked>>5), p.masked, p.limit, 0 // a mask has four bytes
	for n < len(found) && len(buf)-at >= 2 {
		first, second := buf[at], buf[at+1]^masked
		if first != finBit|byte(ws.OpText) && first != finBit|byte(ws.OpBinary) || second >= 127 {
			break
		}
		size, from := int(second), at+head
		if size == 126 {
			if len(buf)-at < 4 {
				break
			}
			size, from = int(binary.BigEndian.Uint16(buf[at+2:])), from+2
			if size < 126 {
				break
			}
		}
		end := from + size
		if end > len(buf) || int64(size) > limit {
			break
		}
		found[n] = Span{At: from, End: end, Text: first == finBit|byte(ws.OpText)}
		n, at = n+1, end
	}
	return n
}
