// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Read takes what is there, at most len(p). 0 without an error is the end of
// the stream; EAGAIN says that there is nothing now.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	if len(p) == 0 {
		return 0, 0
	}
	b := buffer(unsafe.Pointer(unsafe.SliceData(p)), uintptr(len(p)))
	var n, flags uint32
	if err := windows.WSARecv(s.fd, &b, 1, &n, &flags, nil, nil); err != nil {
		return 0, err.(syscall.Errno)
	}
	return int(n), 0
}

// Write gives p to the kernel as far as it takes it.
func (s *Socket) Write(p []byte) (int, syscall.Errno) {
	return s.send([]windows.WSABuf{buffer(unsafe.Pointer(unsafe.SliceData(p)), uintptr(len(p)))})
}

// WriteVector gives the pieces to the kernel in order, as far as it takes them,
// in one system call.
func (s *Socket) WriteVector(v *Vector) (int, syscall.Errno) {
	if len(v.pieces) == 0 {
		return 0, 0
	}
	pieces := make([]windows.WSABuf, 0, len(v.pieces))
	for _, p := range v.pieces {
		b := buffer(p.base, p.size)
		pieces = append(pieces, b)
		if uintptr(b.Len) < p.size {
			break // what follows would leave a gap
		}
	}
	return s.send(pieces)
}

// WriteTwo gives two pieces to the kernel in one system call.
func (s *Socket) WriteTwo(first, second []byte) (int, syscall.Errno) {
	return s.send([]windows.WSABuf{
		buffer(unsafe.Pointer(unsafe.SliceData(first)), uintptr(len(first))),
		buffer(unsafe.Pointer(unsafe.SliceData(second)), uintptr(len(second))),
	})
}

// buffer describes memory to the system, at most 1 GiB of it: its sizes have 32
// bits, also the sum that a call returns.
func buffer(base unsafe.Pointer, size uintptr) windows.WSABuf {
	return windows.WSABuf{Len: uint32(min(size, 1<<30)), Buf: (*byte)(base)}
}

func (s *Socket) send(pieces []windows.WSABuf) (int, syscall.Errno) {
	var n uint32
	if err := windows.WSASend(s.fd, &pieces[0], uint32(len(pieces)), &n, 0, nil, nil); err != nil {
		return 0, err.(syscall.Errno)
	}
	return int(n), 0
}

// ShutdownWrite sends FIN after what the kernel still has.
func (s *Socket) ShutdownWrite() {
	if s.loop != nil {
		windows.Shutdown(s.fd, windows.SHUT_WR)
	}
}

// ShutdownBoth ends the stream both ways; reading fails from now on. False: the system
// refuses it, and nothing tells of an end.
func (s *Socket) ShutdownBoth() bool {
	if s.loop == nil {
		return false
	}
	err := windows.Shutdown(s.fd, windows.SHUT_RDWR)
	return err == nil || err == windows.WSAENOTCONN
}

// Writable tells whether the kernel has room now; here it is only found out by
// writing.
func (s *Socket) Writable() bool { return true }

// LocalAddress is the address that the socket is bound to.
func (s *Socket) LocalAddress() netip.AddrPort {
	return nameOf(windows.Getsockname(s.fd))
}

// PeerAddress is the address at the other end; not valid for a Unix socket.
func (s *Socket) PeerAddress() netip.AddrPort { return nameOf(windows.Getpeername(s.fd)) }

func nameOf(name windows.Sockaddr, err error) netip.AddrPort {
	if err != nil {
		return netip.AddrPort{}
	}
	switch n := name.(type) {
	case *windows.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), uint16(n.Port))
	case *windows.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(n.Addr).Unmap(), uint16(n.Port))
	}
	return netip.AddrPort{}
}
