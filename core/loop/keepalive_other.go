// SPDX-License-Identifier: Apache-2.0

//go:build unix && !linux && !freebsd && !netbsd && !dragonfly && !darwin

package loop

// keepIdle is 0: the time is the system's.
const keepIdle = 0
