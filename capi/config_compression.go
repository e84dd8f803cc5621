// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws_types.h>
*/
import "C"

import (
	"libws/core/config"
	"libws/core/deflate"
)

// compression reads what is wanted of permessage-deflate; core checks the numbers.
func compression(o *C.ws_compression) *config.Compression {
	if o == nil {
		return nil
	}
	return &config.Compression{
		Options: deflate.Options{
			OutTakeover: o.flags&C.WS_TAKEOVER_OUT != 0, InTakeover: o.flags&C.WS_TAKEOVER_IN != 0,
			OutBits: int(o.window_bits_out), InBits: int(o.window_bits_in),
		},
		Level: int(o.level), MinSize: int(o.min_size), Ratio: int(o.max_ratio),
	}
}
