// SPDX-License-Identifier: Apache-2.0

package handshake

import "bytes"

// IsHealthPath tells whether p can be what a health check asks for: a path without a query.
func IsHealthPath(p string) bool {
	return len(p) <= 255 && all(p, classURI) && p[0] == '/' && bytes.IndexByte([]byte(p), '?') < 0
}

// AppendHealth appends the answer to a health check, a sound GET or HEAD request for path, with
// any query and for any host: load balancers ask by address. ok is false for any other request.
func AppendHealth(dst, head []byte, path string) (reply []byte, ok bool) {
	if !bytes.Contains(head, []byte(path)) {
		return dst, false
	}
	a := upgraders.Get().(*upgrader)
	defer a.release()
	h := &a.head
	if h.parse(head) != nil || h.sound(&ServerOptions{}) != nil || h.upgrade || h.coding != codingNone {
		return dst, false
	}
	asked, _, _ := bytes.Cut(h.target, []byte{'?'})
	size, _ := contentLength(h.length)
	r := &Request{Method: string(h.method)}
	if string(asked) != path || size > 0 || r.Method != "GET" && r.Method != "HEAD" {
		return dst, false
	}
	p := &Reply{Status: 200, Body: []byte("ok\n"), Close: true,
		Fields: []Field{{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}}
	dst = p.AppendHead(dst, r)
	if p.HasBody(r) {
		dst = append(dst, p.Body...)
	}
	return dst, true
}
