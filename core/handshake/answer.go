// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"io"
	"math"
)

// MaxAnswerBody is how much of the body of a refusing answer is read.
const MaxAnswerBody = 16 << 10

// ReadBody reads the beginning of the body that an answer of r has, into e.Body: what came
// with the head, and what follows, to its end, the end of the stream, an error, or
// MaxAnswerBody. What is broken ends it. Deadlines are the caller's business.
func (e *StatusError) ReadBody(r io.Reader) {
	if e.Status == 204 || e.Status == 304 { // RFC 9112 6.3
		return
	}
	rest := e.rest
	e.rest = nil
	most, chunks := MaxAnswerBody, (*Chunks)(nil)
	if coding := codingOf(e.Fields); coding == codingChunked {
		chunks = NewChunks(math.MaxInt64, MaxAnswerBody)
	} else if n, ok := contentLength([]byte(e.field("content-length"))); ok && coding == codingNone {
		most = int(min(n, MaxAnswerBody)) // fits: it is at most that
	}
	take := func(b []byte) (more bool) {
		if chunks != nil {
			data, _, broken := chunks.Decode(b)
			b, more = b[:data], broken == nil && !chunks.Over()
		} else {
			more = true
		}
		e.Body = append(e.Body, b[:min(len(b), most-len(e.Body))]...)
		return more && len(e.Body) < most
	}
	if most == 0 || !take(rest) {
		return
	}
	for buf := make([]byte, 4096); ; {
		n, err := r.Read(buf)
		if !take(buf[:n]) || err != nil || n == 0 {
			return
		}
	}
}

// codingOf is what all Transfer-Encoding fields say.
func codingOf(fields []Field) coding {
	c := codingNone
	for _, f := range fields {
		if foldEqual(f.Name, "transfer-encoding") {
			c = c.and([]byte(f.Value))
		}
	}
	return c
}
