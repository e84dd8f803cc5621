// SPDX-License-Identifier: Apache-2.0

package handshake

import "bytes"

// requestHead is a parsed request head. Its slices point into the head, so it
// lives during one call of Accept only.
type requestHead struct {
	method []byte
	target []byte // resource name: path and query, without an authority
	host   []byte // that the client means
	named  []byte // Host, which is not that when the target has an authority
	origin []byte
	key    []byte
	fields []byte // the header field lines, for Request.Fields

	protocols [][]byte // the subprotocols offered, in order
	version   []byte
	length    []byte // Content-Length
	extended  []byte // Sec-WebSocket-Extensions, its lines joined by commas

	count        [singletons]uint8 // how often a field was seen that may come once
	old          bool              // HTTP/1.0
	coding       coding            // Transfer-Encoding
	tunnel       bool              // CONNECT
	upgrade      bool              // Upgrade lists websocket
	connection   bool              // Connection lists upgrade
	close        bool              // Connection lists close
	keep         bool              // Connection lists keep-alive
	waits        bool              // Expect is 100-continue
	hasProtocols bool              // a Sec-WebSocket-Protocol was seen
	badToken     bool              // it lists something that is no token
}

// Fields that may come once only.
const (
	onceHost = iota
	onceOrigin
	onceKey
	onceVersion
	onceLength
	singletons
)

// parse reads the whole head, without judging whether it is a WebSocket request.
// The slices of h are set anew; protocols keeps its memory.
func (h *requestHead) parse(head []byte) *Rejection {
	*h = requestHead{protocols: h.protocols[:0]}
	line, rest, ok := cutLine(head)
	if !ok {
		return &Rejection{Status: 400, Text: flawLine.String()}
	}
	if rej := h.requestLine(line); rej != nil {
		return rej
	}
	h.fields = rest
	for {
		name, value, next, f := cutField(rest)
		if f != flawNone {
			return &Rejection{Status: 400, Text: f.String()}
		}
		if name == nil {
			if len(next) > 0 {
				return &Rejection{Status: 400, Text: "the head has a blank line before its end"}
			}
			return nil
		}
		h.field(name, value)
		rest = next
	}
}

// requestLine reads "GET /path HTTP/1.1" (RFC 9112 3).
func (h *requestHead) requestLine(line []byte) *Rejection {
	method, rest, ok1 := bytes.Cut(line, []byte{' '})
	target, version, ok2 := bytes.Cut(rest, []byte{' '})
	if !ok1 || !ok2 || !all(method, classToken) || !all(target, classURI) || !isVersion(version) {
		return &Rejection{Status: 400, Text: "the request line is malformed"}
	}
	h.method = method
	if version[5] != '1' {
		return &Rejection{Status: 505, Text: "HTTP/1.1 is required"}
	}
	h.old = version[7] == '0'
	return h.requestTarget(target)
}

// isVersion tells whether v is an HTTP-version, RFC 9112 2.3.
func isVersion(v []byte) bool {
	return len(v) == 8 && string(v[:5]) == "HTTP/" && v[6] == '.' &&
		'0' <= v[5] && v[5] <= '9' && '0' <= v[7] && v[7] <= '9'
}

// requestTarget takes an absolute path, or an absolute URI whose authority then
// counts for more than Host (RFC 6455 4.2.1, RFC 9112 3.2.2); "*" of OPTIONS; and of
// CONNECT nothing else than an authority (RFC 9112 3.2.3).
func (h *requestHead) requestTarget(target []byte) *Rejection {
	switch {
	case string(h.method) == "CONNECT":
		if !isAuthority(target) || !hasPort(target) {
			return &Rejection{Status: 400, Text: "the target of CONNECT is not a host and a port"}
		}
		h.tunnel, h.host = true, target
		return nil
	case target[0] == '/', string(target) == "*" && string(h.method) == "OPTIONS":
		h.target = target
		return nil
	}
	scheme, rest, ok := bytes.Cut(target, []byte("://"))
	if !ok || !foldEqual(scheme, "http") && !foldEqual(scheme, "https") &&
		!foldEqual(scheme, "ws") && !foldEqual(scheme, "wss") {
		return &Rejection{Status: 400, Text: "the request target is neither a path nor an absolute URI"}
	}
	authority := rest
	if i := bytes.IndexAny(rest, "/?"); i >= 0 {
		authority, h.target = rest[:i], rest[i:]
	}
	// Escapes: who decodes them reads another host than who does not.
	if !isAuthority(authority) || bytes.IndexByte(authority, '%') >= 0 {
		return &Rejection{Status: 400, Text: "the request target has no valid host"}
	}
	h.host = authority
	return nil
}

