// SPDX-License-Identifier: Apache-2.0

//go:build unix

package fd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"libws/core/zone"
)

// conn is a connection whose descriptor keeps its number. Those of package net cannot be
// made of one: it works on a duplicate with the lowest number.
type conn struct {
	*os.File
	raw           syscall.RawConn
	network       string
	local, remote net.Addr
}

// packets is a conn of datagrams, for the resolver of package net, which looks for this and
// reads and writes as with any other.
type packets struct{ *conn }

// ReadFrom reads one datagram.
func (c packets) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.Read(p)
	return n, c.remote, err
}

// WriteTo sends one datagram to the peer.
func (c packets) WriteTo(p []byte, _ net.Addr) (int, error) { return c.Write(p) }

// Take makes a Stream of a connected socket that does not block, and takes it over: on failure
// it is closed.
func Take(number int) (Stream, error) {
	c, err := wrapped(number)
	if err != nil {
		return nil, err
	}
	c.name()
	return c, nil
}

func wrapped(number int) (*conn, error) {
	c := &conn{File: os.NewFile(uintptr(number), "socket")}
	err := c.File.SetDeadline(time.Time{}) // one that the runtime cannot poll has none
	if err == nil {
		c.raw, err = c.File.SyscallConn()
	}
	if err != nil {
		c.File.Close()
		return nil, err
	}
	return c, nil
}

// name looks up the addresses.
func (c *conn) name() {
	c.raw.Control(func(number uintptr) {
		local, _ := unix.Getsockname(int(number))
		remote, _ := unix.Getpeername(int(number))
		c.local, c.remote = addr(local), addr(remote)
	})
	if c.network = "tcp"; c.local.Network() == "unix" {
		c.network = "unix"
	}
}

func addr(name unix.Sockaddr) net.Addr {
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: n.Addr[:], Port: n.Port}
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: n.Addr[:], Port: n.Port, Zone: zone.With(netip.AddrFrom16(n.Addr), n.ZoneId).Zone()}
	case *unix.SockaddrUnix:
		return &net.UnixAddr{Name: n.Name, Net: "unix"}
	}
	return &net.UnixAddr{Net: "unix"}
}

func (c *conn) LocalAddr() net.Addr                   { return c.local }
func (c *conn) RemoteAddr() net.Addr                  { return c.remote }
func (c *conn) SyscallConn() (syscall.RawConn, error) { return c.raw, nil }

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	return n, c.failed("read", err)
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.File.Write(p)
	return n, c.failed("write", err)
}

// CloseWrite ends our half of the stream.
func (c *conn) CloseWrite() error {
	var err error
	if bad := c.raw.Control(func(number uintptr) { err = unix.Shutdown(int(number), unix.SHUT_WR) }); bad != nil {
		err = bad
	}
	return c.failed("close", err)
}

// failed is an error as package net tells it.
func (c *conn) failed(op string, err error) error {
	var path *os.PathError
	if !errors.As(err, &path) {
		return err
	}
	return c.wrap(op, path.Err)
}

func (c *conn) wrap(op string, err error) error {
	if errno, is := err.(syscall.Errno); is {
		err = os.NewSyscallError(op, errno)
	}
	return &net.OpError{Op: op, Net: c.network, Source: c.local, Addr: c.remote, Err: err}
}

// target is what a socket connects to.
type target struct {
	family, kind int
	name         unix.Sockaddr
	addr         net.Addr
}

func targetOf(network, address string) (t target, err error) {
	if network == "unix" {
		return target{unix.AF_UNIX, unix.SOCK_STREAM, &unix.SockaddrUnix{Name: address}, &net.UnixAddr{Name: address, Net: network}}, nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return t, err
	}
	ip := at.Addr().Unmap()
	t = target{unix.AF_INET, unix.SOCK_STREAM, nil, net.TCPAddrFromAddrPort(at)}
	if network[0] == 'u' {
		t.kind, t.addr = unix.SOCK_DGRAM, net.UDPAddrFromAddrPort(at)
	}
	if ip.Is4() {
		t.name = &unix.SockaddrInet4{Port: int(at.Port()), Addr: ip.As4()}
		return t, nil
	}
	t.family = unix.AF_INET6
	name := &unix.SockaddrInet6{Port: int(at.Port()), Addr: ip.As16()}
	if ip.Zone() != "" {
		number, ok := zone.Number(ip.Zone())
		if !ok {
			return t, fmt.Errorf("there is no interface %q", ip.Zone())
		}
		name.ZoneId = number
	}
	t.name = name
	return t, nil
}

// socket makes one that does not block, with a number of its own.
func socket(t *target) (int, error) {
	syscall.ForkLock.RLock() // no child inherits it half made
	defer syscall.ForkLock.RUnlock()
	number, err := unix.Socket(t.family, t.kind|fromBirth, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	unix.CloseOnExec(number)
	if number, err = Raise(number); err != nil {
		return -1, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(number, true); err != nil {
		unix.Close(number)
		return -1, os.NewSyscallError("setnonblock", err)
	}
	return number, nil
}

// dial connects a socket that was raised before.
func dial(ctx context.Context, network, address string, o Options) (net.Conn, error) {
	t, err := targetOf(network, address)
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: t.addr, Err: err}
	}
	if err != nil {
		return fail(err)
	}
	number, err := socket(&t)
	if err != nil {
		return fail(err)
	}
	if err := o.bind(number, &t); err != nil {
		unix.Close(number)
		return fail(err)
	}
	begun := unix.Connect(number, t.name)
	c, err := wrapped(number)
	if err != nil {
		return fail(err)
	}
	if begun == unix.EINPROGRESS || begun == unix.EINTR {
		begun = c.connected(ctx)
	}
	if begun != nil {
		c.File.Close()
		if errno, is := begun.(syscall.Errno); is {
			begun = os.NewSyscallError("connect", errno)
		}
		return fail(begun)
	}
	c.name()
	if t.kind == unix.SOCK_DGRAM {
		c.network = "udp"
		return packets{c}, nil
	}
	if t.family != unix.AF_UNIX { // as package net does
		o.set(number)
	}
	return c, nil
}

// connected waits until the socket is connected, in the time of ctx.
func (c *conn) connected(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { c.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	var result error
	err := c.raw.Write(func(number uintptr) bool {
		p := []unix.PollFd{{Fd: int32(number) /* fits: a descriptor */, Events: unix.POLLOUT}}
		if n, err := unix.Poll(p, 0); n == 0 || err == unix.EINTR || err == unix.EAGAIN {
			return false
		} else if err != nil {
			result = err
			return true
		}
		errno, err := unix.GetsockoptInt(int(number), unix.SOL_SOCKET, unix.SO_ERROR)
		if err != nil {
			result = err
		} else if errno != 0 {
			result = syscall.Errno(errno)
		}
		return true
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	}
	if !stop() {
		c.SetWriteDeadline(time.Time{})
	}
	return result
}
