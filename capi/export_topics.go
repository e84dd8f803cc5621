// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core"
	"libws/core/fault"
	"libws/core/shelf"
)

//export wsgo_subscribe
func wsgo_subscribe(handle C.uint64_t, topic C.uintptr_t, size C.size_t, wanted, pattern C.int32_t,
	text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	name := bytes(topic, size)
	switch {
	case wanted != 0 && pattern != 0:
		err = c.SubscribePattern(name)
	case wanted != 0:
		err = c.Subscribe(name)
	case pattern != 0:
		err = c.UnsubscribePattern(name)
	default:
		err = c.Unsubscribe(name)
	}
	return
}

//export wsgo_topic_subscribers
func wsgo_topic_subscribers(handle C.uint64_t, topic C.uintptr_t, size C.size_t, out *C.uint64_t, capacity C.size_t,
	count *C.size_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	handles := handlesAt(out, capacity)
	var n int
	if n, err = s.Subscribers(bytes(topic, size), handles); err != nil {
		return
	}
	*count = C.size_t(n)
	if n > len(handles) && out != nil {
		err = fault.Refused(fault.IDBuffer, "capacity: %d handles are needed, there is room for %d", n, capacity)
	}
	return
}

//export wsgo_is_subscribed
func wsgo_is_subscribed(handle C.uint64_t, topic C.uintptr_t, size C.size_t, how *C.int32_t,
	text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		var found int
		if found, err = c.Subscribed(bytes(topic, size)); err == nil {
			*how = C.int32_t(found) // fits: two bits
		}
	}
	return
}

//export wsgo_subscriptions
func wsgo_subscriptions(handle C.uint64_t, buffer unsafe.Pointer, capacity C.size_t, size *C.size_t,
	text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	var to []byte
	if capacity > 0 {
		to = unsafe.Slice((*byte)(buffer), min(uint64(capacity), 1<<40))
	}
	err = nil
	n := c.Subscriptions(to)
	*size = C.size_t(n)
	if n > len(to) && buffer != nil {
		err = fault.Refused(fault.IDBuffer, "capacity: %d bytes are needed, there is room for %d", n, capacity)
	}
	return
}

// wsgo_publish sends to the subscribers of a topic, to all when topic is 0.
//
//export wsgo_publish
func wsgo_publish(handle C.uint64_t, topic C.uintptr_t, topicSize C.size_t, data C.uintptr_t, size C.size_t,
	kind C.int32_t, except C.uint64_t, options *C.ws_send_options, recipients *C.size_t,
	text *C.wsx_error) (status C.int32_t) {
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
	var rank shelf.Rank
	if options != nil {
		if rank, err = shelf.NewRank(uint64(options.key), int32(options.priority)); err != nil {
			return
		}
	}
	var left *core.Conn
	if except != 0 {
		left = h.connection(except)
	}
	var n int
	if topic != 0 {
		n, err = s.PublishWith(bytes(topic, topicSize), bytes(data, size), ws.OpCode(kind), left, rank)
	} else {
		n, err = s.BroadcastWith(bytes(data, size), ws.OpCode(kind), left, rank)
	}
	if err == nil && recipients != nil {
		*recipients = C.size_t(n)
	}
	return
}
