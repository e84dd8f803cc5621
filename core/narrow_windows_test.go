// SPDX-License-Identifier: Apache-2.0

package core

import "syscall"

// keepLittle makes a small receive buffer, before the socket is connected.
func keepLittle(fd uintptr) {
	syscall.SetsockoptInt(syscall.Handle(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 16<<10)
}
