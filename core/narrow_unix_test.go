// SPDX-License-Identifier: Apache-2.0

//go:build unix

package core

import "syscall"

// keepLittle makes a small receive buffer, before the socket is connected.
func keepLittle(fd uintptr) {
	syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 16<<10)
}
