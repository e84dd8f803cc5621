// SPDX-License-Identifier: Apache-2.0

package loop

import "golang.org/x/sys/unix"

// Await has In reported when n bytes are there, or the end of the stream, or when the kernel has no
// room for so many; 1: any. A filter that refuses the call (SO_RCVLOWAT, socket(7)) leaves it at that.
func (s *Socket) Await(n int) {
	_ = unix.SetsockoptInt(int(s.fd), unix.SOL_SOCKET, unix.SO_RCVLOWAT, n)
}
