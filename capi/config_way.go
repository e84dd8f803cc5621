// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws.h>
*/
import "C"

import (
	"fmt"

	"libws/core/config"
	"libws/core/fault"
)

// wayOptions reads what a host says of the way to the server; core checks what it says.
func wayOptions(o *C.ws_connect_options, c *config.ConnectOptions) *fault.Error {
	for _, t := range []struct {
		text *C.char
		to   *string
		name string
	}{
		{o.host, &c.Host, "host"}, {o.local_address, &c.Way.Local, "local_address"}, {o.local_interface, &c.Way.Socket.Interface, "local_interface"},
	} {
		if t.text == nil {
			continue
		}
		if *t.to = C.GoString(t.text); *t.to == "" {
			return &fault.Error{ID: fault.IDParameter, Text: fmt.Sprintf("options.%s: is empty; NULL is the default", t.name)}
		}
	}
	if c.Way.Addresses = list(o.connect_address); o.connect_address != nil && c.Way.Addresses == nil {
		return &fault.Error{ID: fault.IDParameter, Text: "options.connect_address: is empty; NULL is the default"}
	}
	c.Way.Family = int(o.address_family)
	c.Way.Socket.KeepAlive, c.Way.Socket.UserTimeout = milliseconds(o.tcp_keepalive_ms), milliseconds(o.tcp_user_timeout_ms)
	switch given := o.flags&C.WS_CONNECTED_DESCRIPTOR != 0; {
	case given:
		number := int(o.connected_descriptor)
		c.Descriptor = &number
	case o.connected_descriptor != 0:
		return &fault.Error{ID: fault.IDParameter, Text: fmt.Sprintf("options.connected_descriptor: %d is given without the flag WS_CONNECTED_DESCRIPTOR", o.connected_descriptor)}
	}
	return nil
}
