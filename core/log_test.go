// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"
	"time"
)

// A second of a level ends, whatever the others do, and what was left out is asked for once.
func TestEachLevelOfTheLogHasItsMeasure(t *testing.T) {
	t.Parallel()
	var j journal
	if err := j.open(LogInfo, 2); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	step := func(level LogLevel, later time.Duration, fits, arm bool) {
		t.Helper()
		if f, a := j.fits(level, now.Add(later)); f != fits || a != arm {
			t.Errorf("after %v: fits %v, arm %v", later, f, a)
		}
	}
	step(LogInfo, 0, true, false)
	step(LogInfo, 0, true, false)
	step(LogInfo, 0, false, true) // one too many: somebody has to tell
	step(LogInfo, time.Millisecond, false, false)
	step(LogError, time.Millisecond, true, false) // the flood hides nothing of another level
	step(LogInfo, time.Second, true, false)
	if left := j.untold(); left[LogInfo] != 2 || left[LogError] != 0 {
		t.Errorf("left out: %v", left)
	}
	if left := j.untold(); left[LogInfo] != 0 || j.suppressed.Load() != 2 {
		t.Errorf("left out: %v, %d in all", left, j.suppressed.Load())
	}
	step(LogInfo, time.Second, true, false)
	step(LogInfo, time.Second, false, true) // again
}

func TestMetricsEscapeLabels(t *testing.T) {
	t.Parallel()
	var p page
	p.sample("x", 1.5, label{"a", "b\\c\"d\ne"}, label{"f", ""})
	p.sample("y", 2, label{"path", "/tmp/a\xff\xfeb\x00c"}) // a label is UTF-8, and the text a C string
	if got, want := p.text.String(), `x{a="b\\c\"d\ne",f=""} 1.5`+"\ny{path=\"/tmp/a\ufffdb\ufffdc\"} 2\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
