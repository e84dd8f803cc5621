// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"unsafe"

	"libws/core/config"
	"libws/core/fault"
)

// listenOptions reads where a server listens besides; the front has checked the array.
func listenOptions(o *C.ws_server_config, to *config.ListenOptions) *fault.Error {
	to.ReusePort, to.ListenersOnly = o.flags&C.WS_REUSE_PORT != 0, o.flags&C.WS_LISTENERS_ONLY != 0
	to.OnlyV6 = o.flags&C.WS_IPV6_ONLY != 0
	to.Nowhere = o.flags&C.WS_NO_LISTENERS != 0
	to.TCPKeepAlive = milliseconds(o.tcp_keep_alive_ms)
	for i := range uintptr(o.listener_count) {
		l := element(o.listeners, uintptr(o.listeners.struct_size), i)
		for _, text := range []struct {
			p    *C.char
			name string
		}{{l.ip, "ip"}, {l.path, "path"}} {
			if text.p != nil && *text.p == 0 {
				return fault.Refused(fault.IDListenIP, "config.listeners[%d].%s: is empty; NULL is the default", i, text.name)
			}
		}
		to.Listeners = append(to.Listeners, config.ListenerOptions{
			IP: C.GoString(l.ip), Port: int(l.port), Path: C.GoString(l.path), Mode: int(l.mode),
			Given: l.flags&C.WS_LISTEN_DESCRIPTOR != 0, Descriptor: int(l.descriptor), Backlog: int(l.backlog),
			ReusePort: l.flags&C.WS_LISTEN_REUSE_PORT != 0, Plain: l.flags&C.WS_LISTEN_PLAIN != 0, OnlyV6: l.flags&C.WS_LISTEN_IPV6_ONLY != 0,
			FirstLoop: int(l.first_loop), Loops: int(l.loops)})
	}
	return nil
}

//export wsgo_server_listener
func wsgo_server_listener(handle C.uint64_t, index C.size_t, info *C.ws_listener_info,
	text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	l, err := s.Listener(uint64(index))
	if err != nil {
		return
	}
	if l.Given {
		info.flags |= C.WS_LISTEN_DESCRIPTOR
	}
	if l.Reuses {
		info.flags |= C.WS_LISTEN_REUSE_PORT
	}
	if l.OnlyV6 {
		info.flags |= C.WS_LISTEN_IPV6_ONLY
	}
	if l.Plain {
		info.flags |= C.WS_LISTEN_PLAIN
	}
	info.count, info.listener = C.int32_t(l.Count), C.int32_t(l.Index)
	info.port, info.loop = C.int32_t(l.Port), C.int32_t(l.Loop)
	address := unsafe.Slice((*byte)(unsafe.Pointer(&info.address[0])), len(info.address))
	copy(address[:len(address)-1], l.Address)
	return
}

//export wsgo_server_descriptor
func wsgo_server_descriptor(handle C.uint64_t, index C.size_t, descriptor *C.ws_socket,
	text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	var fd int
	if fd, err = s.Descriptor(uint64(index)); err == nil {
		*descriptor = C.ws_socket(fd)
	}
	return
}

//export wsgo_server_stop_listening
func wsgo_server_stop_listening(handle C.uint64_t, callback, user C.uintptr_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if s := running.Load().host.server(handle); s != nil {
		err = s.StopListening(completion(callback, user))
	}
	return
}
