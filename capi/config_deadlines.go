// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws_types.h>
*/
import "C"

import "libws/core/config"

// deadlines reads those of the connections of a server; core checks them.
func deadlines(o *C.ws_server_config) config.Silence {
	return config.Silence{
		Ping: milliseconds(o.ping_interval_ms), Pong: milliseconds(o.pong_timeout_ms), Idle: milliseconds(o.idle_timeout_ms),
		Write: milliseconds(o.write_timeout_ms), Strict: o.flags&C.WS_STRICT_PONG != 0}
}

// floods reads the limits on them.
func floods(o *C.ws_server_options) config.Floods {
	return config.Floods{Fragments: int(o.max_fragments), Controls: int(o.max_control_frames)}
}
