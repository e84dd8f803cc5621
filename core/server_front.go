// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"libws/core/admit"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

// A server behind proxies sees only them. Those that it trusts tell it who the client is:
// by a field of each request, or by a header of the PROXY protocol in front of all else.
// From then on the client's address is the connection's: for limits, texts and the host.

// arrives notes whether a new connection comes from a trusted proxy.
func (h *handshaking) arrives() {
	f := h.c.server.serving.Load().Front
	if peer := h.c.peer; f.Believes(peer.AddrPort().Addr()) {
		h.hop, h.fronted, h.proxied = peer, true, f.Source == config.AddressProxyProtocol
	}
}

// named takes the client from a request of a trusted proxy, which may send those of
// different clients on one connection. False when that client may not come in; then it
// was answered.
func (h *handshaking) named(head []byte) bool {
	if !h.fronted {
		return true
	}
	f, hops := h.c.server.serving.Load().Front, handshake.Forwarded
	switch f.Source {
	case config.AddressProxyProtocol:
		return true
	case config.AddressXForwardedFor:
		hops = handshake.XForwardedFor
	}
	if !h.becomes(admit.EndpointOf(hops.Client(head, h.hop.AddrPort(), &f.Trusted))) {
		return false
	}
	if r := h.refusal; r != nil {
		h.refuse(r)
		return false
	}
	return true
}

// becomes gives a connection that is not open the address of its client. When that one
// may not come in the connection goes on as one to be refused; false when there are too
// many of these, and it was dropped.
func (h *handshaking) becomes(client admit.Endpoint) bool {
	c := h.c
	s, n, now := c.server, &c.w.engine.counters, time.Now()
	if h.refusal != nil {
		h.setPeer(client)
		return true
	}
	r := s.admission.Moves(c.peer, client, now)
	if r == nil {
		h.setPeer(client)
		return true
	}
	s.refused(r, client)
	h.setPeer(h.hop) // as which it is counted now
	if n.mayRefuse() {
		s.admission.Leave(c.peer, now)
		n.sockets.Add(-1)
		h.refusal = r
		h.setPeer(client)
		h.headTime()
		return true
	}
	c.log(journal.Info, "%s: %v", client.String(), &r.Rejection)
	if c.phase != phaseSecuring {
		h.write(h.fitting(r.AppendBusy(nil, r.Retry)))
	}
	c.drop()
	return false
}

func (h *handshaking) setPeer(p admit.Endpoint) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.c.peer = p
}

// readProxy reads the header of the PROXY protocol and not a byte more; true when all of
// it has come and the request follows.
func (h *handshaking) readProxy() bool {
	pool := &h.c.w.engine.pool
	for {
		client, need, err := handshake.ParseProxy(h.in.Kept)
		switch {
		case err != nil:
			h.unproxied(err.Error())
			return false
		case need == 0:
			h.in.Forget(pool)
			return h.proxyNamed(client)
		}
		have := len(h.in.Kept)
		if err := h.in.Grow(pool, have+need); err != nil {
			h.noMemory(err)
			return false
		}
		n, errno := h.c.sock.Read(h.in.Kept[have : have+need])
		if n <= 0 {
			if errno != loop.EAGAIN {
				h.leftProxy(have)
			}
			return false
		}
		h.in.Kept = h.in.Kept[:have+n]
	}
}

// readProxy is readProxy in front of a TLS handshake, on its goroutine; true when the
// handshake follows.
func (t *securing) readProxy(raw net.Conn) bool {
	defer context.AfterFunc(t.ctx, func() { raw.Close() })()
	var head []byte
	for {
		client, need, err := handshake.ParseProxy(head)
		switch {
		case err != nil:
			t.then(func(h *handshaking) { h.unproxied(err.Error()) })
			return false
		case need == 0:
			return t.then(func(h *handshaking) { h.proxyNamed(client) })
		}
		have := len(head)
		head = append(head, make([]byte, need)...)
		n, err := raw.Read(head[have:])
		if head = head[:have+n]; n == 0 && err != nil {
			t.then(func(h *handshaking) { h.leftProxy(have) })
			return false
		}
	}
}

// proxyNamed goes on behind the PROXY header. client is not valid when the proxy speaks
// for itself.
func (h *handshaking) proxyNamed(client netip.AddrPort) bool {
	h.proxied = false
	return !client.IsValid() || h.becomes(admit.EndpointOf(client))
}

// leftProxy is the end of a stream with so many bytes of the header. Load balancers look
// like that whether the port is open, and say nothing.
func (h *handshaking) leftProxy(bytes int) {
	c := h.c
	if bytes == 0 {
		c.log(journal.Debug, "%s left without a PROXY header", c.peer.String())
		c.drop()
		return
	}
	h.unproxied(errCutProxy.Error())
}

var errCutProxy = errors.New("the stream ended inside it")

// unproxied ends a connection of a trusted proxy without a sound PROXY header. That is a
// mistake in a configuration, so it is reported, once a second.
func (h *handshaking) unproxied(why string) {
	c := h.c
	s := c.server
	c.log(journal.Info, "%s: PROXY header: %s", c.peer.String(), why)
	c.w.engine.counters.refused.Add(1)
	if n := s.admission.Refused(admit.LimitProxy, time.Now()); n > 0 {
		s.tell(&fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageProxy, Text: fmt.Sprintf(
			"config.client_address: the PROXY header of %s: %s (%d connections were closed for that since it was told last)", c.peer.String(), why, n)})
	}
	c.drop()
}
