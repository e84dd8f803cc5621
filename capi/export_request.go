// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"libws/core"
	"libws/core/config"
	"libws/core/handshake"
)

//export wsgo_accept
func wsgo_accept(handle C.uint64_t, o *C.ws_accept_options, out *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, out, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	var a core.AcceptOptions
	if a.Fields, err = headers("options", o.headers, o.header_count); err != nil {
		return
	}
	if o.protocol != nil {
		p := C.GoString(o.protocol)
		a.Protocol = &p
	}
	a.Unpacked = o.flags&C.WS_NO_COMPRESSION != 0
	a.Limits = config.ConnOptions{
		MaxMessage: int64(o.max_message_size), MaxSend: int64(o.max_send_size), MaxBuffered: int64(o.max_buffered),
		HighWater: int64(o.high_water_mark), LowWater: int64(o.low_water_mark)}
	a.Silence = config.Silence{
		Ping: milliseconds(o.ping_interval_ms), Pong: milliseconds(o.pong_timeout_ms),
		Idle: milliseconds(o.idle_timeout_ms), Write: milliseconds(o.write_timeout_ms)}
	err = c.Accept(a)
	return
}

//export wsgo_respond
func wsgo_respond(handle C.uint64_t, o *C.ws_response, out *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, out, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	body := bytes(C.uintptr_t(uintptr(o.body)), o.body_size)
	p := handshake.Reply{Status: int(o.status), Body: body, Close: o.flags&C.WS_LAST_RESPONSE != 0}
	if p.Status == 0 {
		p.Status = 200
	}
	if p.Fields, err = headers("response", o.headers, o.header_count); err == nil {
		err = c.Respond(p)
	}
	return
}

// httpOptions reads how a server answers requests.
func httpOptions(o *C.ws_server_config) config.HTTPOptions {
	h := config.HTTPOptions{
		Decision: milliseconds(o.decision_timeout_ms), KeepAlive: milliseconds(o.keep_alive_timeout_ms),
		MaxHead: int(o.max_head_size), MaxBody: int(o.max_body_size), Unsafe: o.flags&C.WS_HTTP_ORIGINS != 0,
		Required: o.flags&C.WS_REQUIRE_PROTOCOL != 0}
	if o.protocol != nil {
		h.Protocols = C.GoString(o.protocol)
	}
	if o.origins != nil {
		h.Origins = C.GoString(o.origins)
	}
	if o.health_path != nil {
		if h.Health = C.GoString(o.health_path); h.Health == "" {
			h.Health = " " // is refused by its name
		}
	}
	if o.hosts != nil {
		h.Hosts = C.GoString(o.hosts)
	}
	return h
}
