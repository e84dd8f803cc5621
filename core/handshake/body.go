// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"math"
)

// Whether a request has a body, and where that ends, is what two readers of a connection
// must agree on: it is what request smuggling lives on (RFC 9112 11.2). So what may be
// read in two ways is refused, also where RFC 9110 8.6 would allow to guess: a
// Content-Length that comes twice or is a list, even of equal numbers.

// framing judges how the end of the body is marked, RFC 9112 6.3.
func (h *requestHead) framing() *Rejection {
	_, ok := contentLength(h.length)
	switch lengths := h.count[onceLength]; {
	case h.coding != codingNone && h.old: // RFC 9112 6.1
		return &Rejection{Status: 400, Text: "HTTP/1.0 has no Transfer-Encoding"}
	case h.coding != codingNone && lengths > 0:
		return &Rejection{Status: 400, Text: "the request has Transfer-Encoding and Content-Length"}
	case lengths > 1, lengths == 1 && !ok:
		return &Rejection{Status: 400, Text: "the length of the body is not clear"}
	case h.coding == codingEndless, h.coding == codingBroken:
		return &Rejection{Status: 400, Text: "the last coding of Transfer-Encoding is not chunked, so the end of the body is not clear"}
	case h.coding == codingUnknown: // RFC 9112 6.1
		return &Rejection{Status: 501, Text: "of transfer codings only chunked is known here"}
	}
	return nil
}

// contentLength reads a Content-Length (RFC 9110 8.6). What int64 has no room for is its
// greatest number, which no limit allows.
func contentLength(v []byte) (n int64, ok bool) {
	for _, c := range v {
		if c < '0' || c > '9' {
			return 0, false
		}
		if d := int64(c - '0'); n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
		} else {
			n = 10*n + d
		}
	}
	return n, len(v) > 0
}

// coding is what Transfer-Encoding says, of all its lines.
type coding uint8

const (
	codingNone    coding = iota
	codingChunked        // chunked, and no other
	codingEndless        // others, and no chunked behind them so far
	codingUnknown        // others, and chunked as the last
	codingBroken         // something behind chunked, or what is no coding at all
)

// and adds the codings of one line. Empty elements of the list are no fault elsewhere (RFC
// 9110 5.6.1.2); here they are, since not every reader takes ",chunked" for chunked.
func (c coding) and(list []byte) coding {
	for more := true; more; {
		var element []byte
		element, list, more = bytes.Cut(list, []byte{','})
		element = trim(element)
		name, _, parameters := bytes.Cut(element, []byte{';'})
		chunked := foldEqual(trim(name), "chunked")
		switch {
		case c != codingNone && c != codingEndless, !all(trim(name), classToken),
			chunked && parameters: // it has none, RFC 9112 7.1
			return codingBroken
		case !chunked:
			c = codingEndless
		case c == codingNone:
			c = codingChunked
		default:
			c = codingUnknown
		}
	}
	return c
}
