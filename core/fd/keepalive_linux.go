// SPDX-License-Identifier: Apache-2.0

package fd

import "golang.org/x/sys/unix"

// keepAlive sets the times of package net.
func keepAlive(number int) {
	const seconds, probes = 15, 9
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, seconds)
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, seconds)
	unix.SetsockoptInt(number, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, probes)
}
