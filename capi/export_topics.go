// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "thread.h"
*/
import "C"

import (
	"github.com/gobwas/ws"

	"libws/core"
)

//export wsgo_subscribe
func wsgo_subscribe(handle C.uint64_t, topic C.uintptr_t, size C.size_t, wanted C.int32_t,
	text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		if wanted != 0 {
			err = c.Subscribe(bytes(topic, size))
		} else {
			err = c.Unsubscribe(bytes(topic, size))
		}
	}
	return
}

// wsgo_publish sends to the subscribers of a topic, to all when topic is 0.
//
//export wsgo_publish
func wsgo_publish(handle C.uint64_t, topic C.uintptr_t, topicSize C.size_t, data C.uintptr_t, size C.size_t,
	kind C.int32_t, except C.uint64_t, recipients *C.size_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	h := running.Load().host
	s := h.server(handle)
	if s == nil {
		return
	}
	if err = tooLarge(size); err != nil {
		return
	}
	var left *core.Conn
	if except != 0 {
		left = h.connection(except)
	}
	var n int
	if topic != 0 {
		n, err = s.Publish(bytes(topic, topicSize), bytes(data, size), ws.OpCode(kind), left)
	} else {
		n, err = s.Broadcast(bytes(data, size), ws.OpCode(kind), left)
	}
	if err == nil && recipients != nil {
		*recipients = C.size_t(n)
	}
	return
}
