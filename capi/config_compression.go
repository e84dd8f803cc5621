// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "internal.h"
*/
import "C"

import (
	"fmt"

	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
)

// compression reads what is wanted of permessage-deflate; core checks the numbers. of is the
// host's argument.
func compression(of string, o *C.ws_compression) (*config.Compression, *fault.Error) {
	switch {
	case o == nil:
		return nil, nil
	case o.flags&^(C.WS_TAKEOVER_OUT|C.WS_TAKEOVER_IN) != 0:
		return nil, &fault.Error{ID: fault.IDParameter, Text: fmt.Sprintf("%s.compression.flags: %#x has flags that are not known", of, o.flags)}
	case o.reserved != 0:
		return nil, &fault.Error{ID: fault.IDParameter, Text: fmt.Sprintf("%s.compression.reserved: is %d, not 0", of, o.reserved)}
	}
	return &config.Compression{
		Options: deflate.Options{
			OutTakeover: o.flags&C.WS_TAKEOVER_OUT != 0, InTakeover: o.flags&C.WS_TAKEOVER_IN != 0,
			OutBits: int(o.window_bits_out), InBits: int(o.window_bits_in),
		},
		Level: int(o.level), MinSize: int(o.min_size), Ratio: int(o.max_ratio),
	}, nil
}
