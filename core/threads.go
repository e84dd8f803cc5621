// SPDX-License-Identifier: Apache-2.0

package core

import (
	"runtime"

	"libws/core/fault"
)

// Threads makes threads before the Go runtime needs them: it ends the process when the
// system refuses one. Any thread.
type Threads interface {
	// Provide sees to it that there are threads for loops, and for processors that the
	// runtime may use beside them. It returns how many processors these can be; 0, with the
	// reason, when there are too few threads for the loops.
	Provide(loops, processors int) (int, error)
	// Short tells that few are left and the system gives no other ones.
	Short() bool
}

// processors is how many the runtime is to use beside the loops, for which threads are there.
func (c *Config) processors() (int, *fault.Error) {
	// A loop blocks its thread in callbacks; calls of foreign threads need a processor of
	// their own then.
	want := max(runtime.NumCPU(), c.Loops+2, 4)
	if c.Threads == nil {
		return want, nil
	}
	n, err := c.Threads.Provide(c.Loops, want)
	if n == 0 {
		return 0, fault.Refused(fault.IDUnknown, "starting %d loops: too few threads can be made: %v", c.Loops, err)
	}
	return n, nil
}

// shortOfThreads tells that nothing should begin that blocks one.
func (e *Engine) shortOfThreads() bool { return e.threads != nil && e.threads.Short() }
