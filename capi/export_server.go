// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <handle.h>
#include <thread.h>
*/
import "C"

import (
	"libws/core"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

//export wsgo_server_create
func wsgo_server_create(o *C.ws_server_options, user C.uintptr_t, text *C.wsx_error) (handle C.uint64_t) {
	var err *fault.Error
	var status C.int32_t
	defer result(&status, text, &err)
	l, err := use()
	if err != nil {
		return
	}
	block, err := newHandle(C.WSX_KIND_SERVER, o.queue)
	if err != nil {
		return
	}
	setUser(block, user)
	if o.flags&C.WS_TOPIC_EVENTS != 0 {
		block.WantTopics()
	}
	block.WantRequests(o.flags&C.WS_UPGRADE_EVENTS != 0, o.flags&C.WS_REQUEST_EVENTS != 0)
	mine := block.Handle // as in wsgo_client_create
	options := config.ConnOptions{
		MaxMessage: int64(o.max_message_size), MaxSend: int64(o.max_send_size), MaxFrame: int64(o.max_send_frame), MaxBuffered: int64(o.max_buffered),
		HighWater: int64(o.high_water_mark), LowWater: int64(o.low_water_mark),
		Pieces: o.flags&C.WS_RECEIVE_PARTS != 0, Pings: o.flags&(C.WS_PING_EVENTS|C.WS_MANUAL_PONG) != 0, ManualPong: o.flags&C.WS_MANUAL_PONG != 0,
		KeepRequest: o.flags&C.WS_KEEP_REQUEST != 0, Skip: o.flags&C.WS_SKIP_LARGE != 0, Floods: floods(o),
		Full: config.FullPolicy(o.full_policy), MaxSubscriptions: int(o.max_subscriptions)}
	_, err = l.engine.NewServer(block, options, func(s *core.Server) { l.host.addServer(mine, s) })
	if err != nil {
		l.host.Release(block)
		return
	}
	return C.uint64_t(mine)
}

//export wsgo_server_start
func wsgo_server_start(handle C.uint64_t, o *C.ws_server_config, callback, user C.uintptr_t,
	out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	config := config.ListenOptions{
		Port: int(o.server_port), Timeout: milliseconds(o.handshake_timeout_ms), Backlog: int(o.backlog),
		HTTP: httpOptions(o), Limits: limitOptions(o), Deadlines: deadlines(o)}
	if o.server_ip != nil {
		if config.IP = C.GoString(o.server_ip); config.IP == "" {
			err = fault.Refused(fault.IDListenIP, "config.server_ip: is empty; NULL is the default")
			return
		}
	}
	if config.TLS, err = serverTLS(o); err != nil {
		return
	}
	if config.Front, err = frontOptions(o); err != nil {
		return
	}
	if err = listenOptions(o, &config); err != nil {
		return
	}
	config.Compression = compression(o.compression)
	err = s.Start(config, completion(callback, user))
	return
}

//export wsgo_server_set_certificates
func wsgo_server_set_certificates(handle C.uint64_t, first *C.ws_certificate, count C.size_t,
	out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	var pairs []dial.Pair
	if pairs, err = certificates("certificates", first, count); err == nil {
		err = s.SetCertificates(pairs)
	}
	return
}

//export wsgo_server_stop
func wsgo_server_stop(handle C.uint64_t, code C.int32_t, reason *C.char, size C.size_t, timeout C.int32_t,
	given C.uint32_t, callback, user C.uintptr_t, waits C.int32_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	if s := running.Load().host.server(handle); s != nil {
		if err = nil; waits != 0 && s.AwaitStop(completion(callback, user)) {
			return
		}
		err = s.Stop(closeOptions(code, reason, size, timeout, given), completion(callback, user))
	}
	return
}

//export wsgo_server_destroy
func wsgo_server_destroy(handle C.uint64_t) {
	defer quiet()
	if s := running.Load().host.server(handle); s != nil {
		s.Destroy()
	}
}

//export wsgo_server_port
func wsgo_server_port(handle C.uint64_t, port *C.int32_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if s := running.Load().host.server(handle); s != nil {
		var n int
		if n, err = s.Port(); err == nil {
			*port = C.int32_t(n)
		}
	}
	return
}

//export wsgo_server_connections
func wsgo_server_connections(handle C.uint64_t, out *C.uint64_t, capacity C.size_t, count *C.size_t,
	text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	handles := handlesAt(out, capacity)
	err = nil
	n := s.Connections(handles)
	*count = C.size_t(n)
	if n > len(handles) {
		err = fault.Refused(fault.IDBuffer, "capacity: %d handles are needed, there is room for %d", n, capacity)
	}
	return
}
