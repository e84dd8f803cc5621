// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"syscall"
)

// Stream is a connection of package net with a descriptor: TCP or a Unix socket.
type Stream interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}
