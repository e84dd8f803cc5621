// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// Whole takes a data frame that is a message by itself and lies wholly in buf from at
// on, which is how nearly all messages arrive; it spares them the general way. next is
// where it ends, and at when buf goes on with anything else: then Next decides. The
// payload is unmasked in place and checked, as by Next.
func (p *Parser) Whole(buf []byte, at int) (payload []byte, text bool, next int, err *Error) {
	if p.state != parsingFrame || p.message != 0 || len(buf)-at < 2 {
		return nil, false, at, nil
	}
	first, second := buf[at], buf[at+1]
	text = first == finBit|byte(ws.OpText)
	if !text && first != finBit|byte(ws.OpBinary) || second&maskBit != p.masked {
		return nil, false, at, nil
	}
	size, n := int(second&^maskBit), at+2
	if size >= 126 {
		if size > 126 || len(buf)-at < 4 {
			return nil, false, at, nil
		}
		size, n = int(binary.BigEndian.Uint16(buf[at+2:])), at+4
		if size < 126 {
			return nil, false, at, nil
		}
	}
	n += int(p.masked >> 5) // a mask has four bytes
	next = n + size
	if len(buf) < next || int64(size) > p.limit {
		return nil, false, at, nil
	}
	payload = buf[n:next:next]
	if p.masked != 0 {
		if mask := [4]byte(buf[n-4:]); size <= maskSelf {
			maskShort(payload, mask)
		} else {
			ws.Cipher(payload, mask, 0)
		}
	}
	if text && !utf8.Valid(payload) {
		_, n, err = p.fail(ErrNotUTF8, buf[at:])
		return nil, false, at + n, err
	}
	return payload, text, next, nil
}
