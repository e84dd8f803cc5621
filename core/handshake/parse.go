// SPDX-License-Identifier: Apache-2.0

package handshake

// Parse reads a complete request head, as FindHead cuts it, for a host that answers
// itself: of an upgrade (RFC 6455 4.2.1, checked like by Accept, with Protocol chosen)
// or any other request (RFC 9112). Fields are kept. When the request cannot be
// answered by anybody rej says why, and reply is dst with the answer, after which the
// connection is to be closed. o may be nil.
//
// head is only read and not kept. Safe for concurrent use.
func Parse(dst []byte, head []byte, o *ServerOptions, plain bool) (req Request, reply []byte, rej *Rejection) {
	if o == nil {
		o = &ServerOptions{}
	}
	a := upgraders.Get().(*upgrader)
	defer a.release()
	h := &a.head
	if rej = h.parse(head); rej == nil {
		rej = h.sound(o)
	}
	if rej == nil && h.upgrade && !h.old {
		if rej = h.check(o); rej == nil {
			if rej = a.choose(o); rej == nil {
				rej = a.extend(o)
			}
		}
	}
	if rej != nil {
		return Request{}, a.refuse(dst, rej, plain), rej
	}
	req = a.request(true)
	req.Method = string(h.method)
	req.Upgrade, req.key = h.upgrade && !h.old, string(h.key)
	req.Body, _ = contentLength(h.length)
	req.Chunked = h.coding == codingChunked
	req.Waits = h.waits && !h.old && (req.Body > 0 || req.Chunked)
	req.Old, req.Keep = h.old, !h.close && (!h.old || h.keep)
	return req, dst, nil
}

// Offers tells whether the client offered a subprotocol.
func (r *Request) Offers(protocol string) bool {
	for _, p := range r.Protocols {
		if p == protocol {
			return true
		}
	}
	return false
}

// Switch appends the 101 response to an upgrade request that Parse gave: with the
// subprotocol, "" for none, and extra fields, which CheckFields has seen.
func (r *Request) Switch(dst []byte, protocol string, fields []Field) []byte {
	return answer(dst, []byte(r.key), protocol, r.Extensions, fields)
}
