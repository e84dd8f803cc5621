// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"crypto/tls"

	"libws/core/dial"
	"libws/core/fault"
)

// dial runs on a goroutine of its own, which ends with the attempt: resolve, if that has not
// begun, connect and upgrade, then the descriptor moves to the loop.
func (q *client) dial(ctx context.Context, a *attempt, begun *dial.Awaited) {
	defer q.c.w.engine.guard("connecting", func(e *fault.Error) { q.dialFailed(a, e) })
	defer a.cancel()
	c := q.c
	d, u, target, e := a.plan.Reach(ctx, gated{c.w.engine, q, a, ctx}, begun, &a.progress)
	if e != nil {
		q.dialFailed(a, e)
		return
	}
	if !c.w.loop.Post(func() { q.connected(a, target, d, u) }) {
		d.Close()
		c.w.engine.counters.sockets.Add(-1)
	}
}

// dialFailed is connectFailed from another goroutine than the loop's.
func (q *client) dialFailed(a *attempt, e *fault.Error) {
	q.c.w.loop.Post(func() { q.connectFailed(a, e) })
}

// gated is what attempts to connect ask of an engine; see connect.Gate. Any thread.
type gated struct {
	e *Engine
	q *client  // whose attempt it is; nil: only Allowed is asked
	a *attempt // likewise
	// ctx ends with the attempt.
	ctx context.Context
}

func (g gated) Allowed(url string) bool { return g.e.host.Allowed(url) }

// Take asks again: when ws_connect was called others were not counted yet, and retries did not
// ask.
func (g gated) Take() error {
	if !g.e.takeSocket() {
		return g.e.errCeiling()
	}
	return nil
}

func (g gated) Give() { g.e.counters.sockets.Add(-1) }

func (g gated) Narrow() bool { return g.e.shortOfThreads() }

// Secure computes while it has a token of dialing. The adapter goes on to the loop: it lies
// under what is returned.
func (g gated) Secure(ctx context.Context, raw dial.Socket, o *tls.Config, t *dial.TLSOptions) (*tls.Conn, error) {
	turns := g.e.dialing
	if !turns.Take(ctx.Done()) {
		return nil, ctx.Err()
	}
	defer turns.Give()
	s := &secure{raw: raw, turns: turns}
	once := dial.ForHandshake(o)
	if t.AskVerify || t.AskSign {
		s.asks = g.q.asksHost(ctx, g.a)
		dial.Ask(once, t, s)
	}
	s.conn.Conn = tls.Client(s, once)
	// The attempt ends it: crypto/tls would have a goroutine for ctx.
	if err := s.conn.Handshake(); err != nil {
		return nil, err
	}
	s.turns, s.once = nil, once
	if s.asks != nil {
		s.asks = g.q.asksHost(g.ctx, g.a) // for a renegotiation, which is in the time of the upgrade
	}
	return s.conn.Conn, nil
}

// adapter is what lies under the TLS of an attempt whose upgrade is over; nil: there is none.
func adapter(t *tls.Conn) *secure {
	if t == nil {
		return nil
	}
	s := t.NetConn().(*secure) // Secure made it
	dial.Settle(s.once)
	s.asks, s.once = nil, nil
	return s
}
