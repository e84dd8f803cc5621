// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// Listen makes a TCP socket that listens on address. IPv6 sockets take IPv6
// only, but for "::", which takes both families. The backlog is the system's, and reuse
// cannot be done here: EOPNOTSUPP. On failure step names the system call.
func Listen(address netip.AddrPort, backlog int, reuse, only6 bool) (d Descriptor, step string, errno syscall.Errno) {
	if reuse {
		return d, "setsockopt", EOPNOTSUPP
	}
	network := "tcp4"
	if address.Addr().Is6() {
		network = "tcp6"
		if address.Addr().IsUnspecified() && !only6 {
			network = "tcp"
		}
	}
	config := net.ListenConfig{KeepAlive: -1} // see Descriptor.KeepAlive
	listener, err := config.Listen(context.Background(), network, address.String())
	if err != nil {
		step = "listen"
		var call *os.SyscallError
		if errors.As(err, &call) {
			step = call.Syscall
		}
		return Descriptor{}, step, number(err)
	}
	return Descriptor{listener: bound{listener.(*net.TCPListener)}}, "", 0
}

// number finds the error number; one of package net alone becomes EAFNOSUPPORT,
// as for an address that this system cannot have.
func number(err error) (errno syscall.Errno) {
	if !errors.As(err, &errno) {
		errno = EAFNOSUPPORT
	}
	return errno
}

// Accept takes the connection that the goroutine of a listening socket has
// waiting, with TCP_NODELAY, which package net switches on. EAGAIN: there is none.
func (s *Socket) Accept() (d Descriptor, peer netip.AddrPort, errno syscall.Errno) {
	conn, err := s.loop.poll.(*goroutines).find(s.slot).accepted()
	switch {
	case err != nil:
		return Descriptor{}, netip.AddrPort{}, number(err)
	case conn == nil:
		return Descriptor{}, netip.AddrPort{}, EAGAIN
	}
	return Descriptor{conn: conn}, addrPort(conn.RemoteAddr()), 0
}

// find is the source of a registered socket.
func (p *goroutines) find(slot int32) *source {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &p.sockets.Of(slot).source
}

// Spare holds nothing: handles of Windows have no limit that a server meets.
type Spare struct{}

// Take does nothing; see Spare.
func (s *Spare) Take() {}

// Give does nothing; see Spare.
func (s *Spare) Give() {}
