// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <runtime.h>
*/
import "C"

import (
	"fmt"
	"sync/atomic"
	"syscall"

	"libws/core/journal"
)

// threads are those of threads.c, as core sees them.
type threads struct{}

func (threads) Provide(loops, processors int) (int, error) {
	var there C.uint32_t
	failed := C.wsx_threads_provide(C.uint32_t(loops+processors+C.WSX_SPARE_THREADS), &there)
	if int(there) < loops+C.WSX_PROCESSORS+C.WSX_LEAST_THREADS {
		C.wsx_threads_provide(C.WSX_PROCESSORS+C.WSX_SPARE_THREADS, &there) // the host may need what was made
		return 0, syscall.Errno(failed)
	}
	return min(processors, max(C.WSX_PROCESSORS, int(there)-loops-C.WSX_SPARE_THREADS)), nil
}

func (threads) Short() bool { return bool(C.wsx_threads_short()) }

var refusalsLogged atomic.Uint32

// tellRefusals logs that the library stood since the last call, because the system refused it a
// thread: the call that stood could not.
func (h *host) tellRefusals() {
	n, logged := uint32(C.wsx_threads_refused), refusalsLogged.Load()
	if n != logged && refusalsLogged.CompareAndSwap(logged, n) {
		h.Log(journal.Error, fmt.Sprintf("the system refused threads: the library stood %d times", n-logged))
	}
}
