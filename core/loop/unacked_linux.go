// SPDX-License-Identifier: Apache-2.0

package loop

import "golang.org/x/sys/unix"

// TellsUnacked says that this system does.
const TellsUnacked = true

// Unacked is how many bytes the kernel has that the peer has not acknowledged, of a Unix socket at
// least those that it has not read; tcp(7), SIOCOUTQ. False: it is not known, as after a reset.
// The caller holds the lock under which the owner closes the socket.
func (s *Socket) Unacked() (int, bool) {
	if s.loop == nil {
		return 0, false
	}
	fd := int(s.fd)
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err == nil && info.State == unix.BPF_TCP_CLOSE {
		return 0, false
	}
	n, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ)
	return n, err == nil
}
