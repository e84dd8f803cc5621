// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"net/netip"
	"time"

	"libws/core/admit"
	"libws/core/border"
	"libws/core/config"
	"libws/core/connect"
	"libws/core/cookies"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/wire"
)

// client is what only a client has. Conn.mu guards what changes.
type client struct {
	c       *Conn
	options config.ConnOptions // never changes
	attempt *attempt           // not nil while connecting, but for the waits of retry
	retry   *retry             // of the last ws_connect; nil: it does not connect again by itself
	keep    bool               // a message waits whole as long as none of its bytes can leave
	marks   int                // EventMarks that the host has not come to; the loop's
	past    *past              // what Text tells of the last connection
	taken   uint64             // bytes that the kernel has taken so far, for the vigil
	guarded bool               // the vigil wants to know when the kernel is full
	stuck   bool               // the vigil is about to look
	acks    *acks              // what waits to be acknowledged; nil: nobody asks
	masks   wire.Masks         // of frames that are sent at once
	jar     *cookies.Jar       // nil until they are to be kept
}

// attempt is one try to connect.
type attempt struct {
	plan     *connect.Plan
	cancel   context.CancelFunc
	done     border.Completion
	network  uint64 // Engine.networks when it began
	progress dial.Progress
}

// NewClient makes a client that is not connected; block is its handle's. The host makes the
// handle known in known: a shutdown may end and release the client before NewClient returns.
// When it fails, maybe behind known, the block is still the host's to release.
func (e *Engine) NewClient(block *border.Block, o config.ConnOptions, known func(*Conn)) (*Conn, *fault.Error) {
	o.Floods = config.NoFloods
	if err := o.Fill(); err != nil {
		return nil, err
	}
	w := e.pick()
	c := &Conn{w: w, block: block}
	c.rare.need().client = &client{c: c, options: o}
	c.needTally()
	block.SetState(border.StateClosed)
	block.Prepare(w.index, o.MaxBuffered)
	if o.Pings {
		block.WantPings()
	}
	known(c)
	if err := e.addClient(c); err != nil {
		return nil, err
	}
	return c, nil
}

// Connect starts an attempt; its result comes as events: completion and open,
// or completion and error. Any thread.
func (c *Conn) Connect(raw string, o config.ConnectOptions, done border.Completion) *fault.Error {
	p, bad := connect.New(gated{e: c.w.engine}, raw, o)
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
	case c.block.State() != border.StateClosed:
		return fault.Refused(fault.IDConnectionExists, "handle: is connecting or connected already; one connection at a time")
	}
	q := c.rare.client()
	q.retry, q.keep, q.acks = nil, false, nil
	if o.Cookies {
		if q.jar == nil {
			q.jar = new(cookies.Jar)
		}
		p.Jar = q.jar
	}
	if o.Acknowledged {
		q.acks = new(acks)
	}
	if r := c.rare.Load(); r != nil {
		r.sending = pieces{} // who connects knows that nothing goes on
	}
	if p.Options.Reconnect != nil {
		q.retry = newRetry(c, p, done)
		q.keep = p.Options.Reconnect.KeepSends
	}
	q.begin(p, done)
	return nil
}

// begin starts a try. c.mu is held.
func (q *client) begin(p *connect.Plan, done border.Completion) {
	c := q.c
	ctx, cancel := context.Background(), context.CancelFunc(nil)
	if p.Options.Timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, p.Options.Timeout)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	a := &attempt{plan: p, cancel: cancel, done: done, network: c.w.engine.networks.Load()}
	q.attempt = a
	c.block.SetState(border.StateConnecting)
	if !q.options.RefuseEarly {
		c.block.Set(border.OutEarly)
	}
	try := func(begun *dial.Awaited) { go q.dial(ctx, a, begun) }
	if p.Options.Descriptor != nil {
		try(nil)
		return
	}
	a.progress.Enter(dial.StageResolve)
	dial.Await(ctx, p.Target, &p.Options.Proxy, &p.Options.Way, try)
}

// cancelAttempt forgets the attempt that is on its way, or waited for, and returns
// its completion. q is nil for an accepted connection. c.mu is held.
func (q *client) cancelAttempt() border.Completion {
	if q == nil {
		return border.Completion{}
	}
	var done border.Completion
	if r := q.retry; r != nil {
		done = r.cancel()
		q.retry = nil
	}
	if a := q.attempt; a != nil {
		q.attempt = nil
		a.cancel()
		done = a.done
	}
	return done
}

// cancelConnect is ws_close or ws_abort while connecting. c.mu is held.
func (q *client) cancelConnect(closed border.Completion, why *fault.Error) {
	c := q.c
	if a := q.attempt; a != nil {
		if stage := a.progress.Stage(); stage != dial.StageNone {
			at := *why
			at.Stage, why = stage, &at
		}
	}
	pending, early := q.cancelAttempt(), c.takeEarly()
	c.block.SetState(border.StateClosed)
	c.w.loop.Post(func() {
		slot := c.block.Slot
		c.w.complete(slot, border.OpConnect, pending, why)
		c.w.failEarly(c.block, early, why)
		c.w.report(c.block.Slot, why)
		c.w.complete(slot, border.OpClose, closed, nil)
	})
}

