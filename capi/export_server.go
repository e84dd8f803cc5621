// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "internal.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"libws/core"
)

//export wsgo_server_create
func wsgo_server_create(o *C.ws_server_options, user C.uintptr_t, text *C.wsx_error) (handle C.uint64_t) {
	var err *core.Error
	var status C.int32_t
	defer result(&status, text, &err)
	l, block, err := begin(C.WSX_KIND_SERVER, o.flags, C.WS_RECEIVE_PARTS|C.WS_PING_EVENTS, o.queue, user)
	if err != nil {
		return
	}
	s, err := l.engine.NewServer(block, limits(o.max_message_size, o.max_send_size, o.max_buffered, o.high_water_mark, o.low_water_mark, o.flags))
	if err != nil {
		release(block)
		return
	}
	l.host.mu.Lock()
	l.host.servers[block.Handle] = s
	l.host.mu.Unlock()
	return C.uint64_t(block.Handle)
}

//export wsgo_server_start
func wsgo_server_start(handle C.uint64_t, o *C.ws_server_config, callback, user C.uintptr_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	config := core.ListenOptions{Port: int(o.server_port), Timeout: milliseconds(o.handshake_timeout_ms), Backlog: int(o.backlog)}
	if o.server_ip != nil {
		if config.IP = C.GoString(o.server_ip); config.IP == "" {
			err = &core.Error{ID: core.IDListenIP, Text: "config.server_ip: is empty; NULL is the default"}
			return
		}
	}
	if (o.cert_path == nil) != (o.key_path == nil) {
		err = &core.Error{ID: core.IDParameter, Text: "config.cert_path, config.key_path: one is NULL; TLS needs both"}
		return
	}
	if o.cert_path != nil {
		config.Cert, config.Key = C.GoString(o.cert_path), C.GoString(o.key_path)
	}
	err = s.Start(config, completion(callback, user))
	return
}

//export wsgo_server_stop
func wsgo_server_stop(handle C.uint64_t, callback, user C.uintptr_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if s := running.Load().host.server(handle); s != nil {
		err = s.Stop(completion(callback, user))
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
func wsgo_server_connections(handle C.uint64_t, out *C.uint64_t, capacity C.size_t, count *C.size_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	var handles []uint64
	if capacity > 0 {
		handles = unsafe.Slice((*uint64)(unsafe.Pointer(out)), min(uint64(capacity), 1<<C.WSX_INDEX_BITS))
	}
	err = nil
	n := s.Connections(handles)
	*count = C.size_t(n)
	if n > len(handles) {
		err = &core.Error{ID: core.IDBuffer, Text: fmt.Sprintf("capacity: %d handles are needed, there is room for %d", n, capacity)}
	}
	return
}
