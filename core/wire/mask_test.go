// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"sync"
	"testing"
)

// 2000 masks come out of more than one draw from the system, and two of them
// are equal with a probability of 1 in 2000.
func TestMasksOfManyThreadsAreAllDifferent(t *testing.T) {
	t.Parallel()
	const threads, each = 4, 500
	drawn := make([][4]byte, threads*each)
	var wg sync.WaitGroup
	for i := range threads {
		wg.Go(func() {
			var own Masks
			for j := range each {
				if j%2 == 0 {
					drawn[i*each+j] = NewMask()
				} else {
					drawn[i*each+j] = own.Next()
				}
			}
		})
	}
	wg.Wait()
	seen := map[[4]byte]int{}
	var bits [32]int
	for _, m := range drawn {
		seen[m]++
		for b := range bits {
			bits[b] += int(m[b/8] >> (b % 8) & 1)
		}
	}
	if len(seen) < len(drawn)-3 {
		t.Errorf("only %d of %d masks are different", len(seen), len(drawn))
	}
	for b, n := range bits {
		if n < 700 || n > 1300 {
			t.Errorf("bit %d is set in %d of %d masks", b, n, len(drawn))
		}
	}
}
