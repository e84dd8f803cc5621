// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"libws/core/fd"
)

// directory finds the addresses of names, for all attempts of the process. Thousands
// may wait for names that nobody answers, and must not hold up one that is answered:
//
//   - Attempts that want the same name share one look-up.
//   - Go's resolver is asked wherever it does what libc does (libc_unix.go has the
//     rules): it can be interrupted, so look-ups take turns (turns.go).
//   - libc cannot be interrupted and takes a thread for each look-up, so few run at once
//     (libc.go). A name that has waited for libcAlone is looked up by Go's resolver as
//     well, whose answer is taken; when it knows none, libc has the last word.
type directory struct {
	turns *turns
	libc  *libc // nil: it is never asked
}

// libcAlone is how long libc alone is asked.
const libcAlone = 250 * time.Millisecond

// everybody is the directory of the system.
var everybody = &directory{turns: newTurns(interruptible.lookUp), libc: systemLibc()}

// goResolver is that of package net, but for connections that end when the look-up is
// given up, and not seconds later.
type goResolver struct{ net.Resolver }

var interruptible = &goResolver{net.Resolver{PreferGo: true, Dial: dialUntil}}

// dialUntil makes a connection that ends with ctx.
func dialUntil(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := fd.Dial(ctx, network, address)
	if err == nil {
		context.AfterFunc(ctx, func() { conn.Close() })
	}
	return conn, err
}

func (r *goResolver) lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	return r.LookupNetIP(ctx, "ip", host)
}

// withoutLibc is d for who must not block a thread. What only libc knows of is not found.
func (d *directory) withoutLibc() *directory { return &directory{turns: d.turns} }

// lookUp gives the addresses of host, which others share: nobody changes them. begun is what
// Await has begun, or nil. The end of ctx ends it.
func (d *directory) lookUp(ctx context.Context, host string, begun *Awaited) ([]netip.Addr, error) {
	host = strings.ToLower(host)
	if begun != nil && begun.q.host == host {
		select {
		case <-begun.q.done:
			return begun.q.found, begun.q.err
		case <-ctx.Done():
			return nil, gaveUp(ctx, host)
		}
	}
	if d.libc != nil && d.libc.wanted(host) {
		return d.byLibc(ctx, host)
	}
	q := d.turns.join(host)
	select {
	case <-q.done:
		return q.found, q.err
	case <-ctx.Done():
		d.turns.leave(q)
		return nil, gaveUp(ctx, host)
	}
}

// byLibc asks libc, and Go's resolver when that takes long.
func (d *directory) byLibc(ctx context.Context, host string) ([]netip.Addr, error) {
	c := d.libc.join(host)
	defer d.libc.leave(c)
	var late <-chan time.Time
	if d.libc.assisted {
		timer := time.NewTimer(libcAlone)
		defer timer.Stop()
		late = timer.C
	}
	var q *query
	var second <-chan struct{}
	defer func() {
		if q != nil {
			d.turns.leave(q)
		}
	}()
	for {
		select {
		case <-c.done:
			return c.found, c.err
		case <-ctx.Done():
			return nil, gaveUp(ctx, host)
		case <-late:
			q = d.turns.join(host)
			second = q.done
		case <-second:
			if q.err == nil {
				return q.found, nil
			}
			second = nil
		}
	}
}

func gaveUp(ctx context.Context, host string) error {
	return fmt.Errorf("looking up %s: %w", host, ctx.Err())
}
