// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"

	"libws/core/fault"
)

// Floods bounds what costs a server work and its peer nothing. The zero value of a field
// is its default.
type Floods struct {
	Fragments int // frames of one message; 0: no limit
	Controls  int // pings and pongs of a peer in a second; 0: 1000; -1: no limit
}

// DefaultControls is far more than a peer has reason for.
const DefaultControls = 1000

// NoFloods is what a client gets, which has chosen its server.
var NoFloods = Floods{Controls: -1}

// Fill replaces defaults, and what means no limit by 0.
func (f *Floods) Fill() *fault.Error {
	switch {
	case f.Fragments < 0:
		return fault.Refused(fault.IDParameter, "options.max_fragments: %d is less than 0", f.Fragments)
	case f.Controls == 0:
		f.Controls = DefaultControls
	case f.Controls == -1:
		f.Controls = 0
	case f.Controls < 0 || f.Controls > math.MaxUint16:
		return fault.Refused(fault.IDParameter, "options.max_control_frames: %d is not in 1..%d, 0 or -1", f.Controls, math.MaxUint16)
	}
	return nil
}
