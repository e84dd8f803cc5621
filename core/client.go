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

	"libws/core/dial"
	"libws/core/handshake"
	"libws/core/loop"
)

// client is what only a client connection has.
type client struct {
	options ConnOptions
	attempt *attempt // not nil while connecting; guarded by Conn.mu
}

// attempt is one ws_connect on its way.
type attempt struct {
	target  *dial.Target
	tls     *tls.Config // nil for ws
	cancel  context.CancelFunc
	timeout time.Duration // 0: none
	done    Completion
}

// NewClient makes a client that is not connected; block is its handle's.
func (e *Engine) NewClient(block *Block, o ConnOptions) (*Conn, *Error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	w := e.pick()
	c := &Conn{w: w, block: block, client: &client{options: o}}
	c.options = &c.client.options
	block.setState(Closed)
	block.prepare(w.index, o.MaxBuffered)
	if err := e.addClient(c); err != nil {
		return nil, err
	}
	return c, nil
}

// Connect starts an attempt; its result comes as events: completion and open,
// or completion and error. Any thread.
func (c *Conn) Connect(raw string, o ConnectOptions, done Completion) *Error {
	target, err := dial.ParseURL(raw)
	if err != nil {
		return refuse(IDURL, "url: %v", err)
	}
	timeout, bad := duration(o.Timeout, DefaultHandshakeTimeout, "options.handshake_timeout_ms")
	if bad != nil {
		return bad
	}
	var config *tls.Config
	if target.Secure() {
		if config, err = dial.ClientTLS(target, o.TLS); err != nil {
			return fileRefused("options.ca_path", err)
		}
	}
	if c.w.engine.full() {
		return c.w.engine.errCeiling()
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &attempt{target: target, tls: config, cancel: cancel, timeout: timeout, done: done}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		cancel()
		return errGone
	case c.block.State() != Closed:
		cancel()
		return refuse(IDConnectionExists, "handle: is connecting or connected already; one connection at a time")
	}
	c.client.attempt = a
	c.block.setState(Connecting)
	go c.dial(ctx, a)
	return nil
}

// cancelAttempt forgets the attempt that is on its way and returns its
// completion. c.mu is held.
func (c *Conn) cancelAttempt() Completion {
	if c.client == nil || c.client.attempt == nil {
		return Completion{}
	}
	a := c.client.attempt
	c.client.attempt = nil
	a.cancel()
	return a.done
}

// cancelConnect is ws_close while connecting. c.mu is held.
func (c *Conn) cancelConnect(closed Completion) {
	pending := c.cancelAttempt()
	c.block.setState(Closed)
	c.w.loop.Post(func() {
		slot := c.block.Slot
		c.w.complete(slot, OpConnect, pending, errConnectCancelled)
		c.report(errConnectCancelled)
		c.w.complete(slot, OpClose, closed, nil)
	})
}

var errConnectCancelled = &Error{ID: IDCancelled, Stage: dial.StageConnect, Text: "connecting was cancelled by ws_close"}

// dial runs on a goroutine of its own, which ends with the attempt: resolve,
// connect and upgrade, then the descriptor moves to the loop.
func (c *Conn) dial(ctx context.Context, a *attempt) {
	failed := func(e *Error) { c.w.loop.Post(func() { c.connectFailed(a, e) }) }
	defer c.w.engine.guard("connecting", failed)
	defer a.cancel()
	if a.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.timeout)
		defer cancel()
	}
	select {
	case c.w.engine.dialing <- struct{}{}:
		defer func() { <-c.w.engine.dialing }()
	case <-ctx.Done():
		failed(a.failure(ctx, "waiting for other handshakes", ctx.Err()))
		return
	}
	conn, err := dial.Connect(ctx, a.target, dial.Options{})
	if err != nil {
		failed(a.failure(ctx, "connecting", err))
		return
	}
	// Both the deadline and a cancel end reads and writes of the handshake.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	s, stream, err := a.secure(ctx, conn)
	if err != nil {
		stop()
		conn.Close()
		failed(a.failure(ctx, "the TLS handshake", &tlsError{err}))
		return
	}
	response, rest, err := handshake.Connect(stream, a.target.URL, &handshake.ClientOptions{Authorization: a.target.Authorization})
	stop()
	if err != nil {
		conn.Close()
		failed(a.failure(ctx, "the upgrade", err))
		return
	}
	d, err := loop.Detach(conn)
	if err != nil {
		failed(a.failure(ctx, "the upgrade", err))
		return
	}
	if !c.w.loop.Post(func() { c.connected(a, d, s, response, rest) }) {
		d.Close()
	}
}

