// SPDX-License-Identifier: Apache-2.0

//go:build unix && !linux

package fd

import "golang.org/x/sys/unix"

// Binds: of Options, this system knows neither Interface nor UserTimeout.
const Binds = false

// fromBirth: not every system has such a flag, so a child that the host starts between two calls may
// inherit a socket.
const fromBirth = 0

func bindTo(int, string) error { return unix.EOPNOTSUPP }

func portLater(int) {}

// keepAlive leaves the times to the system.
func keepAlive(int, int) {}

func userTimeout(int, int) {}
