// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"libws/core/admit"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/requests"
)

// handshaking is an accepted connection until it is open: its TLS handshake, its request and
// the answer (server_opening.go, server_request.go, server_respond.go). It lies in Conn.ends, so it is gone when
// the connection is open or has ended: who comes back to it by a post or from another
// goroutine goes by the Conn and looks at its phase first. The loop's, but for what is marked.
type handshaking struct {
	c         *Conn
	answers   *handshake.ServerOptions // how requests are answered where it has come in
	cancel    context.CancelFunc       // ends a TLS handshake that runs on a goroutine
	in        requests.Bytes
	tlsServer *dial.TLSServer // nil: plain
	shaker    *shaker         // the coroutine of a TLS handshake that runs on the loop; nil: it does not, or not yet
	ask       *asking         // what the host decides about; others look at it, so the loop changes it under Conn.mu
	refusal   *admit.Refusal  // what a request is answered, whatever it is; nil: it may come in
	hop       admit.Endpoint  // the peer, when it is a trusted proxy
	fronted   bool            // it is one
	proxied   bool            // its PROXY header has still to come
	idle      bool            // no byte of the next request has come
	awaited   bool            // a server that stops listening waits for the handshake
	late      bool            // the library has answered for the host; guarded by Conn.mu
}

// over is called when the handshake has ended, as the connection has opened or is gone.
func (h *handshaking) over() {
	if h.shaker != nil {
		h.shaker.abandon(h.c.w)
		h.shaker = nil
	}
	if h.awaited {
		h.awaited = false
		h.c.server.awaits(-1)
	}
}

// deadline acts when the time of phaseSecuring is over.
func (h *handshaking) deadline() {
	if h.proxied {
		h.unproxied("it did not come in time")
		return
	}
	h.failed("the TLS handshake was not complete in time")
}

// failed ends a connection whose TLS handshake has come to nothing.
func (h *handshaking) failed(text string) {
	h.noteUnsecured(text)
	h.c.drop()
}

func (h *handshaking) noteUnsecured(text string) {
	c := h.c
	c.log(journal.Info, "%s: %s", c.peer.String(), text)
	c.server.figures.unsecured.Add(1)
}

// unsecured says why a handshake has come to nothing, and what the peer is told beside an alert.
func unsecured(err error) (why string, reply []byte) {
	is, head := dial.PlainHTTP(err)
	if !is {
		return "TLS handshake: " + dial.TLSFailure(err), nil
	}
	r := &handshake.Rejection{Status: 400, Text: "this port speaks TLS: the URL must begin with https: or wss:"}
	reply = r.AppendReply(nil)
	if head {
		reply = handshake.HeadOf(reply)
	}
	return "TLS handshake: the peer does not speak TLS but plain HTTP", reply
}

// secured waits for the upgrade request behind the TLS handshake, within the deadline that is
// running.
func (h *handshaking) secured(s *secure) {
	c := h.c
	s.attach(c)
	c.server.figures.secured.Add(1)
	c.phase.become(phaseHead)
	c.w.share = inflateShare
	c.read() // the request may lie inside crypto/tls already
}

// securedApart is secured behind a goroutine, which gives the descriptor back.
func (h *handshaking) securedApart(s *secure, d loop.Descriptor) {
	c := h.c
	c.w.current = c
	if err := c.sock.Register(c.w.loop, d, c); err != nil {
		h.failed(err.Error())
		return
	}
	h.secured(s)
}

// shakeApart starts a goroutine for the TLS handshake; heard has come already.
func (h *handshaking) shakeApart(d loop.Descriptor, heard []byte) {
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	t := &securing{c: h.c, ctx: ctx, cancel: cancel, tlsServer: h.tlsServer, heard: heard, proxied: h.proxied}
	go t.run(d)
}

// securing is the TLS handshake of an accepted connection, on a goroutine that ends with it.
type securing struct {
	c         *Conn
	heard     []byte          // has come already
	ctx       context.Context // ends when the connection is dropped
	cancel    context.CancelFunc
	tlsServer *dial.TLSServer
	proxied   bool // it is behind a header of the PROXY protocol
}

