// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

// A server behind proxies sees only them. Those that it trusts tell it who the client is:
// by a field of each request, or by a header of the PROXY protocol in front of all else.
// From then on the client's address is the connection's: for limits, texts and the host.

// AddressSource is who says what the address of a client is; the numbers are those of
// WS_ADDRESS_.
type AddressSource int

// Sources.
const (
	AddressPeer AddressSource = iota
	AddressForwarded
	AddressXForwardedFor
	AddressProxyProtocol
)

// FrontOptions says who stands in front of a server.
type FrontOptions struct {
	Trusted string // networks, addresses and "unix", separated by commas; "": nobody
	Source  AddressSource
}

// front is who may say who the client is, and how. It never changes.
type front struct {
	source  AddressSource
	trusted handshake.Trusted
}

// read checks the options; nil when nobody is believed.
func (o *FrontOptions) read() (*front, *fault.Error) {
	switch {
	case o.Source < AddressPeer || o.Source > AddressProxyProtocol:
		return nil, fault.Refused(fault.IDParameter, "config.client_address: %d is not a WS_ADDRESS_", o.Source)
	case o.Trusted == "":
		return nil, nil
	case o.Source == AddressPeer: // it would say nothing, and the host relied on it
		return nil, fault.Refused(fault.IDParameter, "config.trusted_proxies: is set, and client_address does not say how they name the client")
	}
	trusted, err := handshake.ParseTrusted(o.Trusted)
	if err != nil {
		return nil, fault.Refused(fault.IDParameter, "config.trusted_proxies: %v", err)
	}
	return &front{o.Source, trusted}, nil
}

// believes tells whether an address is that of a trusted proxy. f may be nil.
func (f *front) believes(from endpoint) bool {
	return f != nil && f.trusted.Has(from.addrPort().Addr())
}

// arrives notes whether a new connection comes from a trusted proxy.
func (c *Conn) arrives() {
	f := c.server.serving.Load().front
	if e := &c.ends.begin; f.believes(c.peer) {
		e.hop, e.fronted, e.proxied = c.peer, true, f.source == AddressProxyProtocol
	}
}

// named takes the client from a request of a trusted proxy, which may send those of
// different clients on one connection. False when that client may not come in; then it
// was told.
func (c *Conn) named(head []byte) bool {
	if !c.ends.begin.fronted {
		return true
	}
	f, hops := c.server.serving.Load().front, handshake.Forwarded
	switch f.source {
	case AddressProxyProtocol:
		return true
	case AddressXForwardedFor:
		hops = handshake.XForwardedFor
	}
	if !c.becomes(endpointOf(hops.Client(head, c.ends.begin.hop.addrPort(), &f.trusted))) {
		return false
	}
	if r := c.ends.begin.refusal; r != nil {
		c.ends.begin.refuse(r)
		return false
	}
	return true
}

// becomes gives a connection that is not open the address of its client. When that one
// may not come in the connection goes on as one to be refused; false when there are too
// many of these, and it was dropped.
func (c *Conn) becomes(client endpoint) bool {
	e, s, n, now := &c.ends.begin, c.server, &c.w.engine.counters, time.Now()
	if e.refusal != nil {
		c.setPeer(client)
		return true
	}
	r := s.admission.moves(c.peer, client, now)
	if r == nil {
		c.setPeer(client)
		return true
	}
	s.refused(r, client)
	c.setPeer(e.hop) // as which it is counted now
	if n.mayRefuse() {
		s.admission.leave(c.peer, now)
		n.sockets.Add(-1)
		e.refusal = r
		c.setPeer(client)
		e.headTime()
		return true
	}
	c.log(journal.Info, "%s: %v", client.addr(), &r.Rejection)
	if c.phase != phaseSecuring {
		e.write(r.AppendBusy(nil, r.retry))
	}
	c.drop()
	return false
}

func (c *Conn) setPeer(p endpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = p
}

// readProxy reads the header of the PROXY protocol and not a byte more; true when all of
// it has come and the request follows.
func (c *Conn) readProxy() bool {
	e, pool := &c.ends.begin, &c.w.engine.pool
	for {
		client, need, err := handshake.ParseProxy(e.in.kept)
		switch {
		case err != nil:
			c.unproxied(err.Error())
			return false
		case need == 0:
			e.in.forget(pool)
			return c.proxyNamed(client)
		}
		have := len(e.in.kept)
		if err := e.in.grow(pool, have+need); err != nil {
			e.noMemory(err)
			return false
		}
		n, errno := c.sock.Read(e.in.kept[have : have+need])
		if n <= 0 {
			if errno != loop.EAGAIN {
				c.leftProxy(have)
			}
			return false
		}
		e.in.kept = e.in.kept[:have+n]
	}
}

// hearProxy is readProxy in front of a TLS handshake, on its goroutine; true when the
// handshake follows.
func (c *Conn) hearProxy(ctx context.Context, raw net.Conn) bool {
	defer context.AfterFunc(ctx, func() { raw.Close() })()
	then := func(next func()) bool {
		return c.w.loop.Post(func() {
			if c.phase == phaseSecuring {
				c.w.current = c
				next()
			}
		})
	}
	var head []byte
	for {
		client, need, err := handshake.ParseProxy(head)
		switch {
		case err != nil:
			then(func() { c.unproxied(err.Error()) })
			return false
		case need == 0:
			return then(func() { c.proxyNamed(client) })
		}
		have := len(head)
		head = append(head, make([]byte, need)...)
		n, err := raw.Read(head[have:])
		if head = head[:have+n]; n == 0 && err != nil {
			then(func() { c.leftProxy(have) })
			return false
		}
	}
}

// proxyNamed goes on behind the PROXY header. client is not valid when the proxy speaks
// for itself.
func (c *Conn) proxyNamed(client netip.AddrPort) bool {
	c.ends.begin.proxied = false
	return !client.IsValid() || c.becomes(endpointOf(client))
}

// leftProxy is the end of a stream with so many bytes of the header. Load balancers look
// like that whether the port is open, and say nothing.
func (c *Conn) leftProxy(bytes int) {
	if bytes == 0 {
		c.log(journal.Debug, "%s left without a PROXY header", c.peer.addr())
		c.drop()
		return
	}
	c.unproxied(errCutProxy.Error())
}

var errCutProxy = errors.New("the stream ended inside it")

// unproxied ends a connection of a trusted proxy without a sound PROXY header. That is a
// mistake in a configuration, so the host is told, once a second.
func (c *Conn) unproxied(why string) {
	s := c.server
	c.log(journal.Info, "%s: PROXY header: %s", c.peer.addr(), why)
	c.w.engine.counters.refused.Add(1)
	if n := s.admission.refused(limitProxy, time.Now()); n > 0 {
		s.tell(&fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageProxy, Text: fmt.Sprintf(
			"config.client_address: the PROXY header of %s: %s (%d connections were closed for that since it was told last)", c.peer.addr(), why, n)})
	}
	c.drop()
}
