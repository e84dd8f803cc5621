// SPDX-License-Identifier: Apache-2.0

// Package patience tells tests how long to wait for what must happen. It is for tests
// only: the library does not import it.
package patience

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

// most is how far a load stretches a deadline: what hangs shall still end.
const most = 10

// Scaled is d, longer on a machine that has more to do than it has processors. A wait of a
// test ends a failure, never a measurement, so it may be as long as it likes.
func Scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * factor(load(), runtime.NumCPU()))
}

// factor is 1 up to a load of one for each processor, and grows with it.
func factor(load float64, processors int) float64 {
	return min(max(load/float64(processors), 1), most)
}

// load is the mean number of threads that ran or wanted to in the last minute; 0: unknown.
func load() (minute float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err == nil {
		fmt.Sscan(string(text), &minute)
	}
	return minute
}
