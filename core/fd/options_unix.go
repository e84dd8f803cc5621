// SPDX-License-Identifier: Apache-2.0

//go:build unix

package fd

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"libws/core/zone"
)

// bind says where a socket that is not connected yet begins.
func (o *Options) bind(number int, t *target) error {
	if o.Interface != "" {
		if err := bindTo(number, o.Interface); err != nil {
			return fmt.Errorf("binding to the interface %q: %w", o.Interface, os.NewSyscallError("setsockopt", err))
		}
	}
	if !o.Local.IsValid() {
		return nil
	}
	var name unix.Sockaddr = &unix.SockaddrInet4{Addr: o.Local.Unmap().As4()}
	if t.family == unix.AF_INET6 {
		name6 := &unix.SockaddrInet6{Addr: o.Local.As16()}
		name6.ZoneId, _ = zone.Number(o.Local.Zone())
		name = name6
	}
	portLater(number)
	switch err := unix.Bind(number, name); err {
	case nil:
		return nil
	case unix.EADDRNOTAVAIL:
		return fmt.Errorf("binding to %s, which is no address of this host: %w", o.Local, os.NewSyscallError("bind", err))
	default:
		return fmt.Errorf("binding to %s: %w", o.Local, os.NewSyscallError("bind", err))
	}
}

// set is what is asked of a socket of TCP that is connected.
func (o *Options) set(number int) {
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // as package net does
	if o.KeepAlive >= 0 {
		every := o.KeepAlive
		if every == 0 {
			every = DefaultKeepAlive
		}
		unix.SetsockoptInt(number, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
		keepAlive(number, int(every/time.Second)) // fits: checked by who asks for it
	}
	if o.UserTimeout > 0 {
		userTimeout(number, int(o.UserTimeout/time.Millisecond)) // fits: likewise
	}
}

// Adopt makes a Stream of a connected socket, and takes it over, as Take; it need not be
// one that does not block, nor have a number that is not the host's.
func Adopt(number int, o Options) (Stream, error) {
	number, err := Raise(number)
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(number)
	if err := unix.SetNonblock(number, true); err != nil {
		unix.Close(number)
		return nil, err
	}
	o.set(number) // does nothing to a Unix socket
	return Take(number)
}

// Pair are two sockets that are connected with each other.
func Pair() (near, far Stream, err error) {
	numbers, err := pair()
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	if near, err = Adopt(numbers[0], Options{}); err != nil {
		unix.Close(numbers[1])
		return nil, nil, err
	}
	if far, err = Adopt(numbers[1], Options{}); err != nil {
		near.Close()
		return nil, nil, err
	}
	return near, far, nil
}

func pair() ([2]int, error) {
	syscall.ForkLock.RLock() // no child inherits them half made
	defer syscall.ForkLock.RUnlock()
	numbers, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|fromBirth, 0)
	if err == nil {
		unix.CloseOnExec(numbers[0])
		unix.CloseOnExec(numbers[1])
	}
	return numbers, err
}

// Connected tells whether a descriptor is a stream socket, TCP or Unix, that is connected.
func Connected(number int) bool {
	kind, err := unix.GetsockoptInt(number, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || kind != unix.SOCK_STREAM {
		return false
	}
	peer, err := unix.Getpeername(number)
	switch peer.(type) {
	case *unix.SockaddrInet4, *unix.SockaddrInet6, *unix.SockaddrUnix:
		return err == nil
	}
	return false
}
