// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Listen makes a non-blocking TCP socket that listens on address. IPv6 sockets
// take IPv6 only, but for "::", which takes both families. On failure step
// names the system call.
func Listen(address netip.AddrPort, backlog int) (fd int, step string, errno syscall.Errno) {
	family := unix.AF_INET
	var name unix.Sockaddr = &unix.SockaddrInet4{Port: int(address.Port()), Addr: as4(address.Addr())}
	if address.Addr().Is6() {
		family = unix.AF_INET6
		name = &unix.SockaddrInet6{Port: int(address.Port()), Addr: address.Addr().As16(), ZoneId: zone(address.Addr())}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, "socket", err.(syscall.Errno)
	}
	fail := func(step string, err error) (int, string, syscall.Errno) {
		unix.Close(fd)
		return -1, step, err.(syscall.Errno)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return fail("setsockopt", err)
	}
	if family == unix.AF_INET6 {
		only := 1
		if address.Addr().IsUnspecified() {
			only = 0
		}
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only); err != nil {
			return fail("setsockopt", err)
		}
	}
	if err := unix.Bind(fd, name); err != nil {
		return fail("bind", err)
	}
	if err := unix.Listen(fd, backlog); err != nil {
		return fail("listen", err)
	}
	return fd, "", 0
}

func as4(a netip.Addr) (b [4]byte) {
	if a.Is4() {
		b = a.As4()
	}
	return b
}

// LocalAddress is the address a socket is bound to.
func LocalAddress(fd int) netip.AddrPort {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return netip.AddrPort{}
	}
	return addrPort(name)
}

// PeerAddress is the address at the other end of a connection.
func PeerAddress(fd int) netip.AddrPort {
	name, err := unix.Getpeername(fd)
	if err != nil {
		return netip.AddrPort{}
	}
	return addrPort(name)
}

func addrPort(name unix.Sockaddr) netip.AddrPort {
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), uint16(n.Port))
	case *unix.SockaddrInet6:
		// Link-local addresses say nothing without their zone; others have none.
		return netip.AddrPortFrom(netip.AddrFrom16(n.Addr).Unmap(), uint16(n.Port))
	}
	return netip.AddrPort{}
}

// Accept takes one connection from a listening socket, non-blocking and with
// TCP_NODELAY, since frames are written whole. It allocates nothing, unlike
// unix.Accept4: what a burst of clients leaves behind would double their cost.
func (s *Socket) Accept() (fd int, peer netip.AddrPort, errno syscall.Errno) {
	for {
		var name unix.RawSockaddrAny
		size := uint32(unix.SizeofSockaddrAny)
		n, _, errno := syscall.RawSyscall6(unix.SYS_ACCEPT4, uintptr(s.fd), uintptr(unsafe.Pointer(&name)), uintptr(unsafe.Pointer(&size)),
			unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0, 0)
		if errno == 0 {
			unix.SetsockoptInt(int(n), unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
			return int(n), rawAddrPort(&name), 0
		}
		if errno != syscall.EINTR && errno != syscall.ECONNABORTED {
			return -1, netip.AddrPort{}, errno
		}
	}
}

func rawAddrPort(name *unix.RawSockaddrAny) netip.AddrPort {
	port := func(p *uint16) uint16 { return binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(p))[:]) }
	switch name.Addr.Family {
	case unix.AF_INET:
		n := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), port(&n.Port))
	case unix.AF_INET6:
		n := (*unix.RawSockaddrInet6)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom16(n.Addr).Unmap(), port(&n.Port))
	}
	return netip.AddrPort{}
}

// Spare holds a descriptor that can be given up to accept and refuse a
// connection when the process has no others left.
type Spare struct{ fd int }

// Take reserves the descriptor; harmless when it is held.
func (s *Spare) Take() {
	if s.fd == 0 {
		if fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
			s.fd = fd + 1
		}
	}
}

// Give frees the descriptor.
func (s *Spare) Give() {
	if s.fd != 0 {
		unix.Close(s.fd - 1)
		s.fd = 0
	}
}

// zone turns the zone of a link-local address into its interface index.
func zone(a netip.Addr) uint32 {
	var index uint32
	for _, c := range []byte(a.Zone()) {
		if c < '0' || c > '9' {
			return 0
		}
		index = index*10 + uint32(c-'0')
	}
	return index
}
