// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"testing"
	"time"
)

// A second of a level ends, whatever the others do, and what was left out is asked for once.
func TestEachLevelOfTheLogHasItsMeasure(t *testing.T) {
	t.Parallel()
	var j Journal
	j.Open(Info, 2)
	now := time.Now()
	step := func(level Level, later time.Duration, fits, arm bool) {
		t.Helper()
		if f, a := j.Fits(level, now.Add(later)); f != fits || a != arm {
			t.Errorf("after %v: fits %v, arm %v", later, f, a)
		}
	}
	step(Info, 0, true, false)
	step(Info, 0, true, false)
	step(Info, 0, false, true) // one too many: somebody has to tell
	step(Info, time.Millisecond, false, false)
	step(Error, time.Millisecond, true, false) // the flood hides nothing of another level
	step(Info, time.Second, true, false)
	if left := j.TakeSuppressed(); left[Info] != 2 || left[Error] != 0 {
		t.Errorf("left out: %v", left)
	}
	if left := j.TakeSuppressed(); left[Info] != 0 || j.suppressed.Load() != 2 {
		t.Errorf("left out: %v, %d in all", left, j.suppressed.Load())
	}
	step(Info, time.Second, true, false)
	step(Info, time.Second, false, true) // again
}
