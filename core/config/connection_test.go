// SPDX-License-Identifier: Apache-2.0

package config

import (
	"testing"

	"libws/core/fault"
)

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

func TestAMessageIsCheckedByItsLimits(t *testing.T) {
	t.Parallel()
	o := ConnOptions{MaxMessage: 100, MaxSend: 4, MaxBuffered: 100}
	for name, c := range map[string]struct {
		text bool
		data string
		want int32
	}{
		"text":              {true, "h\u00e9", 0},
		"no text":           {true, "\xff", fault.IDParameter},
		"binary":            {false, "\xff\xfe", 0},
		"as much as fits":   {false, "1234", 0},
		"one byte too many": {false, "12345", fault.IDTooLarge},
	} {
		err := o.Carries(c.text, []byte(c.data))
		if (err == nil) != (c.want == 0) || err != nil && err.ID != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !o.Takes(0, 101) || !o.Takes(1, 99) || o.Takes(1, 100) {
		t.Error("one message fits an empty queue, and others as long as there is room")
	}
}
