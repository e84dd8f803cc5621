// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"

	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// Config is the whole library. The zero value of a field is its default.
type Library struct {
	Loops    int           // 1..64; 0: 1
	Budget   int64         // bytes of all buffers together; 0: a quarter of the memory; -1: no ceiling
	LogLevel journal.Level // 0: journal.Warn
	LogLines int           // of each level in a second; 0: 100; -1: no limit
	Engine   loop.Kind     // how the loops wait; the numbers are those of WS_ENGINE_
	Meter    *loop.Meter   // where buffers are counted, the host's as well; nil: core's own
	Threads  Threads
}

// Lines of one level of the log that the host gets in a second.
const (
	defaultLogLines = 100
	maxLogLines     = 1_000_000
)

// Fill replaces zero values and checks ranges; what means no limit is 0 then.
func (c *Library) Fill() *fault.Error {
	if c.Loops == 0 {
		c.Loops = 1
	}
	if c.Loops < 1 || c.Loops > 64 {
		return fault.Refused(fault.IDParameter, "options.loops: %d is not in 1..64 or 0", c.Loops)
	}
	if err := c.Engine.Check(); errors.Is(err, loop.ErrNoEpoll) {
		return fault.Refused(fault.IDUnsupported, "options.engine: WS_ENGINE_EPOLL: %v", err)
	} else if err != nil {
		return fault.Refused(fault.IDParameter, "options.engine: %d is not one of WS_ENGINE_", c.Engine)
	}
	switch {
	case c.Budget == 0:
		c.Budget = defaultBudget()
	case c.Budget == -1:
		c.Budget = 0
	case c.Budget < leastBudget:
		return fault.Refused(fault.IDParameter, "options.memory_budget: %d is less than %d and neither 0 nor -1", c.Budget, leastBudget)
	}
	if !c.LogLevel.Valid() {
		return fault.Refused(fault.IDParameter, "options.log_level: %d is not one of WS_LOG_", c.LogLevel)
	}
	switch {
	case c.LogLines == 0:
		c.LogLines = defaultLogLines
	case c.LogLines == -1:
		c.LogLines = 0
	case c.LogLines < 0 || c.LogLines > maxLogLines:
		return fault.Refused(fault.IDParameter, "options.log_lines_per_second: %d is not in 1..%d, 0 or -1", c.LogLines, maxLogLines)
	}
	return nil
}

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
