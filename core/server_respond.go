// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/handshake"
)

// AcceptOptions says how the host agrees to an upgrade.
type AcceptOptions struct {
	Protocol *string // subprotocol, one of those offered, or ""; nil: what the server's list says
	Fields   []handshake.Field
}

var errTooLate = &fault.Error{ID: fault.IDNoConnection, Text: "connection: has ended, or the time for the decision was over"}

// asked is the request that waits for an answer. c.mu is held.
func (c *Conn) asked() (*asking, *fault.Error) {
	if c.destroyed || c.block.State() == border.StateClosed || c.ends != nil && c.ends.begin.late {
		return nil, errTooLate
	}
	if c.ends == nil || c.ends.begin.ask == nil || !c.ends.begin.ask.waits {
		return nil, fault.Refused(fault.IDState, "connection: no request waits for an answer")
	}
	return c.ends.begin.ask, nil
}

// Accept agrees to the upgrade that the host was asked about; EventOpen follows. Any
// thread.
func (c *Conn) Accept(o AcceptOptions) *fault.Error {
	if err := handshake.CheckFields(o.Fields); err != nil {
		return fault.Refused(fault.IDParameter, "options.headers: %v", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.asked()
	if err != nil {
		return err
	}
	if !a.Upgrade {
		return fault.Refused(fault.IDState, "connection: the request asks for no WebSocket; answer it by ws_respond")
	}
	protocol := a.Protocol
	if o.Protocol != nil {
		if protocol = *o.Protocol; protocol != "" && !a.Offers(protocol) {
			return fault.Refused(fault.IDParameter, "options.protocol: %q is not one that the client offers", protocol)
		}
	}
	a.waits = false
	c.w.loop.Post(func() {
		if h := c.decided(a); h != nil {
			h.accept(a, protocol, o.Fields)
		}
	})
	return nil
}

// decided is the handshake of a request whose answer has come to the loop; nil when it has
// ended meanwhile. The loop's.
func (c *Conn) decided(a *asking) *handshaking {
	if c.phase != phaseAsked || c.ends.begin.ask != a {
		return nil
	}
	c.w.current = c
	return &c.ends.begin
}

func (h *handshaking) accept(a *asking, protocol string, fields []handshake.Field) {
	c := h.c
	reply := a.Switch(c.w.scratch[:0], protocol, fields)
	c.w.scratch = reply
	a.Protocol = protocol
	h.keepRequest(&a.Request, a.header)
	h.open(reply, &a.Request, h.in.kept)
	c.setPaused(pausedByRequest, false)
}

// Respond answers the request that the host was asked about, and refuses an upgrade by
// that. What it says is copied. Any thread.
func (c *Conn) Respond(p handshake.Reply) *fault.Error {
	if p.Status < 200 || p.Status > 599 {
		return fault.Refused(fault.IDParameter, "response.status: %d is not in 200..599", p.Status)
	}
	if err := handshake.CheckFields(p.Fields); err != nil {
		return fault.Refused(fault.IDParameter, "response.headers: %v", err)
	}
	if most := c.options().MaxBuffered; int64(len(p.Body)) > most {
		return fault.Refused(fault.IDTooLarge, "response.body_size: %d is more than max_buffered, %d", len(p.Body), most)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.asked()
	if err != nil {
		return err
	}
	// What follows a refused upgrade may be frames.
	p.Close = p.Close || a.Upgrade || !a.Keep || c.server.serving.Load().KeepAlive == 0 || c.server.deaf.Load()
	head := p.AppendHead(nil, &a.Request)
	if !p.HasBody(&a.Request) {
		p.Body = nil
	}
	reply, noRoom := c.w.engine.pool.Get(len(head) + len(p.Body))
	if noRoom != nil {
		return &fault.Error{ID: fault.IDMemory, Text: fmt.Sprintf("response: %v", noRoom)}
	}
	reply = append(append(reply, head...), p.Body...)
	a.waits = false
	pool := &c.w.engine.pool
	if !c.w.loop.Post(func() {
		defer pool.Put(reply)
		if h := c.decided(a); h != nil {
			h.respond(reply, p.Close)
		}
	}) {
		pool.Put(reply)
	}
	return nil
}

func (h *handshaking) respond(reply []byte, last bool) {
	if last {
		h.lastReply(reply)
		return
	}
	c := h.c
	h.write(reply)
	h.setAsk(nil)
	c.w.loop.After(&c.ends.timer, replyTimeout, c)
	h.replyLeft()
}
