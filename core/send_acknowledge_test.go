// SPDX-License-Identifier: Apache-2.0

package core

import "testing"

// Messages count as arrived in their order, each when the peer has its last byte; one that is
// not framed yet holds up those behind it.
func TestAcksAreDueInTheirOrder(t *testing.T) {
	t.Parallel()
	a := acks{list: []unacked{{end: 10}, {end: 20}, {end: never}, {end: 30}}}
	for _, step := range []struct {
		bytes     uint64
		due, left int
	}{{9, 0, 4}, {10, 1, 3}, {1000, 1, 2}} {
		if due := a.arrived(step.bytes); len(due) != step.due || len(a.list) != step.left {
			t.Errorf("after %d bytes %d are due and %d left, not %d and %d", step.bytes, len(due), len(a.list), step.due, step.left)
		}
	}
	a.list[0].end = 30
	if due := a.arrived(30); len(due) != 2 || a.list != nil {
		t.Errorf("at the end %d are due, and %d left", len(due), len(a.list))
	}
}
