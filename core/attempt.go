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
	"time"

	"libws/core/deflate"
	"libws/core/dial"
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

// dial runs on a goroutine of its own, which ends with the attempt: resolve,
// connect and upgrade, then the descriptor moves to the loop.
func (c *Conn) dial(ctx context.Context, a *attempt) {
	failed := func(e *Error) { c.w.loop.Post(func() { c.connectFailed(a, e) }) }
	defer c.w.engine.guard("connecting", failed)
	defer a.cancel()
	p := a.plan
	if p.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.timeout)
		defer cancel()
	}
	if !c.w.engine.dialing.take(ctx.Done()) {
		failed(p.failure(ctx, "waiting for other handshakes", ctx.Err()))
		return
	}
	defer c.w.engine.dialing.give()
	d, u, target, e := c.w.engine.reach(ctx, p)
	if e != nil {
		failed(e)
		return
	}
	if !c.w.loop.Post(func() { c.connected(a, target, d, u) }) {
		d.Close()
	}
}

// reach makes a connection by a plan and gives its descriptor, which is counted in
// counters.sockets, and where redirects have led to.
func (e *Engine) reach(ctx context.Context, p *plan) (d loop.Descriptor, u *upgraded, target *dial.Target, bad *Error) {
	// When ws_connect was called others were not counted yet, and retries did not ask.
	if !e.takeSocket() {
		return d, nil, nil, e.errCeiling()
	}
	made := false
	defer func() {
		if !made {
			e.counters.sockets.Add(-1)
		}
	}()
	if u, p, bad = e.follow(ctx, p); bad != nil {
		return d, nil, nil, bad
	}
	d, err := loop.Detach(u.conn)
	if err != nil {
		return d, nil, nil, p.failure(ctx, "the upgrade", err)
	}
	made = true
	return d, u, p.target, nil
}

// follow makes a connection by a plan, past as many redirects as the plan allows. It
// returns the plan of the last target.
func (e *Engine) follow(ctx context.Context, p *plan) (*upgraded, *plan, *Error) {
	for n := 0; ; n++ {
		u, doing, err := p.open(ctx, e.shortOfThreads())
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

// open makes one connection. doing says what it was doing when it failed. noThread: names
// are looked up without one (dial.Options).
func (p *plan) open(ctx context.Context, noThread bool) (u *upgraded, doing string, err error) {
	conn, err := dial.Connect(ctx, p.target, dial.Options{Timeout: p.options.Steps.Connect, Proxy: p.options.Proxy, NoThread: noThread})
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
		end := bound(ctx, conn, p.options.Steps.TLS)
		u.secure = &secure{raw: conn}
		u.secure.conn = tls.Client(u.secure, dial.ForHandshake(p.tls))
		stream = u.secure.conn
		err = u.secure.conn.HandshakeContext(ctx)
		if end(); err != nil {
			return nil, "the TLS handshake", &tlsError{err}
		}
	}
	end := bound(ctx, conn, p.options.Steps.Upgrade)
	u.response, u.rest, err = handshake.Connect(stream, p.target.URL, &p.request)
	if err != nil && u.secure != nil {
		err = lastAlert(u.secure.conn, err)
	}
	if z := p.options.Compression; err == nil && z != nil {
		if u.params, u.packs, err = z.Accept(u.response.Extensions); err != nil {
			err = fmt.Errorf("bad upgrade response: %w", err)
		}
	}
	end()
	return u, "the upgrade", err
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
func (p *plan) failure(ctx context.Context, doing string, err error) *Error {
	e := &Error{ID: IDConnectFailed, Text: err.Error()}
	errors.As(err, &e.Errno)
	var way *dial.Error
	var refused *handshake.StatusError
	var secure *tlsError
	switch {
	case errors.As(err, &secure):
		e.Stage = dial.StageTLS
	case errors.As(err, &way):
		e.Stage, e.Errno, e.Status = way.Stage, way.Errno, way.Status
	case errors.As(err, &refused):
		e.Stage, e.Status = dial.StageUpgrade, refused.Status
	default:
		e.Stage = dial.StageUpgrade
		if _, alert := dial.Alert(err); alert {
			e.Stage = dial.StageTLS // TLS 1.3: a server may refuse when the client's handshake is over
		}
	}
	where := p.target.Address()
	switch {
	case e.Stage == dial.StageTimeout || errors.Is(ctx.Err(), context.DeadlineExceeded) || isTimeout(err):
		e.ID, e.Stage = IDTimeout, dial.StageTimeout
		limit := p.stepOver(doing)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Errno = 0 // what the end of the time did to a system call
			limit = fmt.Sprintf("handshake_timeout_ms of %d ms is over", p.timeout/time.Millisecond)
		}
		e.Text = fmt.Sprintf("%s: %s during %s: %v", where, limit, doing, err)
	case e.Stage == dial.StageTLS:
		e.Text = fmt.Sprintf("TLS handshake with %s: %s", where, dial.TLSFailure(err))
	case e.Stage == dial.StageUpgrade:
		if errors.Is(err, io.ErrUnexpectedEOF) || e.Errno == loop.ECONNRESET {
			e.Text = "the server ended the connection during the upgrade: " + e.Text
		}
		e.Text = fmt.Sprintf("upgrading %s: %s", where, e.Text)
	}
	return e
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
