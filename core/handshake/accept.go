// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"crypto/sha1"
	"encoding/base64"
	"strings"
	"sync"
)

// ServerOptions says how a server answers. The zero value accepts every sound
// request and chooses no subprotocol. Read only while Accept runs.
type ServerOptions struct {
	// Protocols are the subprotocols the server speaks, the preferred one
	// first. Empty: none is chosen. Without a match the connection is accepted
	// without a subprotocol (RFC 6455 4.2.2).
	Protocols []string

	// Required refuses who offers none of Protocols.
	Required bool

	// Origins are the origins whose pages may connect. Empty: a page may connect to the
	// host it came from. Who sends no Origin is no browser and may always (RFC 6455 10.2).
	Origins []OriginPattern

	// Secure: the connection has TLS, and a page of http may connect only if Origins says so:
	// whoever can change what it is made of would speak for it.
	Secure bool

	// Hosts is for whom the server answers; nil: for any. Of all requests.
	Hosts *Hosts

	// Extend chooses among the extensions that a client offers, the value of its
	// Sec-WebSocket-Extensions field, and returns the value of ours, "" for none. An
	// error means that the offer is malformed. Nil: no extension is spoken.
	Extend func(offer string) (answer string, err error)

	// Keep fills all that a Request says of its head. Off by default: it costs a copy
	// of that, and most connections need the URI only.
	Keep bool
}

// Request is a request that was accepted or may be. Its strings do not point into the
// head. URI, Host, Origin and Protocols share one piece of memory; Protocol is a string
// of ServerOptions, so a connection can keep it for nothing.
type Request struct {
	Method     string // GET for an upgrade
	URI        string // resource name: path and query as sent, starts with "/"; "*" of OPTIONS
	Protocol   string // the subprotocol chosen, "" if none
	Extensions string // those chosen, as the answer has them; "" if none
	Offered    int    // how many subprotocols the client offers

	// Set by Parse, and by Accept with ServerOptions.Keep.
	Host      string   // host and port the client means
	Origin    string   // Origin field; "" when absent
	Fields    []Field  // all header fields in order
	Protocols []string // subprotocols offered, in order, repeats kept; nil if none

	// Set by Parse only.
	Upgrade bool  // it asks for a WebSocket, and was checked for that
	Body    int64 // bytes that follow the head
	Chunked bool  // what follows the head is for Chunks
	Waits   bool  // the client wants 100 (Continue) before it sends them
	Keep    bool  // the connection may have another request
	Old     bool  // HTTP/1.0
	key     string
}

// Accept answers a complete request head, the blank line included, as FindHead
// cuts it (RFC 6455 4.2). It appends the answer to dst and returns the extended
// slice as reply: the 101 response, or the HTTP error that rej stands for, after
// which the connection is to be closed. rej is nil when the upgrade is accepted.
// req is empty when it is not. o may be nil.
//
// head is only read and not kept. Safe for concurrent use.
func Accept(dst []byte, head []byte, o *ServerOptions) (req Request, reply []byte, rej *Rejection) {
	if o == nil {
		o = &ServerOptions{}
	}
	a := upgraders.Get().(*upgrader)
	defer a.release()
	rej = a.head.parse(head)
	if rej == nil {
		rej = a.head.check(o)
	}
	if rej == nil {
		rej = a.extend(o)
	}
	if rej == nil {
		rej = a.choose(o)
	}
	if rej != nil {
		return Request{}, a.refuse(dst, rej, false), rej
	}
	return a.request(o.Keep), answer(dst, a.head.key, a.chosen, a.extensions, nil), nil
}

// extend chooses the extensions, RFC 6455 9.1.
func (a *upgrader) extend(o *ServerOptions) *Rejection {
	if o.Extend == nil || a.head.extended == nil {
		return nil
	}
	var err error
	if a.extensions, err = o.Extend(string(a.head.extended)); err != nil {
		return &Rejection{Status: 400, Text: err.Error()}
	}
	return nil
}

// choose chooses the subprotocol, and notes when none of those offered is spoken here.
func (a *upgrader) choose(o *ServerOptions) *Rejection {
	a.chosen = choose(o.Protocols, a.head.protocols)
	if a.chosen == "" && o.Required {
		return &Rejection{Status: 400, Text: "one of these subprotocols is required: " + strings.Join(o.Protocols, ", ")}
	}
	return nil
}