// field notes one header field.
func (h *requestHead) field(name, value []byte) {
	switch len(name) {
	case len("host"):
		if foldEqual(name, "host") && h.once(onceHost) {
			h.named = value
			if h.host == nil {
				h.host = value
			}
		}
	case len("origin"): // also expect
		if foldEqual(name, "origin") && h.once(onceOrigin) {
			h.origin = value
		} else if foldEqual(name, "expect") && foldEqual(value, "100-continue") {
			h.waits = true
		}
	case len("upgrade"):
		if foldEqual(name, "upgrade") && lists(value, "websocket") {
			h.upgrade = true
		}
	case len("connection"):
		if foldEqual(name, "connection") {
			h.connection = h.connection || lists(value, "upgrade")
			h.close = h.close || lists(value, "close")
			h.keep = h.keep || lists(value, "keep-alive")
		}
	case len("content-length"):
		if foldEqual(name, "content-length") && h.once(onceLength) {
			h.length = value
		}
	case len("sec-websocket-key"): // also transfer-encoding
		if foldEqual(name, "sec-websocket-key") && h.once(onceKey) {
			h.key = value
		} else if foldEqual(name, "transfer-encoding") {
			h.coding = h.coding.and(value)
		}
	case len("sec-websocket-version"):
		if foldEqual(name, "sec-websocket-version") && h.once(onceVersion) {
			h.version = value
		}
	case len("sec-websocket-extensions"):
		if foldEqual(name, "sec-websocket-extensions") && h.extended == nil {
			h.extended = value
		} else if foldEqual(name, "sec-websocket-extensions") {
			h.extended = append(append(h.extended[:len(h.extended):len(h.extended)], ','), value...)
		}
	case len("sec-websocket-protocol"):
		if foldEqual(name, "sec-websocket-protocol") {
			h.offered(value)
		}
	}
}

// once counts a field and tells whether it came for the first time.
func (h *requestHead) once(field int) bool {
	if h.count[field] < 2 {
		h.count[field]++
	}
	return h.count[field] == 1
}

// offered adds the subprotocols of one line.
func (h *requestHead) offered(list []byte) {
	h.hasProtocols = true
	for {
		token, rest, ok := nextElement(list)
		if !ok {
			return
		}
		if !all(token, classToken) {
			h.badToken = true
		}
		h.protocols = append(h.protocols, token)
		list = rest
	}
}

// sound judges the request by RFC 9112, and whom it is for.
func (h *requestHead) sound(o *ServerOptions) *Rejection {
	if rej := h.addressed(); rej != nil {
		return rej
	}
	if rej := h.framing(); rej != nil {
		return rej
	}
	if h.tunnel {
		return noTunnels
	}
	return o.Hosts.answers(h.host)
}

var noTunnels = &Rejection{Status: 501, Text: "CONNECT opens no tunnel here: this is no proxy"}

// addressed judges Host (RFC 9112 3.2), also when the target says who is meant.
func (h *requestHead) addressed() *Rejection {
	switch {
	case h.count[onceHost] > 1 || h.count[onceHost] == 0 && !h.old:
		return &Rejection{Status: 400, Text: "exactly one Host field is required"}
	case h.count[onceHost] == 1 && !isAuthority(h.named):
		return &Rejection{Status: 400, Text: "the Host field is empty or malformed"}
	}
	return nil
}

// check judges the request by RFC 6455 4.2.1. The order is that of what the peer
// most likely got wrong: first whether it is sound HTTP, then whether it wants a
// WebSocket at all, then the details.
func (h *requestHead) check(o *ServerOptions) *Rejection {
	switch {
	case h.old: // RFC 6455 4.2.1: HTTP/1.1 or higher
		return &Rejection{Status: 505, Text: "HTTP/1.1 is required"}
	case h.tunnel:
		return noTunnels
	case string(h.method) != "GET":
		return &Rejection{Status: 405, Text: "the method must be GET"}
	}
	if rej := h.addressed(); rej != nil {
		return rej
	}
	if rej := o.Hosts.answers(h.host); rej != nil {
		return rej
	}
	size, ok := contentLength(h.length)
	switch {
	case h.coding != codingNone, h.count[onceLength] > 1, h.count[onceLength] == 1 && (!ok || size > 0):
		return &Rejection{Status: 400, Text: "an upgrade request must not have a body"}
	case !h.upgrade:
		return &Rejection{Status: 426, Text: "this is a WebSocket server: upgrade to websocket"}
	case !h.connection:
		return &Rejection{Status: 400, Text: "the Connection field does not list upgrade"}
	case h.count[onceVersion] > 1:
		return &Rejection{Status: 400, Text: "Sec-WebSocket-Version is given more than once"}
	case string(h.version) != "13":
		return &Rejection{Status: 426, Text: "Sec-WebSocket-Version must be 13"}
	case h.count[onceKey] != 1:
		return &Rejection{Status: 400, Text: "exactly one Sec-WebSocket-Key is required"}
	case !isKey(h.key):
		return &Rejection{Status: 400, Text: "Sec-WebSocket-Key is not 16 bytes in base64"}
	case h.count[onceOrigin] > 1:
		return &Rejection{Status: 400, Text: "Origin is given more than once"}
	case h.badToken:
		return &Rejection{Status: 400, Text: "Sec-WebSocket-Protocol lists something that is not a token"}
	case h.hasProtocols && len(h.protocols) == 0: // RFC 6455 4.3: 1#token
		return &Rejection{Status: 400, Text: "Sec-WebSocket-Protocol lists nothing"}
	case h.count[onceOrigin] == 1:
		return o.mayConnect(h.origin, h.host)
	}
	return nil
}

// isKey tells whether key is the base64 form of 16 bytes: 22 characters of the
// alphabet and two for padding (RFC 6455 4.2.1, RFC 4648 4).
func isKey(key []byte) bool {
	if len(key) != 24 || key[22] != '=' || key[23] != '=' {
		return false
	}
	for _, c := range key[:22] {
		if !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}
