// SPDX-License-Identifier: Apache-2.0

package patience

import (
	"testing"
	"time"
)

func TestDeadlinesGrowWithTheLoadUpToALimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		load       float64
		processors int
		want       float64
	}{{0, 2, 1}, {2, 2, 1}, {13, 2, 6.5}, {13, 16, 1}, {400, 2, most}} {
		if got := factor(c.load, c.processors); got != c.want {
			t.Errorf("a load of %v on %d processors: factor %v, want %v", c.load, c.processors, got, c.want)
		}
	}
	if d := Scaled(time.Second); d < time.Second || d > most*time.Second {
		t.Errorf("a second became %v", d)
	}
}
