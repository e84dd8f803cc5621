// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <relay.h>
#include <thread.h>
*/
import "C"

import (
	"runtime/cgo"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/relay"
	"libws/core/shelf"
)

//export wsgo_server_set_relay
func wsgo_server_set_relay(handle C.uint64_t, o *C.ws_relay, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	err = s.SetRelay(config.Relay{Refuse: o.flags&C.WS_RELAY_REFUSE != 0, Interest: o.on_interest != nil,
		MaxMessages: int64(o.max_messages), MaxBytes: int64(o.max_bytes), Drain: milliseconds(o.drain_timeout_ms),
		Returning: patterns(C.GoString(o.returning))},
		func(r *core.Relay) *fault.Error {
			known := cgo.NewHandle(r)
			if failed := C.wsx_relay_begin(handle, o, C.uintptr_t(known)); failed != 0 {
				known.Delete()
				return fault.Refused(fault.IDUnknown, "relay: starting its thread: %v", syscall.Errno(failed))
			}
			return nil
		})
	return
}

// patterns parts a list.
func patterns(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

//export wsgo_server_end_relay
func wsgo_server_end_relay(handle C.uint64_t, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	if s := running.Load().host.server(handle); s != nil {
		err = nil
		s.EndRelay()
	}
	return
}

// wsgo_relay_next waits for what a relay gets next, which is good until the next call.
//
//export wsgo_relay_next
func wsgo_relay_next(known C.uintptr_t, out *C.wsx_relay_item) (kind C.int32_t) {
	defer quiet()
	item, some := cgo.Handle(known).Value().(*core.Relay).Next()
	switch {
	case !some:
		out.kind = C.WSX_RELAY_OVER
	case item.Name != "":
		out.kind = C.WSX_RELAY_INTEREST
		interestTo(out, &item.Interest)
	default:
		out.kind = C.WSX_RELAY_MESSAGE
		messageTo(&out.message, &item.Message)
	}
	return C.int32_t(out.kind)
}

func messageTo(out *C.ws_relay_message, m *relay.Message) {
	*out = C.ws_relay_message{struct_size: C.sizeof_ws_relay_message, _type: C.int32_t(m.Op),
		priority: C.int32_t(m.Priority), data: unsafe.Pointer(unsafe.SliceData(m.Data)), size: C.size_t(len(m.Data)),
		key: C.uint64_t(m.Key), time_ms: C.int64_t(m.At.UnixMilli())}
	if m.Broadcast {
		out.broadcast = 1
		return
	}
	out.topic, out.topic_size = unsafe.Pointer(unsafe.SliceData(m.Topic)), C.size_t(len(m.Topic))
}

func interestTo(out *C.wsx_relay_item, i *relay.Interest) {
	name := unsafe.Slice((*byte)(unsafe.Pointer(&out.name[0])), len(out.name))
	name[copy(name[:len(name)-1], i.Name)] = 0
	out.interest = C.ws_relay_interest{struct_size: C.sizeof_ws_relay_interest, name: unsafe.Pointer(&out.name[0]),
		size: C.size_t(len(i.Name))}
	if i.Begins {
		out.interest.begins = 1
	}
	if i.Pattern {
		out.interest.pattern = 1
	}
}

// wsgo_relay_over is the end of a relay: its functions are not called any more.
//
//export wsgo_relay_over
func wsgo_relay_over(known C.uintptr_t) {
	defer quiet()
	h := cgo.Handle(known)
	r := h.Value().(*core.Relay)
	h.Delete()
	r.Over()
}

//export wsgo_relay_deliver
func wsgo_relay_deliver(handle C.uint64_t, m *C.ws_relay_message, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	s := running.Load().host.server(handle)
	if s == nil {
		return
	}
	if err = tooLarge(m.size); err != nil {
		return
	}
	var rank shelf.Rank
	if rank, err = shelf.NewRank(uint64(m.key), int32(m.priority)); err != nil {
		return
	}
	in := relay.Message{Op: ws.OpCode(m._type), Broadcast: m.broadcast != 0, Key: rank.Key, Priority: rank.Priority,
		Topic: bytes(C.uintptr_t(uintptr(m.topic)), m.topic_size), Data: bytes(C.uintptr_t(uintptr(m.data)), m.size)}
	if m.time_ms != 0 {
		in.At = time.UnixMilli(int64(m.time_ms))
	}
	err = s.Deliver(in)
	return
}
