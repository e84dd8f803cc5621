// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"libws/core/zone"
)

// tcp is a TCP connection that waits in the poller of the Go runtime by one goroutine,
// the caller's. That of package net takes a second one as long as it connects, and
// thousands may.
type tcp struct {
	file *os.File
	peer netip.AddrPort
}

// dialTCP connects to one address. The end of ctx ends it.
func dialTCP(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	const tries = 3
	for try := 1; ; try++ {
		t, err := openTCP(ctx, address)
		switch {
		case err == nil && try < tries && t.LocalAddr().String() == address.String():
			t.Close() // to itself: an ephemeral port of this machine that nobody listens at
		case err == nil:
			return t, nil
		case try == tries || !errors.Is(err, unix.EADDRNOTAVAIL) || ctx.Err() != nil:
			return nil, err
		}
	}
}

func openTCP(ctx context.Context, address netip.AddrPort) (*tcp, error) {
	family, to, err := sockaddr(address)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if fd, err = aboveStandard(fd); err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	for _, o := range [...]struct{ level, name, value int }{ // as package net does
		{unix.IPPROTO_TCP, unix.TCP_NODELAY, 1}, {unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15}, {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 15}, {unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 9},
	} {
		if err := unix.SetsockoptInt(fd, o.level, o.name, o.value); err != nil {
			unix.Close(fd)
			return nil, os.NewSyscallError("setsockopt", err)
		}
	}
	switch err := unix.Connect(fd, to); err {
	case nil, unix.EINPROGRESS, unix.EINTR, unix.EALREADY:
	default:
		unix.Close(fd)
		return nil, os.NewSyscallError("connect", err)
	}
	t := &tcp{os.NewFile(uintptr(fd), "socket"), address}
	if err := t.established(ctx); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// aboveStandard gives a descriptor above 2: the host may have closed one of those, and
// goes on writing to it.
func aboveStandard(fd int) (int, error) {
	if fd > 2 {
		return fd, nil
	}
	defer unix.Close(fd)
	return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
}

// established waits until the kernel has connected, or failed to.
func (t *tcp) established(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { t.file.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	raw, err := t.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		n, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && n != 0 {
			err = syscall.Errno(n)
		}
		if err != nil {
			failed = os.NewSyscallError("connect", err)
			return true
		}
		_, err = unix.Getpeername(int(fd))
		return err == nil // else not yet: the poller may wake too early
	})
	switch {
	case failed != nil:
		return failed
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	}
	return plain(err)
}

func sockaddr(a netip.AddrPort) (family int, to unix.Sockaddr, err error) {
	if ip := a.Addr(); !ip.Is4() {
		number, ok := zone.Number(ip.Zone())
		if !ok && ip.Zone() != "" {
			return 0, nil, errors.New("there is no interface " + strconv.Quote(ip.Zone()))
		}
		return unix.AF_INET6, &unix.SockaddrInet6{Port: int(a.Port()), ZoneId: number, Addr: ip.As16()}, nil
	}
	return unix.AF_INET, &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}, nil
}

// plain takes what package os says about files off an error.
func plain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (t *tcp) Read(p []byte) (int, error) {
	n, err := t.file.Read(p)
	return n, plain(err)
}

func (t *tcp) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	return n, plain(err)
}

func (t *tcp) Close() error                          { return t.file.Close() }
func (t *tcp) SetDeadline(at time.Time) error        { return t.file.SetDeadline(at) }
func (t *tcp) SetReadDeadline(at time.Time) error    { return t.file.SetReadDeadline(at) }
func (t *tcp) SetWriteDeadline(at time.Time) error   { return t.file.SetWriteDeadline(at) }
func (t *tcp) SyscallConn() (syscall.RawConn, error) { return t.file.SyscallConn() }
func (t *tcp) RemoteAddr() net.Addr                  { return net.TCPAddrFromAddrPort(t.peer) }

// LocalAddr is where the system has bound it.
func (t *tcp) LocalAddr() net.Addr {
	var own netip.AddrPort
	t.control(func(fd int) error {
		name, err := unix.Getsockname(fd)
		switch n := name.(type) {
		case *unix.SockaddrInet4:
			own = netip.AddrPortFrom(netip.AddrFrom4(n.Addr), uint16(n.Port))
		case *unix.SockaddrInet6:
			own = netip.AddrPortFrom(netip.AddrFrom16(n.Addr).WithZone(t.peer.Addr().Zone()), uint16(n.Port))
		}
		return err
	})
	return net.TCPAddrFromAddrPort(own)
}

// CloseWrite tells the peer that nothing follows.
func (t *tcp) CloseWrite() error {
	return t.control(func(fd int) error { return os.NewSyscallError("shutdown", unix.Shutdown(fd, unix.SHUT_WR)) })
}

func (t *tcp) control(do func(fd int) error) error {
	raw, err := t.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil {
		return plain(err)
	}
	return failed
}
