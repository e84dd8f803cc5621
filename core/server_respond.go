// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
)

// AcceptOptions says how the host agrees to an upgrade.
type AcceptOptions struct {
	Protocol *string // subprotocol, one of those offered, or ""; nil: what the server's list says
	Fields   []handshake.Field
	Unpacked bool // no compression, also when both ends would agree on it
	// What of the server's limits and deadlines is different for this connection; 0: nothing.
	Limits  config.ConnOptions
	Silence config.Silence
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
	own, err := c.owns(&o)
	if err != nil {
		return err
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
	if protocol == "" && c.ends.begin.answers.Required {
		return fault.Refused(fault.IDParameter, "options.protocol: is \"\", and WS_REQUIRE_PROTOCOL wants one that the client offers")
	}
	a.waits = false
	c.w.loop.Post(func() {
		if h := c.decided(a); h != nil {
			own.give(c)
			if o.Unpacked {
				a.Extensions = ""
			}
			h.accept(a, protocol, o.Fields)
		}
	})
	return nil
}

// owned is what of a connection differs from its server.
type owned struct {
	limits  *config.ConnOptions // nil: nothing
	silence *config.Silence     // nil: nothing
}

// owns checks what the host wants to differ.
func (c *Conn) owns(o *AcceptOptions) (own owned, err *fault.Error) {
	if (o.Limits != config.ConnOptions{}) {
		limits, err := c.server.options.With(o.Limits)
		if err != nil {
			return own, err
		}
		own.limits = &limits
	}
	if (o.Silence != config.Silence{}) {
		silence, err := c.server.deadlines.Load().With(o.Silence, "options")
		if err != nil {
			return own, err
		}
		own.silence = &silence
	}
	return own, nil
}

// give has c differ from its server, before it is open. The loop's.
func (own *owned) give(c *Conn) {
	if own.limits != nil {
		c.rare.need().own.Store(own.limits)
		c.block.SetLimit(own.limits.MaxBuffered)
	}
	if own.silence != nil {
		c.rare.need().silence = own.silence
	}
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
	h.open(reply, &a.Request, h.in.Kept)
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
	p.Close = p.Close || a.Upgrade || !a.Keep || c.server.serving.Load().KeepAlive == 0 || c.server.listeningOver.Load()
	head := p.AppendHead(nil, &a.Request)
	if !p.HasBody(&a.Request) {
		p.Body = nil
	}
	reply, noMemory := c.w.engine.pool.Get(len(head) + len(p.Body))
	if noMemory != nil {
		return &fault.Error{ID: fault.IDMemory, Text: fmt.Sprintf("response: %v", noMemory)}
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
