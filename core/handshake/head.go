// SPDX-License-Identifier: Apache-2.0

package handshake

import "bytes"

// DefaultMaxHead is the greatest size of a head in bytes, the blank line
// included, where the options do not say another.
const DefaultMaxHead = 16 << 10

// Field is a header field as it was sent: original spelling, white space around
// the value removed. Repeated fields stay repeated, in order.
type Field struct{ Name, Value string }

// MaxBlankLines is how many blank lines may come before a request.
const MaxBlankLines = 8

// BlankLines is the size of the blank lines at the begin of buf, where a request line
// should be. A server skips them, because there are clients that send one behind a body
// (RFC 9112 2.2). A CR at the end of buf may belong to another one.
func BlankLines(buf []byte) (size int) {
	for len(buf)-size >= 2 && buf[size] == '\r' && buf[size+1] == '\n' {
		size += 2
	}
	return size
}

// FindHead looks for the end of a request head, the blank line, in buf: the bytes
// of a connection so far. from is how many of them an earlier call has seen; 0 is
// always right, only slower. max is the greatest size of a head; 0 means
// DefaultMaxHead.
//
// It returns the length of the head with its blank line, or 0 while more bytes
// are needed; bytes from there on belong to the frames that follow. The error is
// for a head that is too large (414, 431) or can never become a request (400); it
// is found as early as possible, so that nobody waits for the rest of a TLS hello.
// buf is only read. Safe for concurrent use.
func FindHead(buf []byte, from, max int) (end int, err *Rejection) {
	if max <= 0 {
		max = DefaultMaxHead
	}
	if len(buf) > 0 && buf[0] == tlsHandshake {
		return 0, &Rejection{Status: 400, Text: "this is TLS, and this port does not speak it: the URL must begin with http: or ws:"}
	}
	if len(buf) > 0 && class[buf[0]]&classToken == 0 {
		return 0, &Rejection{Status: 400, Text: "this is not an HTTP request"}
	}
	end, flaw := findBlankLine(buf, from, max)
	switch {
	case flaw == flawNone:
		return end, nil
	case flaw == flawSize && bytes.IndexByte(buf[:max], '\n') < 0:
		return 0, &Rejection{Status: 414, Text: "the request line is too long"}
	case flaw == flawSize:
		return 0, &Rejection{Status: 431, Text: "the request head is too large"}
	}
	return 0, &Rejection{Status: 400, Text: flaw.String()}
}

// First bytes of TLS (RFC 8446 5.1): of who begins, and of who refuses what is none.
const (
	tlsHandshake = 22
	tlsAlert     = 21
)

// flaw is what is wrong with the lines of a head.
type flaw uint8

const (
	flawNone flaw = iota
	flawSize      // no end within the limit
	flawLine      // CR or LF alone: a classic of request smuggling (RFC 9112 2.2)
	flawNUL
	flawName
	flawFold
	flawValue
	flawEnd
)

var flawTexts = [...]string{
	flawNone:  "no flaw",
	flawSize:  "the head is too large",
	flawLine:  "a line of the head does not end in CR LF",
	flawNUL:   "the head contains a NUL byte",
	flawName:  "a header field does not start with a name and a colon",
	flawFold:  "a header field is folded over several lines",
	flawValue: "a header field contains a control character",
	flawEnd:   "the head does not end in a blank line",
}

func (f flaw) String() string { return flawTexts[f] }

// findBlankLine is FindHead without the HTTP status, for both roles.
func findBlankLine(buf []byte, from, max int) (end int, f flaw) {
	window := buf[:min(len(buf), max)]
	from = min(from, len(window))
	if from > 0 && window[from-1] == '\r' {
		from-- // its LF is among the new bytes, or missing
	}
	for at := from; at < len(window); {
		lf := bytes.IndexByte(window[at:], '\n')
		if lf < 0 {
			// The last byte may be the CR of a line end whose LF is on its way.
			rest := window[at:]
			if cr := bytes.IndexByte(rest, '\r'); cr >= 0 && cr < len(rest)-1 {
				return 0, flawLine
			}
			if bytes.IndexByte(rest, 0) >= 0 {
				return 0, flawNUL
			}
			break
		}
		line := window[at : at+lf]
		if cr := bytes.IndexByte(line, '\r'); cr < 0 || cr != len(line)-1 {
			return 0, flawLine
		}
		if bytes.IndexByte(line, 0) >= 0 {
			return 0, flawNUL
		}
		at += lf + 1
		if at >= 4 && window[at-3] == '\n' {
			return at, flawNone
		}
	}
	if len(buf) >= max {
		return 0, flawSize
	}
	return 0, flawNone
}

// cutLine takes the first line off a head. ok is false if it does not end in CR LF.
func cutLine(head []byte) (line, rest []byte, ok bool) {
	lf := bytes.IndexByte(head, '\n')
	if lf < 1 || head[lf-1] != '\r' {
		return nil, nil, false
	}
	return head[:lf-1], head[lf+1:], true
}

// cutField takes the first header field off a head and checks its form (RFC 9112
// 5). At the blank line that ends the head name is nil and rest is what follows.
func cutField(head []byte) (name, value, rest []byte, f flaw) {
	line, rest, ok := cutLine(head)
	switch {
	case len(head) == 0:
		return nil, nil, nil, flawEnd
	case !ok:
		return nil, nil, nil, flawLine
	case len(line) == 0:
		return nil, nil, rest, flawNone
	case line[0] == ' ' || line[0] == '\t':
		return nil, nil, nil, flawFold
	}
	colon := bytes.IndexByte(line, ':')
	// A space before the colon is no token character either (RFC 9112 5.1).
	if colon < 0 || !all(line[:colon], classToken) {
		return nil, nil, nil, flawName
	}
	value = trim(line[colon+1:])
	if len(value) > 0 && !all(value, classValue) {
		return nil, nil, nil, flawValue
	}
	return line[:colon], value, rest, flawNone
}
