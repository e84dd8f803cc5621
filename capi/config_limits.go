// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws_types.h>
*/
import "C"

import "libws/core/config"

// limitOptions reads which clients a server refuses.
func limitOptions(o *C.ws_server_config) config.ListenLimits {
	return config.ListenLimits{
		Connections: int(o.max_connections), Clients: int(o.max_concurrent_clients_number),
		PerClient: int(o.max_connections_for_one_client), PerMinute: int(o.max_upgrades_per_minute),
		Module: o.flags&C.WS_MODULE_LIMITS != 0,
	}
}