var (
	errConnectCancelled = &fault.Error{ID: fault.IDCancelled, Stage: dial.StageConnect, Text: "connecting was cancelled by ws_close"}
	errConnectAborted   = &fault.Error{ID: fault.IDCancelled, Stage: dial.StageConnect, Text: "connecting was cancelled by ws_abort"}
)

// connectFailed ends an attempt, or the wait for the next one.
func (q *client) connectFailed(a *attempt, e *fault.Error) {
	c := q.c
	locked := take(&c.mu)
	defer locked.end()
	if q.attempt != a {
		return // closed or destroyed meanwhile
	}
	q.attempt = nil
	q.failed(&locked, a.done, e)
}

// failed goes on behind a try that has failed. c.mu is held, and given back. The loop's.
func (q *client) failed(locked *locking, done border.Completion, e *fault.Error) {
	c := q.c
	r := q.retry
	again := r != nil && r.final(e) == ""
	if !again {
		q.retry = nil
		c.block.SetState(border.StateClosed)
	}
	var dropped []early
	if !again || !q.keep {
		dropped = c.takeEarly()
		if again && !q.options.RefuseEarly {
			c.block.Set(border.OutEarly)
		}
	}
	locked.end()
	c.w.current = c
	switch {
	case again:
		c.w.failEarly(c.block, dropped, e)
		c.w.report(c.block.Slot, e)
		r.code = 0
		r.wait(e)
	case r != nil:
		c.w.failEarly(c.block, dropped, e)
		if r.backoff.Tries() > 0 { // else giving up is all that there is to tell
			c.w.report(c.block.Slot, e)
		}
		r.gaveUp(done, e)
	default:
		c.w.complete(c.block.Slot, border.OpConnect, done, e)
		c.w.failEarly(c.block, dropped, e)
		c.w.report(c.block.Slot, e)
	}
}

// connected takes over the descriptor of an upgraded connection; target is where
// redirects have led to.
func (q *client) connected(a *attempt, target *dial.Target, d loop.Descriptor, u *connect.Upgraded) {
	c := q.c
	s, r, rest := adapter(u.TLS), u.Response, u.Rest
	locked := take(&c.mu)
	defer locked.end()
	if q.attempt != a {
		locked.end()
		d.Close()
		c.w.engine.counters.sockets.Add(-1)
		return
	}
	c.peer = admit.EndpointOf(d.PeerAddress())
	local := d.LocalAddress()
	err := c.sock.Register(c.w.loop, d, c)
	if err == nil {
		c.needTally().opened.Store(time.Now().UnixMilli()) // before the open event
		q.attempt = nil                                    // Close now means the connection
		q.past = remember(target, local, s, r)
		q.past.took = stepTimes(&a.progress)
		if q.retry != nil {
			q.retry.opened()
		}
		if s != nil {
			s.attach(c)
		}
		if u.Packs {
			compresses(c, r.Extensions, u.Params, a.plan.Options.Compression)
		}
		c.opened()
		c.w.engine.relief.usesOutput(c, largeUse) // what waited for it
		if !c.rare.need().shelf.early.empty() {
			c.block.Set(border.OutEarly) // also what a client that refuses early messages has kept
		}
		q.guarded = a.plan.Options.Silence.Write > 0
		c.watch(false) // it may have been paused before, and is not read then
	}
	locked.end()
	if err != nil {
		c.w.engine.counters.sockets.Add(-1)
		q.connectFailed(a, &fault.Error{ID: fault.IDUnknown, Stage: dial.StageConnect, Text: err.Error()})
		return
	}
	c.w.current = c
	c.w.complete(c.block.Slot, border.OpConnect, a.done, nil)
	q.tellOpen(r)
	watchSilence(c, a.plan.Options.Silence)
	c.pushEarly() // other threads send behind it
	if len(rest) > 0 {
		q.feedCopy(rest)
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

// tellOpen records the events of a client when it is connected, in this order.
func (q *client) tellOpen(r *handshake.Response) {
	c := q.c
	w, slot := c.w, c.block.Slot
	if w.engine.journal.Wants(journal.Debug) {
		c.log(journal.Debug, "connected to %s", c.peer.String())
	}
	w.tell(slot, border.EventHeaderReceive, 0, w.detail(), handshake.Block(r.Fields))
	d := w.detail()
	d.Status, d.Text = int32(r.Status), w.text(r.Reason) // fits: three digits
	w.notice(slot, border.EventOpen, 0, d)
	d.Protocol = w.text(r.Protocol)
	w.notice(slot, border.EventOpenInfo, 0, d)
}

// feedCopy parses bytes that lie in the Go heap.
func (q *client) feedCopy(rest []byte) {
	c := q.c
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
