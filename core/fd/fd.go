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
	"runtime"
	"syscall"
)

// Stream is a connection with a descriptor: TCP or a Unix socket.
type Stream interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// least is the lowest number that is not the host's.
const least = 3

var errLow = errors.New("the socket has a number of the host's")

// Dial is that of net.Dialer for an address without a name, but that no socket connects
// with a number of the host's. On Linux one goroutine waits, the caller's: package net has a
// second one as long as it connects, and thousands may.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if runtime.GOOS == "linux" {
		return dial(ctx, network, address)
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
		return dial(ctx, network, address)
	}
	return conn, err
}
