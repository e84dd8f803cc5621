// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
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
	var key [24]byte
	newKey(key[:])
	if err := send(rw, clientHead(u, key[:], o)); err != nil {
		return nil, nil, fmt.Errorf("writing the upgrade request: %w", err)
	}
	x := &exchange{rw: rw, max: o.MaxHead}
	if x.max <= 0 {
		x.max = DefaultMaxHead
	}
	if err := x.run(); err != nil {
		return nil, nil, err
	}
	if err := x.head.check(o.Protocols, o.Extensions != ""); err != nil {
		return nil, nil, err
	}
	if o.Required && x.head.Protocol == "" {
		return nil, nil, &ResponseError{"the server speaks none of the subprotocols that were offered (" + strconv.Itoa(len(o.Protocols)) + "), and one is required"}
	}
	var want [28]byte
	if !bytes.Equal(x.head.accept, accept(want[:0], key[:])) {
		return nil, nil, &ResponseError{"Sec-WebSocket-Accept does not match the key that was sent"}
	}
	return &x.head.Response, x.rest, nil
}

// send keeps the request no longer than it is being written: the wait for the answer may
// be a long one.
func send(w io.Writer, request []byte) error {
	n, err := w.Write(request)
	if err == nil && n < len(request) {
		err = io.ErrShortWrite
	}
	return err
}

// newKey makes a Sec-WebSocket-Key (RFC 6455 4.1), of 24 bytes.
func newKey(key []byte) {
	var random [16]byte
	rand.Read(random[:])
	base64.StdEncoding.Encode(key, random[:])
}

// clientHead is the whole request. u is of requestURL, o was checked.
func clientHead(u *url.URL, key []byte, o *ClientOptions) []byte {
	b := make([]byte, 0, 512)
	b = append(append(append(b, "GET "...), u.RequestURI()...), " HTTP/1.1\r\n"...)
	host := u.Host
	if o.Host != "" {
		host = o.Host
	}
	b = appendField(b, Field{"Host", host})
	b = append(b, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"...)
	b = appendField(b, Field{"Sec-WebSocket-Key", string(key)})
	if len(o.Protocols) > 0 {
		b = appendField(b, Field{"Sec-WebSocket-Protocol", strings.Join(o.Protocols, ", ")})
	}
	credentials := o.Authorization
	for _, f := range o.Fields {
		if foldEqual(f.Name, "authorization") {
			credentials = ""
		}
		b = appendField(b, Field{f.Name, strings.Trim(f.Value, " \t")})
	}
	if credentials != "" {
		b = appendField(b, Field{"Authorization", strings.Trim(credentials, " \t")})
	}
	if o.Extensions != "" {
		b = appendField(b, Field{"Sec-WebSocket-Extensions", o.Extensions})
	}
	return append(b, "\r\n"...)
}

// exchange reads the answer to a request.
type exchange struct {
	rw   io.Reader
	max  int // bytes of a head
	head responseHead
	rest []byte
}

// run reads the answer, past interim responses (RFC 9110 15.2).
func (x *exchange) run() error {
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
			return nil
		case status >= 200:
			return &StatusError{Status: status, Reason: x.head.Reason, Fields: x.head.Fields, rest: bytes.Clone(rest)}
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
			return nil, nil, &ResponseError{"the server does not speak HTTP; it sent " + foreign(buf)}
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
			return nil, nil, fmt.Errorf("reading the upgrade response: "+
				"the server closed the connection after %d bytes of the head: %w", seen, io.ErrUnexpectedEOF)
		case err != nil:
			return nil, nil, fmt.Errorf("reading the upgrade response: %w", err)
		default:
			if idle++; idle == 100 {
				return nil, nil, fmt.Errorf("reading the upgrade response: %w", io.ErrNoProgress)
			}
		}
	}
}

// foreign shows what is no answer. An echo of the request may hold a token.
func foreign(buf []byte) string {
	switch {
	case bytes.HasPrefix(buf, []byte("GET ")):
		return "the request back"
	case len(buf) > 1 && (buf[0] == tlsAlert || buf[0] == tlsHandshake) && buf[1] == 3: // RFC 8446 5.1
		return "a record of TLS; try wss"
	}
	return shorten(string(buf))
}

// grow makes room behind buf, but never for more than max bytes in all.
func grow(buf []byte, max int) []byte {
	if len(buf) < cap(buf) {
		return buf
	}
	bigger := make([]byte, len(buf), min(max, 2*len(buf)+512))
	copy(bigger, buf)
	return bigger
}
