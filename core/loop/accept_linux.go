// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"libws/core/fd"
	"libws/core/zone"
)

// newSocket makes a non-blocking TCP socket.
func newSocket(family int) (int, error) {
	number, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	if number, err = fd.Raise(number); err == nil {
		boundUnsent(number) // accepted sockets inherit it
	}
	return number, err
}

// unsentMax is how many bytes the kernel takes beyond what the peer's window lets
// out.
const unsentMax = 256 << 10

// boundUnsent makes the kernel take no more than unsentMax bytes that it cannot
// send: without it a peer that does not read fills up to 4 MiB of kernel memory,
// which no budget of ours counts, before anything is buffered here.
func boundUnsent(fd int) {
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsentMax)
}

// Accept takes one connection from a listening socket, non-blocking and with
// TCP_NODELAY, since frames are written whole. Whatever fails is the caller's to try again,
// so that a loop is held by nothing. It allocates nothing, unlike
// unix.Accept4: what a burst of clients leaves behind would double their cost.
func (s *Socket) Accept() (d Descriptor, peer netip.AddrPort, errno syscall.Errno) {
	var name unix.RawSockaddrAny
	size := uint32(unix.SizeofSockaddrAny)
	n, _, errno := syscall.RawSyscall6(unix.SYS_ACCEPT4, uintptr(s.fd), uintptr(unsafe.Pointer(&name)),
		uintptr(unsafe.Pointer(&size)), unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0, 0)
	if errno != 0 {
		return -1, netip.AddrPort{}, errno
	}
	number, err := fd.Raise(int(n))
	if err != nil {
		return -1, netip.AddrPort{}, err.(syscall.Errno)
	}
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	return Descriptor(number), rawAddrPort(&name), 0
}

func rawAddrPort(name *unix.RawSockaddrAny) netip.AddrPort {
	port := func(p *uint16) uint16 { return binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(p))[:]) }
	switch name.Addr.Family {
	case unix.AF_INET:
		n := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), port(&n.Port))
	case unix.AF_INET6:
		n := (*unix.RawSockaddrInet6)(unsafe.Pointer(name))
		return netip.AddrPortFrom(zone.With(netip.AddrFrom16(n.Addr).Unmap(), n.Scope_id), port(&n.Port))
	}
	return netip.AddrPort{}
}