// choose finds the first subprotocol of ours that the client offers. Names are
// compared exactly (RFC 6455 4.2.2).
func choose(ours []string, offered [][]byte) string {
	for _, p := range ours {
		for _, token := range offered {
			if string(token) == p {
				return p
			}
		}
	}
	return ""
}

// copyFields makes strings of the field lines of a head that was checked before.
func copyFields(lines []byte) []Field {
	n := 0
	for rest := lines; len(rest) > 0; n++ {
		_, rest, _ = cutLine(rest)
	}
	fields := make([]Field, 0, n)
	for rest := lines; ; {
		name, value, next, f := cutField(rest)
		if f != flawNone || name == nil {
			return fields
		}
		fields = append(fields, Field{string(name), string(value)})
		rest = next
	}
}

// upgrader is the pooled state of one Accept.
type upgrader struct {
	head       requestHead
	chosen     string // subprotocol
	extensions string
	scratch    []byte // for the strings of a request
}

var upgraders = sync.Pool{New: func() any { return new(upgrader) }}

// maxScratch is how much scratch memory a pooled acceptor keeps.
const maxScratch = 4 << 10

// release lets go of the caller's memory and puts a back.
func (a *upgrader) release() {
	clear(a.head.protocols[:cap(a.head.protocols)])
	a.head = requestHead{protocols: a.head.protocols[:0]}
	if cap(a.head.protocols) > maxScratch/16 {
		a.head.protocols = nil
	}
	if cap(a.scratch) > maxScratch {
		a.scratch = nil
	}
	a.chosen, a.extensions = "", ""
	upgraders.Put(a)
}

// refuse appends the answer that rej stands for; plain: besides upgrades requests of any
// method are served.
func (a *upgrader) refuse(dst []byte, rej *Rejection, plain bool) []byte {
	allow := upgradeMethod
	if plain {
		allow = anyMethod
	}
	reply, body := rej.appendReply(dst, allow)
	if string(a.head.method) == "HEAD" {
		return reply[:body] // RFC 9110 9.3.2
	}
	return reply
}

// accept is the Sec-WebSocket-Accept of a key (RFC 6455 4.2.2), appended to dst.
func accept(dst, key []byte) []byte {
	var keyed [64]byte // a key has 24 bytes
	sum := sha1.Sum(append(append(keyed[:0], key...), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	return base64.StdEncoding.AppendEncode(dst, sum[:])
}

// answer appends the 101 for a request that was checked, with extra fields that were, too.
func answer(dst, key []byte, protocol, extensions string, fields []Field) []byte {
	dst = append(dst, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	dst = append(accept(dst, key), "\r\n"...)
	if protocol != "" {
		dst = appendField(dst, Field{"Sec-WebSocket-Protocol", protocol})
	}
	if extensions != "" {
		dst = appendField(dst, Field{"Sec-WebSocket-Extensions", extensions})
	}
	return append(appendFields(dst, fields), "\r\n"...)
}

// request makes the strings of an accepted request with a single allocation, but for
// the fields.
func (a *upgrader) request(all bool) Request {
	h := &a.head
	b := a.scratch[:0]
	if len(h.target) == 0 || h.target[0] == '?' {
		b = append(b, '/') // an absolute URI without a path
	}
	b = append(b, h.target...)
	uri := len(b)
	if !all {
		a.scratch = b
		return Request{Method: "GET", URI: string(b), Protocol: a.chosen, Extensions: a.extensions, Offered: len(h.protocols)}
	}
	b = append(b, h.host...)
	host := len(b)
	b = append(b, h.origin...)
	origin := len(b)
	for _, p := range h.protocols {
		b = append(b, p...)
	}
	a.scratch = b
	s := string(b)
	req := Request{
		Method: "GET", URI: s[:uri], Host: s[uri:host], Origin: s[host:origin],
		Protocol: a.chosen, Extensions: a.extensions, Fields: copyFields(h.fields), Offered: len(h.protocols),
	}
	if len(h.protocols) > 0 {
		req.Protocols = make([]string, len(h.protocols))
		s = s[origin:]
		for i, p := range h.protocols {
			req.Protocols[i], s = s[:len(p)], s[len(p):]
		}
	}
	return req
}
