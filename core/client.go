// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"net/netip"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
	"libws/core/wire"
)

// client is what only a client has. Conn.mu guards what changes.
type client struct {
	options ConnOptions // never changes
	attempt *attempt    // not nil while connecting, but for the waits of retry
	retry   *retry      // of the last ws_connect; nil: it does not connect again by itself
	keep    bool        // a message waits whole as long as none of its bytes can leave
	marks   int         // EventMarks that the host has not come to; the loop's
	past    *past       // what Text tells of the last connection
	taken   uint64      // bytes that the kernel has taken so far, for the vigil
	guarded bool        // the vigil wants to know when the kernel is full
	stuck   bool        // it is about to hear it
	acks    *acks       // what waits to be acknowledged; nil: nobody asks
	masks   wire.Masks  // of frames that are sent at once
}

// attempt is one try to connect.
type attempt struct {
	plan   *plan
	cancel context.CancelFunc
	done   Completion
}

// NewClient makes a client that is not connected; block is its handle's. The host makes the
// handle known in known: a shutdown may end and release the client before NewClient returns.
// When it fails, maybe behind known, the block is still the host's to release.
func (e *Engine) NewClient(block *Block, o ConnOptions, known func(*Conn)) (*Conn, *fault.Error) {
	o.Floods = noFloods
	if err := o.fill(); err != nil {
		return nil, err
	}
	w := e.pick()
	c := &Conn{w: w, block: block}
	c.needRare().client = &client{options: o}
	c.needTally()
	block.setState(Closed)
	block.prepare(w.index, o.MaxBuffered)
	if o.Pings {
		block.HearPings()
	}
	known(c)
	if err := e.addClient(c); err != nil {
		return nil, err
	}
	return c, nil
}

// Connect starts an attempt; its result comes as events: completion and open,
// or completion and error. Any thread.
func (c *Conn) Connect(raw string, o ConnectOptions, done Completion) *fault.Error {
	p, bad := c.w.engine.newPlan(raw, o)
	if bad != nil {
		return bad
	}
	if o.Acknowledged && !loop.TellsUnacked {
		return errNoAcks
	}
	if c.w.engine.full() {
		return c.w.engine.errCeiling()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		return errGone
	case c.block.State() != Closed:
		return fault.Refused(fault.IDConnectionExists, "handle: is connecting or connected already; one connection at a time")
	}
	c.client().retry, c.client().keep, c.client().acks = nil, false, nil
	if o.Acknowledged {
		c.client().acks = new(acks)
	}
	if r := c.rare.Load(); r != nil {
		r.sending = pieces{} // who connects knows that nothing goes on
	}
	if p.reconnect != nil {
		c.client().retry = newRetry(c, p, done)
		c.client().keep = p.reconnect.KeepSends
	}
	c.begin(p, done)
	return nil
}

// begin starts a try. c.mu is held.
func (c *Conn) begin(p *plan, done Completion) {
	ctx, cancel := context.Background(), context.CancelFunc(nil)
	if p.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, p.timeout)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	a := &attempt{plan: p, cancel: cancel, done: done}
	c.client().attempt = a
	c.block.setState(Connecting)
	if !c.client().options.RefuseEarly {
		c.block.set(outEarly)
	}
	dial.Await(ctx, p.target, &p.options.Proxy, func(begun *dial.Awaited) { go c.dial(ctx, a, begun) })
}

// cancelAttempt forgets the attempt that is on its way, or waited for, and returns
// its completion. c.mu is held.
func (c *Conn) cancelAttempt() Completion {
	if c.client() == nil {
		return Completion{}
	}
	var done Completion
	if r := c.client().retry; r != nil {
		done = r.cancel()
		c.client().retry = nil
	}
	if a := c.client().attempt; a != nil {
		c.client().attempt = nil
		a.cancel()
		done = a.done
	}
	return done
}

// cancelConnect is ws_close or ws_abort while connecting. c.mu is held.
func (c *Conn) cancelConnect(closed Completion, why *fault.Error) {
	pending, early := c.cancelAttempt(), c.takeEarly()
	c.block.setState(Closed)
	c.w.loop.Post(func() {
		slot := c.block.Slot
		c.w.complete(slot, OpConnect, pending, why)
		c.failEarly(early, why)
		c.report(why)
		c.w.complete(slot, OpClose, closed, nil)
	})
}

var (
	errConnectCancelled = &fault.Error{ID: fault.IDCancelled, Stage: dial.StageConnect, Text: "connecting was cancelled by ws_close"}
	errConnectAborted   = &fault.Error{ID: fault.IDCancelled, Stage: dial.StageConnect, Text: "connecting was cancelled by ws_abort"}
)

