// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "internal.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core"
)

//export wsgo_client_create
func wsgo_client_create(o *C.ws_create_options, user C.uintptr_t, text *C.wsx_error) (handle C.uint64_t) {
	var err *core.Error
	var status C.int32_t
	defer result(&status, text, &err)
	if o.flags != 0 {
		err = &core.Error{ID: core.IDParameter, Text: "options.flags: no flag is known, must be 0"}
		return
	}
	l, err := use()
	if err != nil {
		return
	}
	block := acquire(C.WSX_KIND_CLIENT, 0)
	if block == nil {
		err = errNoHandle
		return
	}
	if err = join(block, o.queue); err != nil {
		release(block)
		return
	}
	c, err := l.engine.NewClient(block, core.ConnOptions{MaxMessage: int64(o.max_message_size), MaxBuffered: int64(o.max_buffered),
		HighWater: int64(o.high_water_mark), LowWater: int64(o.low_water_mark)})
	if err != nil {
		release(block)
		return
	}
	setUser(block, user)
	l.host.conns.put(block.Slot, c)
	return C.uint64_t(block.Handle)
}

var errNoHandle = &core.Error{ID: core.IDMemory, Text: "no handle is left, or no memory for it"}

func setUser(b *core.Block, user C.uintptr_t) {
	(*C.wsx_block)(unsafe.Pointer(b)).user_data = user
}

//export wsgo_client_connect
func wsgo_client_connect(handle C.uint64_t, url *C.char, size C.size_t, o *C.ws_connect_options, callback, user C.uintptr_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	if c := running.Load().host.connection(handle); c != nil {
		config := core.ConnectOptions{Timeout: milliseconds(o.handshake_timeout_ms)}
		config.TLS.SkipVerify = o.skip_server_cert_verification != 0
		if o.ca_path != nil {
			if config.TLS.CAFile = C.GoString(o.ca_path); config.TLS.CAFile == "" {
				err = &core.Error{ID: core.IDParameter, Text: "options.ca_path: is empty; NULL is the default"}
				return
			}
		}
		err = c.Connect(text(url, size), config, completion(callback, user))
	}
	return
}

//export wsgo_send
func wsgo_send(handle C.uint64_t, data C.uintptr_t, size C.size_t, kind C.int32_t, callback, user C.uintptr_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if size > core.MaxSend {
		err = &core.Error{ID: core.IDTooLarge, Text: fmt.Sprintf("size: %d bytes are more than any message may have, %d", size, core.MaxSend)}
		return
	}
	if c := running.Load().host.connection(handle); c != nil {
		err = c.Send(ws.OpCode(kind), bytes(data, size), completion(callback, user))
	}
	return
}

//export wsgo_close
func wsgo_close(handle C.uint64_t, code C.int32_t, reason *C.char, size C.size_t, callback, user C.uintptr_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	if code < 0 || code > 65535 {
		code = 0 // refused by name
	}
	if c := running.Load().host.connection(handle); c != nil {
		err = c.Close(uint16(code), text(reason, size), completion(callback, user))
	}
	return
}

//export wsgo_pause
func wsgo_pause(handle C.uint64_t, pause C.int32_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		if pause != 0 {
			err = c.Pause()
		} else {
			err = c.Resume()
		}
	}
	return
}

//export wsgo_destroy
func wsgo_destroy(handle C.uint64_t) {
	defer quiet()
	if c := running.Load().host.connection(handle); c != nil {
		c.Destroy()
	}
}

//export wsgo_connection_info
func wsgo_connection_info(handle C.uint64_t, info *C.ws_connection, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	peer := c.Peer()
	if !peer.IsValid() {
		err = &core.Error{ID: core.IDState, Text: "handle: was never connected"}
		return
	}
	err = nil
	info.handle = C.ws_handle(handle)
	info.server = C.ws_handle(c.ServerHandle())
	info.client_port = C.int32_t(peer.Port())
	ip := unsafe.Slice((*byte)(unsafe.Pointer(&info.client_ip[0])), len(info.client_ip))
	copy(ip[:len(ip)-1], peer.Addr().String())
	return
}
