// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin

package loop

import "golang.org/x/sys/unix"

// sendFlags of every send: it never waits and never raises SIGPIPE.
const sendFlags = unix.MSG_NOSIGNAL | unix.MSG_DONTWAIT

// noSignal does nothing, since sendFlags say it.
func noSignal(int) {}
