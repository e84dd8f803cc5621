// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package loop

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"libws/core/fd"
)

// newSocket makes a non-blocking TCP socket.
func newSocket(family int) (int, error) {
	syscall.ForkLock.RLock() // no child inherits it half made
	defer syscall.ForkLock.RUnlock()
	number, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	return private(number)
}

// boundUnsent is for Linux, whose kernel takes up to 4 MiB for a peer that does not
// read; here a send buffer is smaller.
func boundUnsent(int) {}

// private keeps a socket from children and from the host's numbers, and makes it non-blocking.
func private(number int) (int, error) {
	unix.CloseOnExec(number)
	number, err := fd.Raise(number)
	if err != nil {
		return -1, err
	}
	if err := unix.SetNonblock(number, true); err != nil {
		unix.Close(number)
		return -1, err
	}
	return number, nil
}

// Accept takes one connection from a listening socket, non-blocking and with
// TCP_NODELAY, since frames are written whole. Whatever fails is the caller's to try again,
// so that a loop is held by nothing.
func (s *Socket) Accept() (d Descriptor, peer netip.AddrPort, errno syscall.Errno) {
	number, name, err := accept(int(s.fd))
	if err != nil {
		return -1, netip.AddrPort{}, err.(syscall.Errno)
	}
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	return Descriptor(number), addrPort(name), 0
}

func accept(listener int) (int, unix.Sockaddr, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	number, name, err := unix.Accept(listener)
	if err == nil {
		number, err = private(number)
	}
	return number, name, err
}