// connectFailed ends an attempt, or the wait for the next one.
func (c *Conn) connectFailed(a *attempt, e *fault.Error) {
	held := take(&c.mu)
	defer held.end()
	if c.client().attempt != a {
		return // closed or destroyed meanwhile
	}
	c.client().attempt = nil
	r := c.client().retry
	again := r != nil && r.final(e) == ""
	if !again {
		c.client().retry = nil
		c.block.setState(Closed)
	}
	var dropped []early
	if !again || !c.client().keep {
		dropped = c.takeEarly()
		if again && !c.client().options.RefuseEarly {
			c.block.set(outEarly)
		}
	}
	held.end()
	c.w.current = c
	switch {
	case again:
		c.failEarly(dropped, e)
		c.report(e)
		r.wait(e)
	case r != nil:
		c.failEarly(dropped, e)
		if r.backoff.Tries() > 0 { // else giving up is all that there is to tell
			c.report(e)
		}
		c.gaveUp(a.done, r, e)
	default:
		c.w.complete(c.block.Slot, OpConnect, a.done, e)
		c.failEarly(dropped, e)
		c.report(e)
	}
}

// connected takes over the descriptor of an upgraded connection; target is where
// redirects have led to.
func (c *Conn) connected(a *attempt, target *dial.Target, d loop.Descriptor, u *upgraded) {
	s, r, rest := u.secure, u.response, u.rest
	held := take(&c.mu)
	defer held.end()
	if c.client().attempt != a {
		held.end()
		d.Close()
		c.w.engine.counters.sockets.Add(-1)
		return
	}
	c.peer = endpointOf(d.PeerAddress())
	local := d.LocalAddress()
	err := c.sock.Register(c.w.loop, d, c)
	if err == nil {
		c.needTally().opened.Store(time.Now().UnixMilli()) // before anybody hears of it
		c.client().attempt = nil                           // Close now means the connection
		c.client().past = remember(target, local, s, r)
		if c.client().retry != nil {
			c.client().retry.opened()
		}
		if s != nil {
			s.attach(c)
		}
		if u.packs {
			compresses(c, r.Extensions, u.params, a.plan.options.Compression)
		}
		c.opened()
		if len(c.needRare().early) > 0 {
			c.block.set(outEarly) // also what a client that refuses early messages has kept
		}
		c.client().guarded = a.plan.silence.Write > 0
		c.watch(false) // it may have been paused before, and is not read then
	}
	held.end()
	if err != nil {
		c.w.engine.counters.sockets.Add(-1)
		c.connectFailed(a, &fault.Error{ID: fault.IDUnknown, Stage: dial.StageConnect, Text: err.Error()})
		return
	}
	c.w.current = c
	c.w.complete(c.block.Slot, OpConnect, a.done, nil)
	c.tellOpen(r)
	c.watchSilence(a.plan.silence)
	c.pushEarly() // other threads send behind it
	if len(rest) > 0 {
		c.feedCopy(rest)
	}
	if s != nil {
		c.readOn() // more may lie inside crypto/tls
	}
}

// remember keeps what Text tells when the connection has ended. TLS must not belong
// to the loop yet.
func remember(target *dial.Target, local netip.AddrPort, s *secure, r *handshake.Response) *past {
	p := &past{url: target.URL.String(), protocol: r.Protocol, extensions: r.Extensions, local: local}
	if s != nil {
		state := s.conn.ConnectionState()
		p.state = &state
	}
	return p
}

// tellOpen records what a client hears when it is connected, in this order.
func (c *Conn) tellOpen(r *handshake.Response) {
	w, slot := c.w, c.block.Slot
	if w.engine.logs(LogDebug) {
		c.log(LogDebug, "connected to %s", c.peer.addr())
	}
	w.tell(slot, EventHeaderReceive, 0, w.detail(), headerBlock(r.Fields))
	d := w.detail()
	d.Status, d.Text = int32(r.Status), w.text(r.Reason) // fits: three digits
	w.notice(slot, EventOpen, 0, d)
	d.Protocol = w.text(r.Protocol)
	w.notice(slot, EventOpenInfo, 0, d)
}

// headerBlock lays out fields as ws_header_next reads them: names and values in
// turn, a NUL behind each.
func headerBlock(fields []handshake.Field) []byte {
	var b []byte
	for _, f := range fields {
		b = append(append(b, f.Name...), 0)
		b = append(append(b, f.Value...), 0)
	}
	return b
}

// feedCopy parses bytes that lie in the Go heap.
func (c *Conn) feedCopy(rest []byte) {
	b, err := c.w.engine.pool.Force(len(rest))
	if err != nil {
		c.lost(&fault.Error{ID: fault.IDMemory, Stage: dial.StageLimit, Text: err.Error()})
		return
	}
	b = append(b, rest...)
	c.feed(b)
	// What the batch does not hold yet is parsed or copied; the rest lives on.
	c.w.release = append(c.w.release, b)
}
