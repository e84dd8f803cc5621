// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"

	"libws/core/fd"
	"libws/core/zone"
)

// Descriptor is a non-blocking stream socket that no Socket owns yet: from Listen,
// Detach or Accept. It has one owner at a time, who registers or closes it. Here
// it is the number of the descriptor.
type Descriptor int

// handle is what the system calls of a registered socket take.
type handle int32

// Close closes it, unless it was registered.
func (d Descriptor) Close() { unix.Close(int(d)) }

// LocalAddress is the address it is bound to.
func (d Descriptor) LocalAddress() netip.AddrPort {
	name, err := unix.Getsockname(int(d))
	if err != nil {
		return netip.AddrPort{}
	}
	return addrPort(name)
}

// PeerAddress is the address at the other end of a connection.
func (d Descriptor) PeerAddress() netip.AddrPort {
	name, err := unix.Getpeername(int(d))
	if err != nil {
		return netip.AddrPort{}
	}
	return addrPort(name)
}

func addrPort(name unix.Sockaddr) netip.AddrPort {
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(n.Addr), uint16(n.Port)) // fits: a port
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(zone.With(netip.AddrFrom16(n.Addr).Unmap(), n.ZoneId), uint16(n.Port)) // fits: a port
	}
	return netip.AddrPort{}
}

// Attach makes a stream that waits out of it, and takes it over: on failure it is closed. Not
// net.FileConn, which duplicates the descriptor and sets its options anew, in a dozen system calls.
func (d Descriptor) Attach() (Stream, error) {
	stream, err := fd.Take(int(d))
	if err != nil {
		return nil, fmt.Errorf("taking over a connection: %w", err)
	}
	return stream, nil
}

// Answer sends p as the only thing, and drops what the peer has sent so far, so
// that closing makes no reset that destroys p.
func (d Descriptor) Answer(p []byte) {
	unix.SendmsgN(int(d), p, nil, nil, sendFlags)
	unix.Shutdown(int(d), unix.SHUT_WR)
	var drop [4096]byte
	unix.Read(int(d), drop[:])
}

// Detach takes the descriptor out of a connection of package net, closes the
// rest, and returns it. The caller owns it; c is closed in any case.
func Detach(c Stream) (Descriptor, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		c.Close()
		return -1, fmt.Errorf("taking over a connection: %w", err)
	}
	number, dupErr := -1, error(nil)
	err = raw.Control(func(own uintptr) { number, dupErr = fd.Duplicate(own) })
	c.Close()
	if err == nil {
		err = dupErr
	}
	if err != nil {
		return -1, fmt.Errorf("taking over a connection: %w", err)
	}
	boundUnsent(number)
	return Descriptor(number), nil
}
