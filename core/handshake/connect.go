// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/gobwas/ws"
)

// maxInterim is how many interim responses (100, 103) may come before the answer.
const maxInterim = 4

// Connect asks the server on rw for an upgrade and reads its answer (RFC 6455
// 4.1). target gives path, query and Host; its user part is not used. o may be
// nil. The request goes out in a single Write. Deadlines are the caller's
// business: set them on the connection behind rw.
//
// rest are bytes that came with the head: the first frames. They belong to the
// caller; nil if there are none. No more than o.MaxHead bytes are read for one
// head.
//
// Errors: *RequestError before anything is sent; *StatusError when the answer is
// not 101; *ResponseError when it is no valid answer. Errors of rw are wrapped and
// say what was being done; a connection that ends before the head does matches
// io.ErrUnexpectedEOF.
func Connect(rw io.ReadWriter, target *url.URL, o *ClientOptions) (resp *Response, rest []byte, err error) {
	if o == nil {
		o = &ClientOptions{}
	}
	if err := o.Check(); err != nil {
		return nil, nil, err
	}
	u, err := requestURL(target)
	if err != nil {
		return nil, nil, err
	}
	x := &exchange{rw: rw, offered: o.Protocols, extended: o.Extensions != "", max: o.MaxHead}
	if x.max <= 0 {
		x.max = DefaultMaxHead
	}
	dialer := ws.Dialer{Protocols: o.Protocols, Header: extraFields(o)}
	_, _, err = dialer.Upgrade(x, u)
	switch {
	case x.err != nil:
		return nil, nil, x.err
	case errors.Is(err, ws.ErrHandshakeBadSecAccept):
		return nil, nil, &ResponseError{"Sec-WebSocket-Accept does not match the key that was sent"}
	case err != nil:
		return nil, nil, &ResponseError{err.Error()}
	}
	return &x.head.Response, x.rest, nil
}

// extraFields writes the caller's fields as they go into the request. They were
// checked before.
func extraFields(o *ClientOptions) ws.HandshakeHeader {
	var b strings.Builder
	credentials := o.Authorization
	for _, f := range o.Fields {
		if foldEqual(f.Name, "authorization") {
			credentials = ""
		}
		b.WriteString(f.Name + ": " + strings.Trim(f.Value, " \t") + "\r\n")
	}
	if credentials != "" {
		b.WriteString("Authorization: " + strings.Trim(credentials, " \t") + "\r\n")
	}
	if o.Extensions != "" {
		b.WriteString("Sec-WebSocket-Extensions: " + o.Extensions + "\r\n")
	}
	return ws.HandshakeHeaderString(b.String())
}

// exchange plays the connection for ws.Dialer. It collects the request, sends it
// at the first Read, reads and checks the answer, and hands over a canonical one.
type exchange struct {
	rw       io.ReadWriter
	offered  []string
	extended bool // extensions were offered
	max      int  // bytes of a head

	request []byte
	begun   bool
	head    responseHead
	rest    []byte
	in      []byte // canonical head, what is not yet read of it
	err     error  // the error to report, more precise than what ws.Dialer makes of it
}

// Write takes a part of the request.
func (x *exchange) Write(p []byte) (int, error) {
	x.request = append(x.request, p...)
	return len(p), nil
}

// Read gives the canonical answer to ws.Dialer.
func (x *exchange) Read(p []byte) (int, error) {
	if !x.begun {
		x.begun = true
		if x.err = x.run(); x.err == nil {
			x.in = x.head.canonical()
		}
	}
	if x.err != nil {
		return 0, x.err
	}
	if len(x.in) == 0 {
		return 0, io.EOF
	}
	n := copy(p, x.in)
	x.in = x.in[n:]
	return n, nil
}

// run sends the request and reads the answer, past interim responses (RFC 9110
// 15.2).
func (x *exchange) run() error {
	n, err := x.rw.Write(x.request)
	if err == nil && n < len(x.request) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("writing the upgrade request: %w", err)
	}
	var buf []byte
	for range maxInterim + 1 {
		head, rest, err := x.readHead(buf)
		if err != nil {
			return err
		}
		x.head = responseHead{}
		if err := x.head.parse(head); err != nil {
			return err
		}
		switch status := x.head.Status; {
		case status == 101:
			if len(rest) > 0 {
				x.rest = bytes.Clone(rest)
			}
			return x.head.check(x.offered, x.extended)
		case status >= 200:
			return &StatusError{status, x.head.Reason, x.head.Fields}
		}
		buf = rest
	}
	return &ResponseError{"too many interim responses"}
}

// readHead reads until buf holds a whole head and cuts it there. buf are bytes
// already read.
func (x *exchange) readHead(buf []byte) (head, rest []byte, err error) {
	const http = "HTTP/"
	seen, idle := 0, 0
	for {
		if n := min(len(buf), len(http)); string(buf[:n]) != http[:n] {
			return nil, nil, &ResponseError{"the server does not speak HTTP; it sent " + shorten(string(buf))}
		}
		end, flaw := findBlankLine(buf, seen, x.max)
		switch {
		case flaw == flawSize:
			return nil, nil, &ResponseError{fmt.Sprintf("the head is larger than %d bytes", x.max)}
		case flaw != flawNone:
			return nil, nil, &ResponseError{flaw.String()}
		case end > 0:
			return buf[:end], buf[end:], nil
		}
		seen = len(buf)
		buf = grow(buf, x.max)
		n, err := x.rw.Read(buf[seen:cap(buf)])
		buf = buf[:seen+n]
		switch {
		case n > 0: // an error comes again if it matters
			idle = 0
		case errors.Is(err, io.EOF):
			return nil, nil, fmt.Errorf("reading the upgrade response: the server closed the connection after %d bytes of the head: %w",
				seen, io.ErrUnexpectedEOF)
		case err != nil:
			return nil, nil, fmt.Errorf("reading the upgrade response: %w", err)
		default:
			if idle++; idle == 100 {
				return nil, nil, fmt.Errorf("reading the upgrade response: %w", io.ErrNoProgress)
			}
		}
	}
}

// grow makes room behind buf, but never for more than max bytes in all.
func grow(buf []byte, max int) []byte {
	if len(buf) < cap(buf) {
		return buf
	}
	bigger := make([]byte, len(buf), min(max, 2*len(buf)+1024))
	copy(bigger, buf)
	return bigger
}