// secure does the TLS handshake of a wss attempt; for ws stream is conn itself.
func (a *attempt) secure(ctx context.Context, conn net.Conn) (s *secure, stream io.ReadWriter, err error) {
	if a.tls == nil {
		return nil, conn, nil
	}
	s = &secure{raw: conn}
	s.conn = tls.Client(s, dial.ForHandshake(a.tls))
	if err := s.conn.HandshakeContext(ctx); err != nil {
		return nil, nil, err
	}
	return s, s.conn, nil
}

// tlsError is a failed TLS handshake.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return e.err.Error() }
func (e *tlsError) Unwrap() error { return e.err }

// fileRefused names the argument behind a certificate file that cannot be used.
func fileRefused(argument string, err error) *Error {
	id := IDParameter
	var input *dial.InputError
	if errors.As(err, &input) && input.Missing {
		id = IDCertFile
	}
	return refuse(id, "%s: %v", argument, err)
}

// failure says why an attempt failed, and where.
func (a *attempt) failure(ctx context.Context, doing string, err error) *Error {
	e := &Error{ID: IDConnectFailed, Text: err.Error()}
	errors.As(err, &e.Errno)
	var tcp *dial.Error
	var refused *handshake.StatusError
	var secure *tlsError
	switch {
	case errors.As(err, &secure):
		e.Stage = dial.StageTLS
	case errors.As(err, &tcp):
		e.Stage, e.Errno, e.Status = tcp.Stage, tcp.Errno, tcp.Status
	case errors.As(err, &refused):
		e.Stage, e.Status = dial.StageUpgrade, refused.Status
	default:
		e.Stage = dial.StageUpgrade
		if _, alert := dial.Alert(err); alert {
			e.Stage = dial.StageTLS // TLS 1.3: a server may refuse when the client's handshake is over
		}
	}
	if e.Stage == dial.StageTimeout || errors.Is(ctx.Err(), context.DeadlineExceeded) || isTimeout(err) {
		e.ID, e.Stage, e.Errno = IDTimeout, dial.StageTimeout, 0
		e.Text = fmt.Sprintf("%s: handshake_timeout_ms of %d ms is over during %s: %v", a.target.Address(), a.timeout/time.Millisecond, doing, err)
	} else if e.Stage == dial.StageTLS {
		e.Text = fmt.Sprintf("TLS handshake with %s: %s", a.target.Address(), dial.TLSFailure(err))
	} else if e.Stage == dial.StageUpgrade {
		if errors.Is(err, io.ErrUnexpectedEOF) || e.Errno == loop.ECONNRESET {
			e.Text = "the server ended the connection during the upgrade: " + e.Text
		}
		e.Text = fmt.Sprintf("upgrading %s: %s", a.target.Address(), e.Text)
	}
	return e
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func (c *Conn) connectFailed(a *attempt, e *Error) {
	c.mu.Lock()
	if c.client.attempt != a {
		c.mu.Unlock()
		return // closed or destroyed meanwhile
	}
	c.client.attempt = nil
	c.block.setState(Closed)
	c.mu.Unlock()
	c.w.current = c
	c.w.complete(c.block.Slot, OpConnect, a.done, e)
	c.report(e)
}

// connected takes over the descriptor of an upgraded connection. rest are the
// first frames, if they came with the response.
func (c *Conn) connected(a *attempt, d loop.Descriptor, s *secure, r *handshake.Response, rest []byte) {
	c.mu.Lock()
	if c.client.attempt != a {
		c.mu.Unlock()
		d.Close()
		return
	}
	c.w.engine.counters.sockets.Add(1)
	c.peer = endpointOf(d.PeerAddress())
	err := c.sock.Register(c.w.loop, d, c)
	if err == nil {
		c.client.attempt = nil // Close now means the connection
		if s != nil {
			s.attach(c)
		}
		c.opened()
		c.watch(false) // it may have been paused before, and is not read then
	}
	c.mu.Unlock()
	if err != nil {
		c.w.engine.counters.sockets.Add(-1)
		c.connectFailed(a, &Error{ID: IDUnknown, Stage: dial.StageConnect, Text: err.Error()})
		return
	}
	c.w.current = c
	c.w.complete(c.block.Slot, OpConnect, a.done, nil)
	detail := c.w.detail()
	detail.Status, detail.Text = int32(r.Status), c.w.text(r.Reason)
	c.w.notice(c.block.Slot, EventOpen, 0, detail)
	if len(rest) > 0 {
		c.feedCopy(rest)
	}
	if s != nil {
		c.readOn() // more may lie inside crypto/tls
	}
}

// feedCopy parses bytes that lie in the Go heap.
func (c *Conn) feedCopy(rest []byte) {
	b, err := c.w.engine.pool.Force(len(rest))
	if err != nil {
		c.lost(&Error{ID: IDMemory, Stage: dial.StageLimit, Text: err.Error()})
		return
	}
	b = append(b, rest...)
	c.feed(b)
	// What the batch does not hold yet is parsed or copied; the rest lives on.
	c.w.release = append(c.w.release, b)
}
