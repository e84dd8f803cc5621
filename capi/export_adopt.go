// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"net/netip"

	"libws/core"
	"libws/core/border"
	"libws/core/fault"
)

//export wsgo_server_adopt
func wsgo_server_adopt(handle C.uint64_t, o *C.ws_adopt_options, user C.uintptr_t, connection *C.uint64_t,
	out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	a := core.AdoptOptions{Descriptor: int(o.descriptor), Data: bytes(C.uintptr_t(uintptr(o.data)), o.size),
		Upgraded: o.flags&C.WS_ADOPT_UPGRADED != 0}
	if a.Client, err = clientOf(o); err != nil {
		return
	}
	if o.target != nil {
		a.Target = C.GoString(o.target)
	}
	if o.protocol != nil {
		a.Protocol = C.GoString(o.protocol)
	}
	var own uint64
	if own, err = s.Adopt(a, func(b *border.Block) { setUser(b, user) }); err == nil {
		*connection = C.uint64_t(own)
	}
	return
}

// clientOf reads who the host says that the client is.
func clientOf(o *C.ws_adopt_options) (client netip.AddrPort, err *fault.Error) {
	switch {
	case o.client_port < 0 || o.client_port > 65535:
		return client, fault.Refused(fault.IDParameter, "options.client_port: %d is not in 0..65535", o.client_port)
	case o.client_ip == nil && o.client_port != 0:
		return client, fault.Refused(fault.IDParameter, "options.client_port: is given without client_ip")
	case o.client_ip == nil:
		return client, nil
	}
	ip, bad := netip.ParseAddr(C.GoString(o.client_ip))
	if bad != nil {
		return client, fault.Refused(fault.IDParameter, "options.client_ip: %q is no literal IPv4 or IPv6 address", C.GoString(o.client_ip))
	}
	return netip.AddrPortFrom(ip, uint16(o.client_port)), nil // fits: checked above
}
