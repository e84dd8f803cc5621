// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "internal.h"
*/
import "C"

import (
	"fmt"

	"libws/core"
)

// serverFlags refuses flags that are not known.
func serverFlags(given C.uint32_t) *core.Error {
	const known = C.WS_STRICT_PONG
	if given&^known != 0 {
		return &core.Error{ID: core.IDParameter, Text: fmt.Sprintf("config.flags: %#x has flags that are not known; known are %#x", given, known)}
	}
	return nil
}

// deadlines reads those of the connections of a server; core checks them.
func deadlines(o *C.ws_server_config) core.Silence {
	return core.Silence{Ping: milliseconds(o.ping_interval_ms), Pong: milliseconds(o.pong_timeout_ms), Idle: milliseconds(o.idle_timeout_ms),
		Write: milliseconds(o.write_timeout_ms), Strict: o.flags&C.WS_STRICT_PONG != 0}
}

// floods reads the limits on them.
func floods(o *C.ws_server_options) core.Floods {
	return core.Floods{Fragments: int(o.max_fragments), Controls: int(o.max_control_frames)}
}
