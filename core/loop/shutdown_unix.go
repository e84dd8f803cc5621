// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// ShutdownWrite sends FIN after what the kernel still has.
func (s *Socket) ShutdownWrite() {
	if s.loop != nil {
		unix.Shutdown(int(s.fd), unix.SHUT_WR)
	}
}

// ShutdownBoth ends the stream both ways; what was received can still be read. False: the
// system refuses it, and nothing tells of an end. Of a stream that has ended it does.
func (s *Socket) ShutdownBoth() bool {
	if s.loop == nil {
		return false
	}
	err := unix.Shutdown(int(s.fd), unix.SHUT_RDWR)
	return err == nil || err == unix.ENOTCONN
}

// Writable tells whether the kernel has room now.
func (s *Socket) Writable() bool {
	p := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(p, 0)
	return err == nil && n == 1
}

// LocalAddress is the address that the socket is bound to.
func (s *Socket) LocalAddress() netip.AddrPort { return Descriptor(s.fd).LocalAddress() }

// PeerAddress is the address at the other end; not valid for a Unix socket.
func (s *Socket) PeerAddress() netip.AddrPort { return Descriptor(s.fd).PeerAddress() }
