// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <sys/resource.h>

extern struct rlimit wsx_host_files;
*/
import "C"

import (
	_ "os" // its init raises the limit, so it has to come first
	"syscall"
)

// init puts the host's descriptor limit back: a host that uses select must not
// get descriptors above 1023 that it did not ask for.
func init() {
	if C.wsx_host_files.rlim_max == 0 {
		return // it could not be read
	}
	limit := syscall.Rlimit{Cur: uint64(C.wsx_host_files.rlim_cur), Max: uint64(C.wsx_host_files.rlim_max)}
	syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}
