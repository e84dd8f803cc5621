// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"syscall"
	"time"
)

// Error is a failed attempt to connect.
type Error struct {
	Stage Stage         // StageResolve, StageConnect or StageTimeout
	Errno syscall.Errno // the system call's errno, 0 if none
	Err   error         // what was tried and why it failed
}

// Error says what was tried, with which address, and why it failed.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives access to the cause: context.Canceled, *net.DNSError and so on.
func (e *Error) Unwrap() error { return e.Err }

// TCP resolves the host of u and connects to it, all within ctx: the deadline of
// ctx is the only one. Addresses of both families are raced (RFC 8305).
// TCP_NODELAY is on, because the layers above write whole batches.
//
// The error is always an *Error. StageTimeout means that the deadline passed. An
// attempt ended by cancelling ctx matches context.Canceled and has the stage it
// was in, as far as that is known. The caller owns the connection.
func TCP(ctx context.Context, u *url.URL) (*net.TCPConn, error) {
	return connect(ctx, u, nil)
}

// connect is TCP with a resolver of choice; nil is the system's.
func connect(ctx context.Context, u *url.URL, resolver *net.Resolver) (*net.TCPConn, error) {
	address := Address(u)
	if err := ctx.Err(); err != nil {
		return nil, failure(ctx, address, err)
	}
	dialer := net.Dialer{Resolver: resolver}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, failure(ctx, address, err)
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		conn.Close()
		return nil, failure(ctx, address, errors.New("the system gave a connection that is not TCP"))
	}
	if err := tcp.SetNoDelay(true); err != nil {
		tcp.Close()
		return nil, failure(ctx, address, err)
	}
	return tcp, nil
}

// failure finds the stage and the errno of err. A deadline that passes during the
// look-up arrives as a DNS error, and so does a resolver that gave up by its own
// clock; only the first is a timeout of ours.
func failure(ctx context.Context, address string, err error) *Error {
	stage := StageConnect
	var (
		dns     *net.DNSError
		invalid *net.AddrError
	)
	if errors.As(err, &dns) || errors.As(err, &invalid) {
		stage = StageResolve
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		if !errors.Is(err, context.Canceled) {
			err = fmt.Errorf("%w: %w", context.Canceled, err)
		}
	case deadlinePassed(ctx),
		stage == StageConnect && errors.Is(err, os.ErrDeadlineExceeded):
		stage = StageTimeout
	}
	e := &Error{Stage: stage, Err: fmt.Errorf("connecting to %s: %w", address, err)}
	errors.As(err, &e.Errno)
	return e
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
