// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"slices"
	"strconv"
	"strings"
)

// Response is the answer of a server that agreed to the upgrade. Its strings are
// the caller's.
type Response struct {
	Status   int     // always 101
	Reason   string  // reason phrase as sent; may be empty
	Fields   []Field // all header fields in order
	Protocol string  // subprotocol the server chose, "" if none

	// Extensions is the value of Sec-WebSocket-Extensions, several joined by commas.
	Extensions string
}

// StatusError is an HTTP answer that is not 101: the server is there and speaks
// HTTP, but does not want this connection.
type StatusError struct {
	Status int     // HTTP status, 200 to 999
	Reason string  // reason phrase as sent; may be empty
	Fields []Field // all header fields in order
	Body   []byte  // its beginning, when ReadBody was called

	rest []byte // of the body, what came with the head
}

// Error gives status and reason phrase.
func (e *StatusError) Error() string {
	text := "the server refused the upgrade: HTTP " + strconv.Itoa(e.Status)
	if e.Reason != "" {
		text += " " + shorten(e.Reason)
	}
	return text
}

// ResponseError is an answer that breaks RFC 6455 4.1, or is not HTTP at all. The
// client must fail the connection.
type ResponseError struct {
	Text string // what is wrong with the answer
}

// Error says what is wrong with the answer.
func (e *ResponseError) Error() string { return "bad upgrade response: " + e.Text }

// responseHead is a parsed response head.
type responseHead struct {
	Response
	minor                byte // of the HTTP version, a digit
	upgrade              []byte
	accept               []byte
	protocol             []byte
	upgrades             int // how many Upgrade fields
	accepts, protocols   int
	connection           bool // Connection lists upgrade
	extended, extensions bool // Sec-WebSocket-Extensions is there; an extension is listed
}

// parse reads a whole head as findBlankLine cuts it. Slices point into it.
func (r *responseHead) parse(head []byte) error {
	line, rest, ok := cutLine(head)
	if !ok || !r.statusLine(line) {
		return &ResponseError{"the status line is malformed"}
	}
	for {
		name, value, next, f := cutField(rest)
		switch {
		case f == flawFold && len(r.Fields) > 0:
			if err := r.unfold(rest); err != nil {
				return err
			}
			_, rest, _ = cutLine(rest)
			continue
		case f != flawNone:
			return &ResponseError{f.String()}
		case name == nil:
			return nil
		}
		r.Fields = append(r.Fields, Field{string(name), string(value)})
		rest = next
	}
}

// unfold adds the continuation line at the start of rest to the last field. A
// client takes what a server may no longer send (RFC 9112 5.2).
func (r *responseHead) unfold(rest []byte) error {
	line, _, _ := cutLine(rest)
	line = trim(line)
	if len(line) > 0 && !all(line, classValue) {
		return &ResponseError{flawValue.String()}
	}
	last := &r.Fields[len(r.Fields)-1]
	last.Value = string(trim([]byte(last.Value + " " + string(line))))
	return nil
}

// statusLine reads "HTTP/1.1 101 Switching Protocols". The reason phrase may be
// missing, and with it the space before it (RFC 9112 4 wants the space, some
// servers leave it out).
func (r *responseHead) statusLine(line []byte) bool {
	if len(line) < 12 || !isVersion(line[:8]) || line[5] != '1' || line[8] != ' ' {
		return false
	}
	r.minor = line[7]
	for _, c := range line[9:12] {
		if c < '0' || c > '9' {
			return false
		}
		r.Status = r.Status*10 + int(c-'0')
	}
	if r.Status < 100 || len(line) > 12 && line[12] != ' ' {
		return false
	}
	reason := trim(line[12:])
	if len(reason) > 0 && !all(reason, classValue) {
		return false
	}
	r.Reason = string(reason)
	return true
}

// collect finds the fields that matter to the upgrade.
func (r *responseHead) collect() {
	for _, f := range r.Fields {
		value := []byte(f.Value)
		switch {
		case foldEqual(f.Name, "upgrade"):
			r.upgrades++
			r.upgrade = value
		case foldEqual(f.Name, "connection"):
			r.connection = r.connection || lists(value, "upgrade")
		case foldEqual(f.Name, "sec-websocket-accept"):
			r.accepts++
			r.accept = value
		case foldEqual(f.Name, "sec-websocket-protocol"):
			r.protocols++
			r.protocol = value
		case foldEqual(f.Name, "sec-websocket-extensions"):
			_, _, some := nextElement(value)
			r.extended, r.extensions = true, r.extensions || some
			if r.Extensions != "" {
				r.Extensions += ", "
			}
			r.Extensions += f.Value
		}
	}
}

// check judges a 101 by RFC 6455 4.1, but for the value of Sec-WebSocket-Accept.
func (r *responseHead) check(offered []string, extended bool) error {
	r.collect()
	switch {
	case r.minor == '0':
		return &ResponseError{"HTTP/1.0 cannot switch protocols"}
	case r.upgrades != 1 || !foldEqual(r.upgrade, "websocket"):
		return &ResponseError{"the Upgrade field must be there once, with the value websocket"}
	case !r.connection:
		return &ResponseError{"the Connection field does not list upgrade"}
	case r.accepts != 1:
		return &ResponseError{"Sec-WebSocket-Accept must be there exactly once"}
	case r.extended && !r.extensions: // RFC 6455 9.1: 1#extension
		return &ResponseError{"Sec-WebSocket-Extensions lists nothing"}
	case r.extensions && !extended:
		return &ResponseError{"the server chose an extension that was not offered"}
	case r.protocols > 1:
		return &ResponseError{"Sec-WebSocket-Protocol is given more than once"}
	case r.protocols == 1 && !slices.Contains(offered, string(r.protocol)):
		return &ResponseError{notOffered(string(r.protocol), offered)}
	}
	r.Protocol = string(r.protocol)
	return nil
}

// notOffered names a subprotocol, unless one that was offered is in it: some carry tokens.
func notOffered(chosen string, offered []string) string {
	for _, own := range offered {
		if strings.Contains(strings.ToLower(chosen), strings.ToLower(own)) {
			return "the server chose a subprotocol that was not offered"
		}
	}
	return "the server chose the subprotocol " + shorten(chosen) + ", which was not offered"
}
