// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"libws/core/fd"
	"libws/core/zone"
)

// Listen makes a non-blocking TCP socket that listens on address. IPv6 sockets
// take IPv6 only, but for "::", which takes both families unless only6. With reuse others of this
// user may listen there, too (SO_REUSEPORT). On failure step names the system call.
func Listen(address netip.AddrPort, backlog int, reuse, only6 bool) (d Descriptor, step string, errno syscall.Errno) {
	family := unix.AF_INET
	var name unix.Sockaddr = &unix.SockaddrInet4{Port: int(address.Port()), Addr: as4(address.Addr())}
	if address.Addr().Is6() {
		family = unix.AF_INET6
		number, ok := zone.Number(address.Addr().Zone())
		if !ok && address.Addr().Zone() != "" {
			return -1, "the zone of the address", unix.ENODEV
		}
		name = &unix.SockaddrInet6{Port: int(address.Port()), Addr: address.Addr().As16(), ZoneId: number}
	}
	fd, err := newSocket(family)
	if err != nil {
		return -1, "socket", err.(syscall.Errno)
	}
	fail := func(step string, err error) (Descriptor, string, syscall.Errno) {
		unix.Close(fd)
		return -1, step, err.(syscall.Errno)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return fail("setsockopt", err)
	}
	if reuse {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
			return fail("setsockopt", err)
		}
	}
	if family == unix.AF_INET6 {
		only := 1
		if address.Addr().IsUnspecified() && !only6 {
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
	return Descriptor(fd), "", 0
}

func as4(a netip.Addr) (b [4]byte) {
	if a.Is4() {
		b = a.As4()
	}
	return b
}

// Spare holds a descriptor that can be given up to accept and refuse a
// connection when the process has no others left.
type Spare struct{ fd int }

// Take reserves the descriptor; harmless when it is held.
func (s *Spare) Take() {
	if s.fd == 0 {
		number, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			number, err = fd.Raise(number)
		}
		if err == nil {
			s.fd = number + 1
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
