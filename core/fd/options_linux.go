// SPDX-License-Identifier: Apache-2.0

package fd

import "golang.org/x/sys/unix"

// Binds: this system knows all of Options.
const Binds = true

// fromBirth has a socket closed in programs that are started from the call on that makes it: the
// host's fork knows nothing of syscall.ForkLock.
const fromBirth = unix.SOCK_CLOEXEC

func bindTo(number int, device string) error { return unix.BindToDevice(number, device) }

// portLater has the port chosen when the peer is known, so that one serves several peers.
func portLater(number int) {
	unix.SetsockoptInt(number, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
}

// keepAlive sets the times, with the number of questions of package net.
func keepAlive(number, seconds int) {
	const probes = 9
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, seconds)
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, seconds)
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, probes)
}

func userTimeout(number, ms int) {
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, ms)
}
