// SPDX-License-Identifier: Apache-2.0

package loop

import "golang.org/x/sys/unix"

// sendFlags of every send. MSG_NOSIGNAL is younger than the systems we run on,
// so the socket itself is set so.
const sendFlags = unix.MSG_DONTWAIT

// noSignal keeps a write to a connection that the peer has closed from raising
// SIGPIPE, which would end the host.
func noSignal(fd int) { unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_NOSIGPIPE, 1) }
