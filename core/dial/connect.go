// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"libws/core/fd"
)

// Options is how to get to a target. The zero value goes straight there.
type Options struct {
	// Timeout bounds resolving, connecting and talking with a proxy together; 0:
	// only the context does.
	Timeout time.Duration
	Proxy   ProxyOptions
	// Ready is asked when the name is resolved, before a socket is made; its error ends
	// the attempt. nil: nobody is asked.
	Ready func() error
	// Begun is what Await has given; nil: nothing.
	Begun *Awaited
	// NoThread: names are looked up without libc, which would block a thread. What only libc
	// knows of, such as names of the local network by mDNS, is not found.
	NoThread bool
}

// Socket is connected: by TCP or to a Unix socket.
type Socket = fd.Stream

// Connect resolves the host of t and connects to it, or asks a proxy to. Addresses
// of both families are raced (RFC 8305). TCP_NODELAY is on, because the layers
// above write whole batches. Nothing behind the reply of a proxy has been read: the
// stream begins with the first byte that the socket gives. No deadline is set.
//
// The error is always an *Error. An attempt ended by cancelling ctx matches
// context.Canceled and has the stage it was in. The caller owns the socket.
func Connect(ctx context.Context, t *Target, o Options) (Socket, error) {
	if o.NoThread {
		return connectBy(ctx, t, o, everybody.withoutLibc())
	}
	return connectBy(ctx, t, o, everybody)
}

// connectBy is Connect with names of choice.
func connectBy(ctx context.Context, t *Target, o Options, n *directory) (Socket, error) {
	r := route{ctx: ctx, outer: ctx, target: t, names: n, ready: o.Ready, begun: o.Begun}
	if o.Begun != nil {
		defer n.leave(o.Begun)
	}
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
	ctx     context.Context
	outer   context.Context // ctx without our own timeout
	timeout time.Duration   // our own, or 0
	target  *Target
	proxy   *Proxy // nil when there is none
	names   *directory
	ready   func() error // Options.Ready
	begun   *Awaited     // Options.Begun
}

func (r *route) open(o *Options) (Socket, *Error) {
	if r.target.Socket != "" {
		if r.ready != nil {
			if err := r.ready(); err != nil {
				return nil, r.failure(StageConnect, err)
			}
		}
		conn, err := fd.Dial(r.ctx, "unix", r.target.Socket)
		if err != nil {
			return nil, r.failure(StageConnect, withoutOp(err))
		}
		return conn.(Socket), nil
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
	if r.ready != nil {
		if err := r.ready(); err != nil {
			return nil, r.failure(StageConnect, err)
		}
	}
	conn, err := race(r.ctx, addresses, dialTCP)
	if err != nil {
		if len(addresses) == 1 && addresses[0].Addr().String() == host {
			err = withoutOp(err.(*raceError).errs[0]) // the text has the address already
		}
		return nil, r.failure(StageConnect, err)
	}
	return conn.(Socket), nil // TCP_NODELAY is on: package net and ours do so
}

func (r *route) resolve(host string, port uint16) ([]netip.AddrPort, error) {
	var found []netip.Addr
	if literal, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{literal}
	} else if found, err = r.names.lookUp(r.ctx, host, r.begun); err != nil {
		return nil, err
	} else if len(found) == 0 {
		return nil, errors.New("the name has no address")
	}
	own := make([]netip.Addr, len(found)) // those of a name are shared
	for i := range found {
		own[i] = found[i].Unmap()
	}
	addresses := make([]netip.AddrPort, 0, len(found))
	for _, a := range interleave(own) {
		addresses = append(addresses, netip.AddrPortFrom(a, port))
	}
	return addresses, nil
}
