// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// Options is how to get to a target. The zero value goes straight there.
type Options struct {
	// Timeout bounds resolving, connecting and talking with a proxy together; 0:
	// only the context does.
	Timeout time.Duration
	Proxy   ProxyOptions
}

// Socket is a connected *net.TCPConn or *net.UnixConn.
type Socket interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// Connect resolves the host of t and connects to it, or asks a proxy to. Addresses
// of both families are raced (RFC 8305). TCP_NODELAY is on, because the layers
// above write whole batches. Nothing behind the reply of a proxy has been read: the
// stream begins with the first byte that the socket gives. No deadline is set.
//
// The error is always an *Error. An attempt ended by cancelling ctx matches
// context.Canceled and has the stage it was in. The caller owns the socket.
func Connect(ctx context.Context, t *Target, o Options) (Socket, error) {
	return connect(ctx, t, o, nil)
}

// connect is Connect with a resolver of choice; nil is the system's.
func connect(ctx context.Context, t *Target, o Options, resolver *net.Resolver) (Socket, error) {
	r := route{ctx: ctx, outer: ctx, target: t, resolver: resolver}
	if err := ctx.Err(); err != nil {
		return nil, r.failure(StageConnect, err)
	}
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		r.timeout = o.Timeout
		r.ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	socket, failed := r.open(&o)
	if failed != nil {
		return nil, failed
	}
	if err := r.ctx.Err(); err != nil {
		socket.Close()
		return nil, r.failure(StageConnect, err)
	}
	return socket, nil
}

// route is one call of Connect.
type route struct {
	ctx      context.Context
	outer    context.Context // ctx without our own timeout
	timeout  time.Duration   // our own, or 0
	target   *Target
	proxy    *Proxy // nil when there is none
	resolver *net.Resolver
}

func (r *route) open(o *Options) (Socket, *Error) {
	if r.target.Socket != "" {
		conn, err := new(net.Dialer).DialContext(r.ctx, "unix", r.target.Socket)
		if err != nil {
			return nil, r.failure(StageConnect, withoutOp(err))
		}
		return conn.(*net.UnixConn), nil
	}
	proxy, err := o.Proxy.choose(r.target)
	if err != nil {
		return nil, r.failure(StageProxy, err)
	}
	if proxy == nil {
		return r.reach(r.target.URL.Hostname(), r.target.port())
	}
	r.proxy = proxy
	socket, failed := r.reach(proxy.Host, proxy.port())
	if failed != nil {
		return nil, failed
	}
	if err := r.ask(socket); err != nil {
		socket.Close()
		return nil, r.failure(StageProxy, err)
	}
	return socket, nil
}

// ask has the proxy connect to the target; the end of ctx ends it.
func (r *route) ask(socket Socket) error {
	stop := context.AfterFunc(r.ctx, func() { socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if r.proxy.Kind == ProxySOCKS5 {
		return askSOCKS(socket, r.proxy, r.target.host(), r.target.port())
	}
	return askHTTP(socket, r.proxy, r.target.hostPort())
}

// reach resolves host and connects to it.
func (r *route) reach(host string, port uint16) (Socket, *Error) {
	addresses, err := r.resolve(host, port)
	if err != nil {
		return nil, r.failure(StageResolve, err)
	}
	conn, err := race(r.ctx, addresses, dialTCP)
	if err != nil {
		if len(addresses) == 1 && addresses[0].Addr().String() == host {
			err = withoutOp(err) // the text has the address already
		}
		return nil, r.failure(StageConnect, err)
	}
	tcp := conn.(*net.TCPConn)
	if err := tcp.SetNoDelay(true); err != nil {
		tcp.Close()
		return nil, r.failure(StageConnect, err)
	}
	return tcp, nil
}

// dialTCP connects to one address. The deadline of ctx is the only one.
func dialTCP(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address.String())
}

func (r *route) resolve(host string, port uint16) ([]netip.AddrPort, error) {
	var found []netip.Addr
	if literal, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{literal}
	} else {
		resolver := r.resolver
		if resolver == nil {
			resolver = net.DefaultResolver
		}
		if found, err = resolver.LookupNetIP(r.ctx, "ip", host); err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, errors.New("the name has no address")
		}
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	addresses := make([]netip.AddrPort, 0, len(found))
	for _, a := range interleave(found) {
		addresses = append(addresses, netip.AddrPortFrom(a, port))
	}
	return addresses, nil
}

// Error is a failed attempt to connect.
type Error struct {
	// Stage is where it failed: StageResolve, StageConnect, StageTimeout, or
	// StageProxy for all that concerns a proxy, also when it cannot be reached.
	Stage Stage
	// During is, for StageTimeout, the stage that took too long; else it is Stage.
	During Stage
	Status int           // what an HTTP proxy answered instead of 2xx, or 0
	Errno  syscall.Errno // the system call's, 0 if none
	Err    error         // what was tried and why it failed
}

// Error says what was tried, with which address, and why it failed.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives access to the cause: context.Canceled, *net.DNSError and so on.
func (e *Error) Unwrap() error { return e.Err }

// ErrTimeout is in the chain of an error when Options.Timeout is over, and not the
// deadline of the context. It matches context.DeadlineExceeded.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string        { return "the time to connect is over" }
func (timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// failure tells a cancel and the two deadlines from what went wrong by itself.
func (r *route) failure(stage Stage, err error) *Error {
	e := &Error{Stage: stage, During: stage}
	if r.proxy != nil {
		e.Stage, e.During = StageProxy, StageProxy
	}
	var refused *proxyError
	if errors.As(err, &refused) {
		e.Status = refused.status
	}
	switch {
	case errors.Is(r.ctx.Err(), context.Canceled):
		if !errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%w: %w", context.Canceled, err)
		}
	case deadlinePassed(r.ctx), stage != StageResolve && errors.Is(err, os.ErrDeadlineExceeded):
		e.Stage = StageTimeout
		switch {
		case r.timeout > 0 && !deadlinePassed(r.outer):
			err = fmt.Errorf("%w after %v: %w", ErrTimeout, r.timeout, err)
		case !errors.Is(err, context.DeadlineExceeded):
			err = fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
		}
	default:
		errors.As(err, &e.Errno)
	}
	e.Err = fmt.Errorf("%s: %w", r.doing(stage), err)
	return e
}

// doing names the address that was tried.
func (r *route) doing(stage Stage) string {
	target := r.target.Address()
	if r.proxy == nil {
		if stage == StageProxy {
			return "choosing a proxy for " + target
		}
		return "connecting to " + target
	}
	if stage == StageProxy {
		return "connecting to " + target + " through the " + r.proxy.String()
	}
	return "connecting to the " + r.proxy.String() + " for " + target
}

// withoutOp takes the operation and the address off an error of package net,
// which the caller's text has.
func withoutOp(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// deadlinePassed is ahead of ctx.Err by a moment: sockets have the deadline, too,
// and may report it before the timer of ctx has run.
func deadlinePassed(ctx context.Context) bool {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return true
	}
	deadline, ok := ctx.Deadline()
	return ok && !time.Now().Before(deadline)
}
