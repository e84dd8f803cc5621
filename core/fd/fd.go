// SPDX-License-Identifier: Apache-2.0

// Package fd keeps descriptors out of the numbers 0, 1 and 2. A host may have closed
// those, and goes on to print to them: a socket of ours with such a number would send that to
// its peer. Enter here for whatever makes a descriptor.
//
// The system gives the lowest number that is free, so a descriptor has it for the time
// of two system calls, unconnected where we connect it ourselves. Only to occupy the numbers
// would prevent that, and would take them away from the host.
package fd

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"time"
)

// Stream is a connection with a descriptor: TCP or a Unix socket.
type Stream interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// Options is how a socket of TCP is made. The zero value is as package net makes it.
type Options struct {
	Local       netip.Addr    // what it is bound to, with a port of the system's choice; zero: nothing
	Interface   string        // all its packets go by this one; "": by that of the route. Linux
	KeepAlive   time.Duration // silence before the kernel asks whether the peer is there, and between questions, in seconds; 0: 15 s; less: it never asks
	UserTimeout time.Duration // how long what was sent may stay unacknowledged; 0: as the system has it. Linux
}

// Plain tells whether nothing is asked for.
func (o *Options) Plain() bool { return *o == Options{} }

// DefaultKeepAlive is the time of package net.
const DefaultKeepAlive = 15 * time.Second

// least is the lowest number that is not the host's.
const least = 3

var errLow = errors.New("the socket has a number of the host's")

// Dial is that of net.Dialer for an address without a name, but that no socket connects
// with a number of the host's. On Linux one goroutine waits, the caller's: package net has a
// second one as long as it connects, and thousands may.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return DialBy(ctx, network, address, Options{})
}

// DialBy is Dial with options.
func DialBy(ctx context.Context, network, address string, o Options) (net.Conn, error) {
	if runtime.GOOS == "linux" || !o.Plain() {
		return dial(ctx, network, address, o)
	}
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		if bad := c.Control(func(number uintptr) { err = refuse(number) }); bad != nil {
			return bad
		}
		return err
	}}
	conn, err := d.DialContext(ctx, network, address)
	if errors.Is(err, errLow) {
		return dial(ctx, network, address, o)
	}
	return conn, err
}
