// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// Options is how to get to a target. The zero value goes straight there.
type Options struct {
	// Timeout bounds resolving, connecting and talking with a proxy together; 0:
	// only the context does.
	Timeout time.Duration
	Proxy   ProxyOptions
	// NoThread: names are looked up without libc, which would block a thread. What only libc
	// knows of, such as names of the local network by mDNS, is not found.
	NoThread bool
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
	if o.NoThread {
		return connect(ctx, t, o, &net.Resolver{PreferGo: true})
	}
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
