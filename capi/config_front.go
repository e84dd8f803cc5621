// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws_types.h>
*/
import "C"

import (
	"libws/core/config"
	"libws/core/fault"
)

// frontOptions reads which proxies are in front of a server; core checks it.
func frontOptions(o *C.ws_server_config) (config.FrontOptions, *fault.Error) {
	f := config.FrontOptions{Source: config.AddressSource(o.client_address)}
	if o.trusted_proxies != nil {
		if f.Trusted = C.GoString(o.trusted_proxies); f.Trusted == "" {
			return f, fault.Refused(fault.IDParameter, "config.trusted_proxies: is empty; NULL is the default")
		}
	}
	return f, nil
}
