// SPDX-License-Identifier: Apache-2.0

package core

import (
	"runtime"

	"libws/core/config"
	"libws/core/fault"
)

// processorsFor is how many the runtime is to use beside the loops, for which threads are there.
func processorsFor(c *config.Library) (int, *fault.Error) {
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
