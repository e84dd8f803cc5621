// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"libws/core/deflate"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
)

// upgraded is a stream on which the upgrade has succeeded.
type upgraded struct {
	conn     dial.Socket
	secure   *secure // nil for ws
	response *handshake.Response
	rest     []byte // first frames, if they came with the response
	packs    bool   // permessage-deflate was agreed on
	params   deflate.Params
}

// dial runs on a goroutine of its own, which ends with the attempt: resolve, if that has not
// begun, connect and upgrade, then the descriptor moves to the loop.
func (c *Conn) dial(ctx context.Context, a *attempt, begun *dial.Awaited) {
	failed := func(e *fault.Error) { c.w.loop.Post(func() { c.client().connectFailed(a, e) }) }
	defer c.w.engine.guard("connecting", failed)
	defer a.cancel()
	d, u, target, e := c.w.engine.reach(ctx, a.plan, begun)
	if e != nil {
		failed(e)
		return
	}
	if !c.w.loop.Post(func() { c.client().connected(a, target, d, u) }) {
		d.Close()
		c.w.engine.counters.sockets.Add(-1)
	}
}

// reach makes a connection by a plan and gives its descriptor, which is counted in
// counters.sockets, and where redirects have led to.
func (e *Engine) reach(ctx context.Context, p *plan, begun *dial.Awaited) (d loop.Descriptor, u *upgraded, target *dial.Target, bad *fault.Error) {
	if u, p, bad = e.follow(ctx, p, begun); bad != nil {
		return d, nil, nil, bad
	}
	d, err := loop.Detach(u.conn)
	if err != nil {
		e.counters.sockets.Add(-1)
		return d, nil, nil, p.failure(ctx, "the upgrade", err)
	}
	return d, u, p.target, nil
}

// follow makes a connection by a plan, past as many redirects as the plan allows. It
// returns the plan of the last target.
func (e *Engine) follow(ctx context.Context, p *plan, begun *dial.Awaited) (*upgraded, *plan, *fault.Error) {
	for n := 0; ; n++ {
		u, doing, err := e.open(ctx, p, begun)
		begun = nil // it was for the first target
		if err == nil {
			return u, p, nil
		}
		next, bad := e.redirected(p, err, n)
		if bad != nil {
			return nil, p, bad
		}
		if next == nil {
			return nil, p, p.failure(ctx, doing, err)
		}
		p = next
	}
}

