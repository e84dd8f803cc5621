// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <queue.h>
*/
import "C"

import (
	"unsafe"

	"libws/core/border"
	"libws/core/fault"
)

// newHandle acquires the block of a client or server whose events go through a queue; 0
// is none.
func newHandle(kind uint32, queue C.ws_handle) (*border.Block, *fault.Error) {
	block := acquire(kind, 0)
	if block == nil {
		return nil, fault.Refused(fault.IDMemory, "no handle is left, or no memory for it")
	}
	if queue == 0 || bool(C.wsx_queue_join((*C.wsx_block)(unsafe.Pointer(block)), queue)) {
		return block, nil
	}
	release(block)
	return nil, fault.Refused(fault.IDHandle, "options.queue: turned stale during the call, or there is no memory for it")
}

// wsgo_queue_not_full is called when a queue has room for more of a connection.
//
//export wsgo_queue_not_full
func wsgo_queue_not_full(handle C.uint64_t) {
	defer quiet()
	if c := running.Load().host.connection(handle); c != nil {
		c.QueueNotFull()
	}
}

// wsgo_queue_mark is called when a dispatcher has come to a mark.
//
//export wsgo_queue_mark
func wsgo_queue_mark(handle C.uint64_t) {
	defer quiet()
	if c := running.Load().host.connection(handle); c != nil {
		c.Delivered()
	}
}

// wsgo_queue_ended is called when the destroyed event of a handle came out of its queue.
//
//export wsgo_queue_ended
func wsgo_queue_ended(handle C.uint64_t) {
	defer quiet()
	host := running.Load().host
	if c := host.connection(handle); c != nil {
		c.Ended()
	} else if s := host.server(handle); s != nil {
		s.Ended()
	}
}

// wsgo_error_unheard tells of an error event of a handle that no listener took.
//
//export wsgo_error_unheard
func wsgo_error_unheard(handle C.uint64_t, text *C.char) {
	defer quiet()
	host := running.Load().host
	if c := host.connection(handle); c != nil {
		c.ErrorUnheard(C.GoString(text))
	} else if s := host.server(handle); s != nil {
		s.ErrorUnheard(C.GoString(text))
	}
}

// wsgo_queue_unheard counts messages that no listener took.
//
//export wsgo_queue_unheard
func wsgo_queue_unheard(messages C.uint32_t) {
	defer quiet()
	running.Load().engine.Unheard(uint32(messages))
}
