// SPDX-License-Identifier: Apache-2.0

// Package context is what core uses of context, for simulated tasks: what follows the end
// of one happens in a simulated task, and deadlines go by the simulated clock.
package context

import (
	"context"
	"time"

	simulated "libws/tests/simulate/shim/time"
	"libws/tests/simulate/world"
)

type (
	Context    = context.Context
	CancelFunc = context.CancelFunc
)

var (
	Canceled         = context.Canceled
	DeadlineExceeded = context.DeadlineExceeded
)

// ending is a context that can end.
type ending struct {
	parent   Context
	done     chan struct{}
	err      error
	deadline time.Time
	then     []*after
	children []*ending
}

type after struct {
	f   func()
	off bool
}

func Background() Context { return context.Background() }

func (e *ending) Deadline() (time.Time, bool) {
	if !e.deadline.IsZero() {
		return e.deadline, true
	}
	return e.parent.Deadline()
}
func (e *ending) Done() <-chan struct{} { return e.done }
func (e *ending) Err() error            { return e.err }
func (e *ending) Value(key any) any     { return e.parent.Value(key) }

func (e *ending) end(why error) {
	if e.err != nil {
		return
	}
	e.err = why
	close(e.done)
	for _, a := range e.then {
		if !a.off {
			a.off = true
			world.Go("context", a.f)
		}
	}
	for _, c := range e.children {
		c.end(why)
	}
}

func begin(parent Context) *ending {
	e := &ending{parent: parent, done: make(chan struct{})}
	if p, is := parent.(*ending); is {
		if p.err != nil {
			e.end(p.err)
		} else {
			p.children = append(p.children, e)
		}
	}
	return e
}

// WithCancel is context.WithCancel.
func WithCancel(parent Context) (Context, CancelFunc) {
	e := begin(parent)
	return e, func() { e.end(Canceled) }
}

// WithTimeout is context.WithTimeout.
func WithTimeout(parent Context, d time.Duration) (Context, CancelFunc) {
	e := begin(parent)
	e.deadline = simulated.Now().Add(d)
	cancel := world.Current().At(world.Now()+d, func() { e.end(DeadlineExceeded) })
	return e, func() {
		cancel()
		e.end(Canceled)
	}
}

// AfterFunc is context.AfterFunc.
func AfterFunc(c Context, f func()) (stop func() bool) {
	e, is := c.(*ending)
	if !is {
		return func() bool { return true }
	}
	a := &after{f: f}
	if e.err != nil {
		a.off = true
		world.Go("context", f)
	} else {
		e.then = append(e.then, a)
	}
	return func() bool {
		was := !a.off
		a.off = true
		return was
	}
}