// open makes one connection, whose socket is counted in counters.sockets. doing says what
// it was doing when it failed.
func (e *Engine) open(ctx context.Context, p *plan, begun *dial.Awaited) (u *upgraded, doing string, err error) {
	taken := false
	defer func() {
		if err != nil && taken {
			e.counters.sockets.Add(-1)
		}
	}()
	o := dial.Options{Timeout: p.options.Steps.Connect, Proxy: p.options.Proxy, Begun: begun, NoThread: e.shortOfThreads(), Ready: func() error {
		// When ws_connect was called others were not counted yet, and retries did not ask.
		if taken = e.takeSocket(); !taken {
			return e.errCeiling()
		}
		return nil
	}}
	conn, err := dial.Connect(ctx, p.target, o)
	if err != nil {
		return nil, "connecting", err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	u = &upgraded{conn: conn}
	var stream io.ReadWriter = conn
	if p.tls != nil {
		if u.secure, err = e.handshake(ctx, conn, p); err != nil {
			return nil, "the TLS handshake", err
		}
		stream = u.secure.conn
	}
	return u, "the upgrade", u.upgrade(ctx, stream, p)
}

// handshake is that of TLS, which computes while it has a token of e.dialing.
func (e *Engine) handshake(ctx context.Context, conn dial.Socket, p *plan) (*secure, error) {
	end := bound(ctx, conn, p.options.Steps.TLS)
	defer end()
	if !e.dialing.take(ctx.Done()) {
		return nil, ctx.Err()
	}
	defer e.dialing.give()
	s := &secure{raw: conn, turns: e.dialing}
	s.conn = tls.Client(s, dial.ForHandshake(p.tls))
	// bound ends it: crypto/tls would have a goroutine for ctx.
	if err := s.conn.Handshake(); err != nil {
		return nil, &tlsError{err}
	}
	s.turns = nil
	return s, nil
}

// upgrade asks for it, and reads the answer.
func (u *upgraded) upgrade(ctx context.Context, stream io.ReadWriter, p *plan) (err error) {
	end := bound(ctx, u.conn, p.options.Steps.Upgrade)
	defer end()
	u.response, u.rest, err = handshake.Connect(stream, p.target.URL, &p.request)
	if err != nil && u.secure != nil {
		err = lastAlert(u.secure.conn, err)
	}
	if z := p.options.Compression; err == nil && z != nil {
		if u.params, u.packs, err = z.Accept(u.response.Extensions); err != nil {
			err = fmt.Errorf("bad upgrade response: %w", err)
		}
	}
	return err
}

// bound ends reads and writes of conn when ctx or the time of a step is over, until
// the result is called.
func bound(ctx context.Context, conn net.Conn, step time.Duration) (end func()) {
	cancel := func() {}
	if step > 0 {
		ctx, cancel = context.WithTimeout(ctx, step)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	return func() {
		stop()
		cancel()
	}
}

// tlsError is a failed TLS handshake.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return e.err.Error() }
func (e *tlsError) Unwrap() error { return e.err }

// failure says why an attempt failed, and where.
func (p *plan) failure(ctx context.Context, doing string, err error) *fault.Error {
	var own *fault.Error
	if errors.As(err, &own) {
		return own
	}
	e := &fault.Error{ID: fault.IDConnectFailed, Text: dial.Plain(err)}
	errors.As(err, &e.Errno)
	var way *dial.Error
	var refused *handshake.StatusError
	var secure *tlsError
	switch {
	case errors.As(err, &secure):
		e.Stage = dial.StageTLS
	case errors.As(err, &way):
		e.Stage, e.Errno, e.Status = way.Stage, way.Errno, way.Status
		e.RetryAfter = leftAlone(way.Status, way.RetryAfter, way.Date)
	case errors.As(err, &refused):
		e.Stage, e.Status = dial.StageUpgrade, refused.Status
		e.RetryAfter = leftAlone(refused.Status, valuesOf(refused.Fields, "Retry-After"), valuesOf(refused.Fields, "Date"))
	default:
		e.Stage = dial.StageUpgrade
		if _, alert := dial.Alert(err); alert {
			e.Stage = dial.StageTLS // TLS 1.3: a server may refuse when the client's handshake is over
		}
	}
	e.Certificate = dial.WrongCertificate(err)
	where := p.target.Address()
	switch {
	case e.Stage == dial.StageTimeout || errors.Is(ctx.Err(), context.DeadlineExceeded) || isTimeout(err):
		e.ID, e.Stage = fault.IDTimeout, dial.StageTimeout
		limit := p.stepOver(doing)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Errno = 0 // what the end of the time did to a system call
			limit = fmt.Sprintf("handshake_timeout_ms of %d ms is over", p.timeout/time.Millisecond)
		}
		e.Text = fmt.Sprintf("%s: %s during %s", where, limit, doing)
		if what := late(where, dial.Plain(err)); what != "" {
			e.Text += ": " + what
		}
	case e.Stage == dial.StageTLS:
		e.Text = fmt.Sprintf("TLS handshake with %s: %s", where, dial.ClientTLSFailure(err))
	case e.Stage == dial.StageUpgrade && refused != nil:
		e.Text = fmt.Sprintf("upgrading %s: %s", where, refused.Error()) + p.advice(refused)
	case e.Stage == dial.StageUpgrade:
		if errors.Is(err, io.ErrUnexpectedEOF) || e.Errno == loop.ECONNRESET {
			e.Text = "the server ended the connection during the upgrade: " + e.Text
		}
		e.Text = fmt.Sprintf("upgrading %s: %s", where, e.Text)
	}
	return e
}

// late is what text says beyond that the time is over, with where.
func late(where, text string) string {
	for _, end := range [...]string{context.DeadlineExceeded.Error(), "i/o timeout"} {
		text = strings.TrimSuffix(strings.TrimSuffix(text, end), ": ")
	}
	text = strings.TrimPrefix(text, "connecting to "+where)
	return strings.TrimPrefix(text, ": ")
}

// stepOver names the option that bounds a step.
func (p *plan) stepOver(doing string) string {
	s := &p.options.Steps
	name, d := "upgrade", s.Upgrade
	switch doing {
	case "connecting":
		name, d = "connect", s.Connect
	case "the TLS handshake":
		name, d = "tls", s.TLS
	}
	if d == 0 {
		return "the time of the system is over" // a TCP connect that the kernel gave up
	}
	return fmt.Sprintf("%s_timeout_ms of %d ms is over", name, d/time.Millisecond)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}