// then goes on with what became of it on the loop, unless the connection has ended meanwhile;
// false: the loop has.
func (t *securing) then(next func(h *handshaking)) bool {
	c := t.c
	return c.w.loop.Post(func() {
		if c.phase == phaseSecuring {
			c.w.current = c
			next(&c.ends.begin)
		}
	})
}

func (t *securing) failed(text string) {
	t.then(func(h *handshaking) { h.failed(text) })
}

// run is the goroutine; the descriptor is its own until it goes back to the loop.
func (t *securing) run(d loop.Descriptor) {
	defer t.c.w.engine.guard("a TLS handshake", func(e *fault.Error) { t.failed(e.Text) })
	defer t.cancel()
	engine := t.c.w.engine
	raw, err := d.Attach()
	if err != nil {
		t.failed(err.Error())
		return
	}
	if t.proxied && !t.readProxy(raw) {
		raw.Close()
		return
	}
	if !engine.securing.Take(t.ctx.Done()) {
		raw.Close()
		return
	}
	defer engine.securing.Give()
	s := &secure{raw: raw, heard: t.heard, turns: engine.securing, asks: t.asksHost()}
	s.conn.Conn = t.tlsServer.Server(s)
	if err := t.shake(s); err != nil {
		why, reply := unsecured(err)
		raw.Write(reply) // it fits the empty send buffer
		s.part(t.ctx)
		t.failed(why)
		return
	}
	if d, err = loop.Detach(raw); err != nil {
		t.failed(err.Error())
		return
	}
	s.asks = nil
	c := t.c
	if !c.w.loop.Post(func() {
		if c.phase != phaseSecuring {
			d.Close()
			return
		}
		c.ends.begin.securedApart(s, d)
	}) {
		d.Close()
	}
}

// shake is the handshake itself. A context would have a goroutine of its own there, for each.
func (t *securing) shake(s *secure) error {
	raw := s.raw
	defer context.AfterFunc(t.ctx, func() { raw.Close() })()
	return s.conn.Conn.Handshake()
}

// SetCertificates replaces all certificates of a server that runs: handshakes that
// begin now show the new ones. When one of them cannot be used the old ones stay. Any
// thread.
func (s *Server) SetCertificates(pairs []dial.Pair) *fault.Error {
	locked := take(&s.mu)
	defer locked.end()
	state, tlsServer := s.state, s.tls
	locked.end()
	switch {
	case state == serverDestroyed:
		return fault.Refused(fault.IDHandle, "server: was destroyed")
	case state != serverStarted:
		return fault.Refused(fault.IDState, "server: is not started")
	case tlsServer == nil:
		return fault.Refused(fault.IDState, "server: was started without a certificate, so it does not speak TLS")
	case len(pairs) == 0:
		return fault.Refused(fault.IDParameter, "count: a server has at least one certificate")
	}
	err := tlsServer.Show(pairs)
	if err == nil {
		s.doubts(tlsServer)
		return nil
	}
	var bad *dial.InputError
	if !errors.As(err, &bad) {
		return fault.Input("certificates", err)
	}
	return config.PairRefused(fmt.Sprintf("certificates[%d].", bad.Pair), pairs[bad.Pair], bad)
}

// doubts logs what clients will not like of the certificates. No lock is held.
func (s *Server) doubts(a *dial.TLSServer) {
	for _, doubt := range a.Doubts(time.Now()) {
		s.engine.log(journal.Warn, "%s%s", s.engine.name("server", s.block), doubt)
	}
}

// parts ends a stream whose handshake has failed so that the peer reads the alert that
// says why: closing with bytes unread would be a reset, which takes it away.
func (h *handshaking) parts() {
	c := h.c
	c.sock.ShutdownWrite()
	c.phase.become(phaseLingering)
	c.w.loop.After(&c.ends.timer, lingerTimeout, c)
}

// part is parts on the goroutine of a handshake.
func (s *secure) part(ctx context.Context) {
	defer s.raw.Close()
	half, ok := s.raw.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { s.raw.Close() })()
	s.raw.SetDeadline(time.Now().Add(lingerTimeout))
	io.CopyN(io.Discard, struct{ io.Reader }{s}, lingerMax)
}
