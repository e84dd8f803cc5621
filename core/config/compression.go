// SPDX-License-Identifier: Apache-2.0

package config

import (
	"libws/core/deflate"
	"libws/core/fault"
)

// Compression is what a client or a server wants of permessage-deflate (RFC 7692). The
// zero value of a field is its default.
type Compression struct {
	deflate.Options
	Level   int // 1..9; 0: 1
	MinSize int // bytes of a message that is worth it; 0: see Worth
	// Ratio is how many times its compressed size a received message may have when it has more
	// than 64 KiB; -1: any; 0: DefaultRatio when it has more than DefaultRatioFrom.
	Ratio int
}

const (
	defaultMinSize  = 256
	takeoverMinSize = 32 // a message that refers to others is worth it sooner
	// The most that DEFLATE makes of a byte is 1032, as of zeros and blanks without end. Real
	// text repeats itself less: tables with many blanks 50 times, the same line of a log or the same
	// record again and again 420 times. What is shorter is no danger, whatever it is.
	DefaultRatio     = 500
	DefaultRatioFrom = 4 << 20
)

// Fill replaces zero values and checks ranges; name is the host's argument. nil is no
// compression.
func (o *Compression) Fill(name string) (*Compression, *fault.Error) {
	if o == nil {
		return nil, nil
	}
	filled := *o
	for _, v := range []struct {
		name           string
		value          *int
		least, most, d int
	}{
		{"level", &filled.Level, 1, 9, 1}, {"min_size", &filled.MinSize, 1, 1 << 30, 0}, {"max_ratio", &filled.Ratio, -1, 1 << 20, 0},
		{"window_bits_out", &filled.OutBits, 8, 15, 15}, {"window_bits_in", &filled.InBits, 8, 15, 15},
	} {
		if *v.value == 0 {
			*v.value = v.d
		} else if *v.value < v.least || *v.value > v.most {
			return nil, fault.Refused(fault.IDParameter, "%s.%s: %d is not in %d..%d or 0", name, v.name, *v.value, v.least, v.most)
		}
	}
	return &filled, nil
}

// Worth is from how many bytes on a message is compressed, by whether it may refer to those before it.
func (o *Compression) Worth(takeover bool) int {
	switch {
	case o.MinSize > 0:
		return o.MinSize
	case takeover:
		return takeoverMinSize
	}
	return defaultMinSize
}
