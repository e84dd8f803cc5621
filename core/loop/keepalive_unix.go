// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"time"

	"golang.org/x/sys/unix"
)

// KeepAlive has the kernel probe a peer that is silent for as long, in whole seconds, at
// least one; 0: never. It does nothing to a Unix socket.
func (d Descriptor) KeepAlive(idle time.Duration) {
	if idle == 0 {
		unix.SetsockoptInt(int(d), unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0)
		return
	}
	unix.SetsockoptInt(int(d), unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	if keepIdle != 0 {
		seconds := int((idle + time.Second - 1) / time.Second) // fits: an hour at the most
		unix.SetsockoptInt(int(d), unix.IPPROTO_TCP, keepIdle, seconds)
	}
}
