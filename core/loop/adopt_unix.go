// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"

	"libws/core/fd"
)

// Adoption is a connected stream socket of somebody else, until it is clear whether it becomes
// ours: then Keep and Ready follow, else Leave.
type Adoption struct {
	number int        // theirs
	own    Descriptor // the same, or a duplicate when that is a number of the host's
}

// Adopt looks at a socket and changes nothing about it. EINVAL: it is no stream socket that is connected,
// TCP or Unix. On other failures step names the system call.
func Adopt(number int) (a Adoption, step string, errno syscall.Errno) {
	if !fd.Connected(number) {
		return a, "", unix.EINVAL
	}
	a = Adoption{number, Descriptor(number)}
	if fd.Lows(number) {
		own, err := fd.Duplicate(uintptr(number))
		if err != nil {
			return a, "fcntl", err.(syscall.Errno)
		}
		a.own = Descriptor(own)
	}
	return a, "", 0
}

// PeerAddress is the address at its other end.
func (a Adoption) PeerAddress() netip.AddrPort { return a.own.PeerAddress() }

// Leave leaves it to its owner.
func (a Adoption) Leave() {
	if int(a.own) != a.number {
		a.own.Close()
	}
}

// Keep takes it from its owner.
func (a Adoption) Keep() {
	if int(a.own) != a.number {
		unix.Close(a.number)
	}
}

// Ready is the socket as Accept gives one.
func (a Adoption) Ready() Descriptor {
	number := int(a.own)
	unix.CloseOnExec(number)
	unix.SetNonblock(number, true)
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	boundUnsent(number)
	return a.own
}
