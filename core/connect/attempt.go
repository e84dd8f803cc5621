// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"libws/core/deflate"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/fd"
	"libws/core/handshake"
	"libws/core/loop"
)

// Gate is what an attempt needs of its engine. Any thread.
type Gate interface {
	// Allowed tells whether a client may connect to a URL.
	Allowed(url string) bool
	// Take counts one more socket, or says why there may be none; Give takes that back.
	Take() error
	Give()
	// Narrow tells that nothing should begin that blocks a thread.
	Narrow() bool
	// Secure is the TLS handshake of an attempt over what it has connected, while ctx lasts.
	// t is what o was made of.
	Secure(ctx context.Context, raw dial.Socket, o *tls.Config, t *dial.TLSOptions) (*tls.Conn, error)
}

// Upgraded is a stream on which the upgrade has succeeded.
type Upgraded struct {
	conn     dial.Socket
	TLS      *tls.Conn // nil for ws
	Response *handshake.Response
	Rest     []byte // first frames, if they came with the response
	Packs    bool   // permessage-deflate was agreed on
	Params   deflate.Params
}

// Reach makes a connection by a plan and gives its descriptor, which is counted, and where
// redirects have led to.
func (p *Plan) Reach(ctx context.Context, g Gate, begun *dial.Awaited, at *dial.Progress) (d loop.Descriptor, u *Upgraded, target *dial.Target, bad *fault.Error) {
	if u, p, bad = p.follow(ctx, g, begun, at); bad != nil {
		return d, nil, nil, bad
	}
	d, err := loop.Detach(u.conn)
	if err != nil {
		g.Give()
		return d, nil, nil, p.failure(ctx, "the upgrade", err)
	}
	return d, u, p.Target, nil
}

// follow makes a connection by a plan, past as many redirects as the plan allows. It
// returns the plan of the last target.
func (p *Plan) follow(ctx context.Context, g Gate, begun *dial.Awaited, at *dial.Progress) (*Upgraded, *Plan, *fault.Error) {
	for n := 0; ; n++ {
		u, doing, err := p.open(ctx, g, begun, at)
		begun = nil // it was for the first target
		if err == nil {
			at.End()
			return u, p, nil
		}
		at.Again()
		next, bad := p.redirected(g, err, n)
		if bad != nil {
			return nil, p, bad
		}
		if next == nil {
			return nil, p, p.failure(ctx, doing, err)
		}
		p = next
	}
}

// open makes one connection, whose socket is counted. doing says what it was doing when it
// failed.
func (p *Plan) open(ctx context.Context, g Gate, begun *dial.Awaited, at *dial.Progress) (u *Upgraded, doing string, err error) {
	taken := false
	defer func() {
		if err != nil && taken {
			g.Give()
		}
	}()
	o := dial.Options{Timeout: p.Options.Steps.Connect, Proxy: p.Options.Proxy, Way: p.Options.Way, Begun: begun, Progress: at, NoThread: g.Narrow(), Ready: func() error {
		// When ws_connect was called others were not counted yet, and retries did not ask.
		err := g.Take()
		taken = err == nil
		return err
	}}
	var conn dial.Socket
	if p.Options.Descriptor != nil {
		conn, err = adopt(*p.Options.Descriptor, &o)
	} else {
		conn, err = dial.Connect(ctx, p.Target, o)
	}
	if err != nil {
		return nil, "connecting", err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	u = &Upgraded{conn: conn}
	var stream io.ReadWriter = conn
	if p.tls != nil {
		at.Enter(dial.StageTLS)
		if u.TLS, err = p.secure(ctx, g, conn); err != nil {
			return nil, "the TLS handshake", err
		}
		stream = u.TLS
	}
	at.Enter(dial.StageUpgrade)
	return u, "the upgrade", u.upgrade(ctx, stream, p)
}

// adopt takes over a descriptor of the host, also on failure.
func adopt(number int, o *dial.Options) (dial.Socket, error) {
	o.Progress.Enter(dial.StageConnect)
	conn, err := fd.Adopt(number, o.Way.Socket)
	if err != nil {
		return nil, &dial.Error{Stage: dial.StageConnect, During: dial.StageConnect, Err: fmt.Errorf("taking over the descriptor %d: %w", number, err)}
	}
	if err := o.Ready(); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// secure makes the TLS handshake in its time.
func (p *Plan) secure(ctx context.Context, g Gate, conn dial.Socket) (*tls.Conn, error) {
	if step := p.Options.Steps.TLS; step > 0 { // the host may be asked, which no deadline of conn ends
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, step)
		defer cancel()
	}
	end := bound(ctx, conn, 0)
	defer end()
	secured, err := g.Secure(ctx, conn, p.tls, &p.Options.TLS)
	if over := ctx.Err(); err != nil && over != nil { // crypto/tls keeps the text of some errors only
		err = fmt.Errorf("%w: %w", err, over)
	}
	if err != nil {
		return nil, &tlsError{err}
	}
	return secured, nil
}

// bodyTime is for the body of an answer that refuses: what has not come by then is left out.
const bodyTime = time.Second

// upgrade asks for it, and reads the answer.
func (u *Upgraded) upgrade(ctx context.Context, stream io.ReadWriter, p *Plan) (err error) {
	end := bound(ctx, u.conn, p.Options.Steps.Upgrade)
	defer end()
	request := p.request
	if p.Jar != nil {
		request.Fields = p.Jar.Add(p.Target.URL, p.Options.Host, request.Fields)
	}
	u.Response, u.Rest, err = handshake.Connect(stream, p.Target.URL, &request)
	var refused *handshake.StatusError
	switch errors.As(err, &refused); {
	case p.Jar == nil:
	case refused != nil:
		p.Jar.Keep(p.Target.URL, p.Options.Host, refused.Fields)
	case err == nil:
		p.Jar.Keep(p.Target.URL, p.Options.Host, u.Response.Fields)
	}
	if refused != nil && (refused.Status/100 != 3 || p.Options.MaxRedirects == 0) {
		over := bound(ctx, u.conn, bodyTime)
		refused.ReadBody(stream)
		over()
		return err
	}
	if err != nil && u.TLS != nil {
		err = lastAlert(u.TLS, err)
	}
	if z := p.Options.Compression; err == nil && z != nil {
		if u.Params, u.Packs, err = z.Accept(u.Response.Extensions); err != nil {
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
