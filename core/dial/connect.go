// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

	"libws/core/fd"
)

// Options is how to get to a target. The zero value goes straight there.
type Options struct {
	// Timeout bounds resolving, connecting and talking with a proxy together; 0:
	// only the context does.
	Timeout time.Duration
	Proxy   ProxyOptions
	// Way has been checked.
	Way Way
	// Ready is asked when the name is resolved, before a socket is made; its error ends
	// the attempt. nil: nobody is asked.
	Ready func() error
	// Begun is what Await has given; nil: nothing.
	Begun *Awaited
	// Progress is called with how far it is; nil: nobody.
	Progress *Progress
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
	r := route{ctx: ctx, outer: ctx, target: t, way: &o.Way, names: n, ready: o.Ready, begun: o.Begun, progress: o.Progress}
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
	way     *Way
	proxy   *Proxy // nil when there is none
	names   *directory
	ready   func() error // Options.Ready
	begun   *Awaited     // Options.Begun

	progress *Progress // Options.Progress
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
		return r.reach(r.target.URL.Hostname(), r.target.port(), r.way.addresses)
	}
	r.proxy = proxy
	socket, failed := r.reach(proxy.Host, proxy.port(), nil)
	if failed != nil {
		return nil, failed
	}
	r.progress.Enter(StageProxy)
	if proxy.Kind != ProxyHTTPS {
		if err := r.ask(socket, socket); err != nil {
			socket.Close()
			return nil, r.failure(StageProxy, err)
		}
		return socket, nil
	}
	conn, err := r.encrypt(socket, &o.Proxy)
	if err == nil {
		err = r.ask(socket, conn)
	}
	if err != nil {
		socket.Close()
		return nil, r.failure(StageProxy, err)
	}
	if socket, err = bridged(conn); err != nil {
		return nil, r.failure(StageProxy, err)
	}
	return socket, nil
}

// ask has the proxy connect to the target, on a stream over socket; the end of ctx ends it.
func (r *route) ask(socket Socket, stream io.ReadWriter) error {
	stop := context.AfterFunc(r.ctx, func() { socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if r.proxy.Kind == ProxySOCKS5 {
		return askSOCKS(stream, r.proxy, r.way.proxied(r.target), r.target.port())
	}
	return askHTTP(stream, r.proxy, net.JoinHostPort(r.way.proxied(r.target), strconv.Itoa(int(r.target.port()))))
}

// reach resolves host and connects to it, or to the addresses that are given instead.
func (r *route) reach(host string, port uint16, instead []netip.Addr) (Socket, *Error) {
	r.progress.Enter(StageResolve)
	addresses, err := r.resolve(host, port, instead)
	if err != nil {
		return nil, r.failure(StageResolve, err)
	}
	if r.ready != nil {
		if err := r.ready(); err != nil {
			return nil, r.failure(StageConnect, err)
		}
	}
	r.progress.Enter(StageConnect)
	conn, err := race(r.ctx, addresses, func(ctx context.Context, a netip.AddrPort) (net.Conn, error) {
		return dialTCP(ctx, a, r.way.Socket)
	})
	if err != nil {
		if len(addresses) == 1 && addresses[0].Addr().String() == host {
			err = withoutOp(err.(*raceError).errs[0]) // the text has the address already
		}
		return nil, r.failure(StageConnect, err)
	}
	return conn.(Socket), nil // TCP_NODELAY is on: package net and ours do so
}

func (r *route) resolve(host string, port uint16, instead []netip.Addr) ([]netip.AddrPort, error) {
	found := instead
	if literal, err := netip.ParseAddr(host); found != nil {
	} else if err == nil {
		found = []netip.Addr{literal}
	} else if ownName(host) {
		found = ownAddresses
	} else if found, err = r.names.lookUp(r.ctx, host, r.begun); err != nil {
		return nil, err
	}
	left, err := r.way.among(found) // those of a name are shared
	if err != nil {
		return nil, err
	}
	if instead == nil {
		left = interleave(left)
	}
	addresses := make([]netip.AddrPort, 0, len(left))
	for _, a := range left {
		addresses = append(addresses, netip.AddrPortFrom(a, port))
	}
	return addresses, nil
}
