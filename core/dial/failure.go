// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Error is a failed attempt to connect.
type Error struct {
	// Stage is where it failed: StageResolve, StageConnect, StageTimeout, or
	// StageProxy for all that concerns a proxy, also when it cannot be reached.
	Stage Stage
	// During is, for StageTimeout, the stage that took too long; else it is Stage.
	During Stage
	Status int // what an HTTP proxy answered instead of 2xx, or 0
	// RetryAfter and Date are the fields of those names of that answer.
	RetryAfter, Date []string
	Errno            syscall.Errno // the system call's, 0 if none
	Err              error         // what was tried and why it failed
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
		e.Status, e.RetryAfter, e.Date = refused.status, refused.retryAfter, refused.date
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
		err = explain(err)
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

// Plain is the text of err. What package net says of the addresses of both ends is left out:
// who tells of an attempt has named them.
func Plain(err error) string {
	text := err.Error()
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		text = strings.Replace(text, op.Error(), op.Err.Error(), 1)
	}
	return text
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
