// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strings"
	"testing"

	"libws/core/deflate"
	"libws/core/fault"
)

func TestCompressionOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Compression{
		"level": {Level: 10}, "min_size": {MinSize: -1}, "max_ratio": {Ratio: -2},
		"window_bits_out": {Options: deflate.Options{OutBits: 16}}, "window_bits_in": {Options: deflate.Options{InBits: 7}},
	} {
		if _, err := o.Fill("options.compression"); err == nil || err.ID != fault.IDParameter || !strings.HasPrefix(err.Text, "options.compression."+name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o, err := (&Compression{}).Fill(""); err != nil || o.Level != 1 || o.Worth(false) != 256 || o.Worth(true) != 32 || !slices.Equal([]int{o.OutBits, o.InBits, o.Ratio}, []int{15, 15, 0}) {
		t.Errorf("%+v, %v", o, err)
	}
}
