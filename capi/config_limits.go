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

// limitOptions reads whom a server refuses.
func limitOptions(o *C.ws_server_config) (core.ListenLimits, *core.Error) {
	const known = C.WS_MODULE_LIMITS
	if o.flags&^known != 0 {
		return core.ListenLimits{}, &core.Error{ID: core.IDParameter, Text: fmt.Sprintf("config.flags: %#x has flags that are not known; known are %#x", o.flags, known)}
	}
	return core.ListenLimits{
		Connections: int(o.max_connections), Clients: int(o.max_concurrent_clients_number),
		PerClient: int(o.max_connections_for_one_client), PerMinute: int(o.max_upgrades_per_minute),
		Module: o.flags&C.WS_MODULE_LIMITS != 0,
	}, nil
}
