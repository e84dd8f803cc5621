// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"libws/core/fd"
)

// listening is a socket that listens: one of package net, or one that somebody else has opened.
type listening interface {
	// accept waits for a connection; one at a time calls it. It fails with os.ErrDeadlineExceeded
	// while a time in the past is set, and with net.ErrClosed.
	accept() (Stream, error)
	SetDeadline(t time.Time) error
	Close() error
	Addr() net.Addr
	duplicate() (int, error)
}

// bound is one of package net.
type bound struct{ *net.TCPListener }

func (b bound) accept() (Stream, error) {
	conn, err := b.AcceptTCP()
	if err != nil {
		return nil, err // no Stream that is not nil, and has none
	}
	return conn, nil
}

func (b bound) duplicate() (number int, err error) {
	raw, err := b.SyscallConn()
	if err != nil {
		return -1, err
	}
	if bad := raw.Control(func(socket uintptr) { number, err = fd.Duplicate(socket) }); bad != nil {
		return -1, bad
	}
	return number, err
}

// given is somebody else's. All who share it, in whatever process, have one completion port
// for it at most, and that is not ours to take: a thread of the system waits in WSAPoll instead, beside a bell
// that ends its wait.
type given struct {
	socket  windows.Handle // ours, of theirs
	addr    net.Addr
	bell    *net.UDPConn // of loopback; what comes there ends a wait
	rings   windows.Handle
	stopped atomic.Bool   // a time in the past is set
	closed  atomic.Bool   // also
	waits   chan struct{} // has a token unless accept is under way; Close keeps it
}

// Given makes a duplicate of a listening stream socket that somebody else has opened. Both
// become non-blocking, which duplicates share. EINVAL: it is not such a socket. On
// failure step names the system call.
func Given(theirs int) (d Descriptor, step string, errno syscall.Errno) {
	socket := windows.Handle(theirs)
	kind, err := windows.GetsockoptInt(socket, windows.SOL_SOCKET, fd.SOType)
	if err != nil {
		return d, "getsockopt", number(err)
	}
	const acceptConn = 0x2 // SO_ACCEPTCONN
	listens, err := windows.GetsockoptInt(socket, windows.SOL_SOCKET, acceptConn)
	if kind != windows.SOCK_STREAM || err != nil || listens&0xff == 0 { // a BOOL of one byte
		return d, "getsockopt", EINVAL
	}
	name, err := windows.Getsockname(socket)
	if err != nil {
		return d, "getsockname", number(err)
	}
	at := nameOf(name, nil)
	if !at.IsValid() {
		return d, "getsockname", EINVAL
	}
	g := &given{addr: net.TCPAddrFromAddrPort(at), waits: make(chan struct{}, 1)}
	if step, err = g.begin(theirs); err != nil {
		return d, step, number(err)
	}
	return Descriptor{listener: g}, "", 0
}

// begin makes what is ours.
func (g *given) begin(theirs int) (step string, err error) {
	if g.bell, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		return "the bell of a wait", err
	}
	raw, err := g.bell.SyscallConn()
	if err == nil {
		err = raw.Control(func(socket uintptr) { g.rings = windows.Handle(socket) })
	}
	if err == nil {
		err = setNonBlocking(g.rings)
	}
	if err != nil {
		g.bell.Close()
		return "the bell of a wait", err
	}
	own, err := fd.Duplicate(uintptr(theirs))
	if err != nil {
		g.bell.Close()
		return "wsaduplicatesocket", err
	}
	if err = setNonBlocking(windows.Handle(own)); err != nil {
		g.bell.Close()
		windows.Closesocket(windows.Handle(own))
		return "ioctlsocket", err
	}
	g.socket = windows.Handle(own)
	g.waits <- struct{}{}
	return "", nil
}

// Addr is where it listens.
func (g *given) Addr() net.Addr { return g.addr }

func (g *given) duplicate() (int, error) { return fd.Duplicate(uintptr(g.socket)) }

// SetDeadline knows the past, and none.
func (g *given) SetDeadline(t time.Time) error {
	g.stopped.Store(!t.IsZero())
	if !t.IsZero() {
		g.ring()
	}
	return nil
}

func (g *given) ring() { g.bell.WriteTo([]byte{0}, g.bell.LocalAddr()) }

// Close ends accept before it closes anything.
func (g *given) Close() error {
	if g.closed.Swap(true) {
		return net.ErrClosed
	}
	g.ring()
	<-g.waits
	g.bell.Close()
	return windows.Closesocket(g.socket)
}

var acceptSocket = windows.NewLazySystemDLL("ws2_32.dll").NewProc("accept")

func (g *given) accept() (Stream, error) {
	select {
	case <-g.waits:
		defer func() { g.waits <- struct{}{} }()
	default:
		return nil, net.ErrClosed
	}
	for {
		switch {
		case g.closed.Load():
			return nil, net.ErrClosed
		case g.stopped.Load():
			return nil, os.ErrDeadlineExceeded
		}
		socket, _, err := acceptSocket.Call(uintptr(g.socket), 0, 0)
		if windows.Handle(socket) != windows.InvalidHandle {
			return g.accepted(int(socket))
		}
		if err != EAGAIN {
			return nil, os.NewSyscallError("accept", err)
		}
		if err := g.pollBoth(); err != nil {
			return nil, err
		}
	}
}

// accepted makes a Stream of a connection, without what it has of the listener.
func (g *given) accepted(socket int) (Stream, error) {
	conn, err := fd.Take(socket)
	if err != nil {
		return nil, err
	}
	conn.(*net.TCPConn).SetKeepAlive(false) // see Descriptor.KeepAlive
	return conn, nil
}

// pollBoth waits for a connection or the bell, and silences that.
func (g *given) pollBoth() error {
	both := [...]polled{{fd: g.socket, events: pollIn}, {fd: g.rings, events: pollIn}}
	if n, _, err := wsaPoll.Call(uintptr(unsafe.Pointer(&both[0])), uintptr(len(both)), ^uintptr(0)); int32(n) < 0 {
		return os.NewSyscallError("wsapoll", err)
	}
	var rest [16]byte
	b := buffer(unsafe.Pointer(&rest), uintptr(len(rest)))
	for both[1].revents != 0 {
		var n, flags uint32
		if windows.WSARecv(g.rings, &b, 1, &n, &flags, nil, nil) == EAGAIN {
			break
		}
	}
	return nil
}

// Duplicate is a handle of the same socket, for somebody else to close. Children do
// not inherit it.
func (d Descriptor) Duplicate() (int, syscall.Errno) {
	own, err := d.listener.duplicate()
	if err != nil {
		return -1, number(err)
	}
	return own, 0
}
