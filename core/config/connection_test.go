// SPDX-License-Identifier: Apache-2.0

package config

import "testing"

// Limits are what was wanted, and no more than an int counts on this system.
func TestLimitsFitTheSystem(t *testing.T) {
	t.Parallel()
	wide := ConnOptions{MaxMessage: -1, MaxBuffered: MaxMessage, HighWater: MaxMessage, LowWater: MaxMessage - 1}
	if err := wide.Fill(); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{wide.MaxMessage, wide.MaxSend, wide.MaxBuffered, wide.HighWater, wide.LowWater + 1} {
		if n != MaxSend || int64(int(n)) != n {
			t.Errorf("%+v", wide)
		}
	}
}
