// SPDX-License-Identifier: Apache-2.0

package core

import "testing"

func TestAQueueIsCrowdedByWhatDoesNotLeaveSoon(t *testing.T) {
	t.Parallel()
	many := make([]chunk, sharedMost)
	for name, c := range map[string]struct {
		q    *queue
		full bool
		want bool
	}{
		"no queue":                            {nil, true, false},
		"an empty one":                        {new(queue), true, false},
		"one that its loop is about to write": {&queue{chunks: many[:1], fanned: true}, false, false},
		"the same, when the kernel is full":   {&queue{chunks: many[:1], fanned: true}, true, true},
		"one that waits for the kernel":       {&queue{chunks: many[:1]}, false, true},
		"many frames":                         {&queue{chunks: many, fanned: true}, false, true},
		"many that have left but for one":     {&queue{chunks: many, first: sharedMost - 1, fanned: true}, false, false},
	} {
		if got := c.q.crowded(c.full); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
