// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"time"

	"golang.org/x/sys/unix"
)

func thisThread() int { return unix.Gettid() }

// threadCPU is the CPU time of a thread of this process. The number of its clock is made
// of its id, as clock_getcpuclockid(3) of the C library makes that of a process.
func threadCPU(thread int) (time.Duration, bool) {
	const perThread, scheduled = 4, 2
	var t unix.Timespec
	if unix.ClockGettime(int32(^thread<<3)|perThread|scheduled, &t) != nil { // fits: the kernel counts threads below 2^22
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
