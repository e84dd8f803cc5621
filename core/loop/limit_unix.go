// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import "golang.org/x/sys/unix"

// FileLimit is the soft limit of descriptors of the process.
func FileLimit() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return noLimit
	}
	return int64(min(uint64(limit.Cur), noLimit))
}
