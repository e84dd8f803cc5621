// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"syscall"

	"golang.org/x/sys/unix"

	"libws/core/fd"
)

// Given makes a duplicate of a listening stream socket, TCP or Unix, that somebody else
// has opened. Both become non-blocking, which duplicates share. EINVAL: it is not such a
// socket. On failure step names the system call.
func Given(number int) (d Descriptor, step string, errno syscall.Errno) {
	own, err := fd.Duplicate(uintptr(number))
	if err != nil {
		return -1, "fcntl", err.(syscall.Errno)
	}
	fail := func(step string, err error) (Descriptor, string, syscall.Errno) {
		unix.Close(own)
		return -1, step, err.(syscall.Errno)
	}
	kind, err := unix.GetsockoptInt(own, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil {
		return fail("getsockopt", err)
	}
	listens, err := unix.GetsockoptInt(own, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	if err != nil {
		return fail("getsockopt", err)
	}
	name, err := unix.Getsockname(own)
	if err != nil {
		return fail("getsockname", err)
	}
	switch name.(type) {
	case *unix.SockaddrInet4, *unix.SockaddrInet6, *unix.SockaddrUnix:
	default:
		listens = 0
	}
	if kind != unix.SOCK_STREAM || listens == 0 {
		return fail("getsockopt", unix.EINVAL)
	}
	if err := unix.SetNonblock(own, true); err != nil {
		return fail("fcntl", err)
	}
	boundUnsent(own)
	return Descriptor(own), "", 0
}

// Duplicate is a descriptor of the same socket, for somebody else to close. Children do
// not inherit it.
func (d Descriptor) Duplicate() (int, syscall.Errno) {
	number, err := fd.Duplicate(uintptr(d))
	if err != nil {
		return -1, err.(syscall.Errno)
	}
	return number, 0
}

// Path is where a Unix socket is bound, "@name" for an abstract one; "" for others.
func (d Descriptor) Path() string {
	if name, err := unix.Getsockname(int(d)); err == nil {
		if n, is := name.(*unix.SockaddrUnix); is {
			return n.Name
		}
	}
	return ""
}
