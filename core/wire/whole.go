// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// Whole takes a data frame that is a message by itself and lies wholly in buf,
// which is how nearly all messages arrive; it spares them the general way. n is
// 0 when buf begins with anything else: then Next decides. The payload is
// unmasked in place and checked, as by Next.
func (p *Parser) Whole(buf []byte) (payload []byte, text bool, n int, err *Error) {
	if p.state != parsingFrame || p.message != 0 || len(buf) < 2 {
		return nil, false, 0, nil
	}
	first, second := buf[0], buf[1]
	text = first == finBit|byte(ws.OpText)
	if !text && first != finBit|byte(ws.OpBinary) || second&maskBit != p.masked {
		return nil, false, 0, nil
	}
	size, n := int(second&^maskBit), 2
	if size == 126 && len(buf) >= 4 {
		size, n = int(binary.BigEndian.Uint16(buf[2:])), 4
		if size < 126 {
			return nil, false, 0, nil
		}
	} else if size >= 126 {
		return nil, false, 0, nil
	}
	n += int(p.masked >> 5) // a mask has four bytes
	if len(buf) < n+size || int64(size) > p.limit {
		return nil, false, 0, nil
	}
	payload = buf[n : n+size]
	if p.masked != 0 {
		ws.Cipher(payload, [4]byte(buf[n-4:n]), 0)
	}
	if text && !utf8.Valid(payload) {
		_, n, err = p.fail(ErrNotUTF8, buf)
		return nil, false, n, err
	}
	return payload, text, n + size, nil
}
