// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"syscall"
	"time"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/shelf"
)

// tooLarge refuses what is more than core counts.
func tooLarge(size C.size_t) *fault.Error {
	if uint64(size) > config.MaxSend {
		return fault.Refused(fault.IDTooLarge, "size: %d bytes are more than any message may have, %d", size,
			int64(config.MaxSend))
	}
	return nil
}

//export wsgo_send
func wsgo_send(handle C.uint64_t, data C.uintptr_t, size C.size_t, kind, inside C.int32_t, callback, user C.uintptr_t,
	text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if large := tooLarge(size); large != nil {
		err = large
	} else if c := running.Load().host.connection(handle); c != nil && inside != 0 {
		err = c.SendInside(ws.OpCode(kind), bytes(data, size), completion(callback, user))
	} else if c != nil {
		err = c.Send(ws.OpCode(kind), bytes(data, size), completion(callback, user))
	}
	return
}

//export wsgo_send_by_queue
func wsgo_send_by_queue(handle C.uint64_t, data C.uintptr_t, size C.size_t, kind C.int32_t, callback, user C.uintptr_t,
	waits *C.int32_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if large := tooLarge(size); large != nil {
		err = large
	} else if c := running.Load().host.connection(handle); c != nil {
		var held bool
		if held, err = c.SendByQueue(ws.OpCode(kind), bytes(data, size), completion(callback, user)); held {
			*waits = 1
		}
	}
	return
}

//export wsgo_let_go
func wsgo_let_go(handles *C.uint64_t, count C.size_t) {
	defer quiet()
	var all loop.Later
	defer all.End()
	for _, handle := range unsafe.Slice(handles, count) {
		letGo(handle, &all)
	}
}

// letGo keeps what goes wrong with a connection from others.
func letGo(handle C.uint64_t, all *loop.Later) {
	defer quiet()
	if c := running.Load().host.connection(handle); c != nil { // else it has ended meanwhile
		c.LetGo(all)
	}
}

//export wsgo_send_with
func wsgo_send_with(handle C.uint64_t, data C.uintptr_t, size C.size_t, kind C.int32_t, options *C.ws_send_options,
	callback, user C.uintptr_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if large := tooLarge(size); large != nil {
		err = large
		return
	}
	rank, bad := shelf.NewRank(uint64(options.key), int32(options.priority))
	if bad != nil {
		err = bad
	} else if c := running.Load().host.connection(handle); c != nil {
		err = c.SendWith(ws.OpCode(kind), bytes(data, size), rank, completion(callback, user))
	}
	return
}

//export wsgo_sent
func wsgo_sent(handle C.uint64_t, epoch C.uint32_t, frame C.uintptr_t, size C.size_t, sent C.int64_t,
	failed C.int32_t, text *C.wsx_error) (status C.int32_t) {
	var err *fault.Error // a connection that has ended meanwhile is none
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		err = c.SentDirect(uint32(epoch), bytes(frame, size), int(max(sent, 0)), syscall.Errno(failed))
	}
	return
}

//export wsgo_sent_gathered
func wsgo_sent_gathered(handle C.uint64_t, epoch C.uint32_t, size C.uint64_t, sent C.int64_t, failed C.int32_t) {
	defer quiet()
	if c := running.Load().host.connection(handle); c != nil { // else it has ended meanwhile
		c.SentGathered(uint32(epoch), int(size), int(max(sent, 0)), syscall.Errno(failed)) // fits: an outbox has room for it
	}
}

//export wsgo_send_part
func wsgo_send_part(handle C.uint64_t, data C.uintptr_t, size C.size_t, kind, ends C.int32_t, callback,
	user C.uintptr_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if large := tooLarge(size); large != nil {
		err = large
	} else if c := running.Load().host.connection(handle); c != nil {
		err = c.SendPart(ws.OpCode(kind), bytes(data, size), ends != 0, completion(callback, user))
	}
	return
}

//export wsgo_ping
func wsgo_ping(handle C.uint64_t, data C.uintptr_t, size C.size_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		err = c.Ping(bytes(data, size))
	}
	return
}

//export wsgo_pong
func wsgo_pong(handle C.uint64_t, data C.uintptr_t, size C.size_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		err = c.Pong(bytes(data, size))
	}
	return
}

//export wsgo_abort
func wsgo_abort(handle C.uint64_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	if c := running.Load().host.connection(handle); c != nil {
		err = c.Abort()
	}
	return
}

//export wsgo_close
func wsgo_close(handle C.uint64_t, code C.int32_t, reason *C.char, size C.size_t, timeout C.int32_t, given C.uint32_t,
	callback, user C.uintptr_t, out *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, out, &err)
	if c := running.Load().host.connection(handle); c != nil {
		err = c.CloseWith(closeOptions(code, reason, size, timeout, given), completion(callback, user))
	}
	return
}

// closeOptions reads the code and reason of a Close frame.
func closeOptions(code C.int32_t, reason *C.char, size C.size_t, timeout C.int32_t,
	given C.uint32_t) config.CloseOptions {
	silent := given&C.WS_NO_CODE != 0
	if code < 0 || code > 65535 {
		code, silent = 0, false // refused by name
	}
	return config.CloseOptions{
		Code: uint16(code), Silent: silent, Reason: text(reason, size), Cut: given&C.WS_CUT_REASON != 0,
		Timeout: milliseconds(timeout)}
}

//export wsgo_pause
func wsgo_pause(handle C.uint64_t, pause C.int32_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
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
	err := stale(handle)
	defer result(&status, text, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	peer, err := c.Peer()
	if err != nil {
		return
	}
	info.handle = C.ws_handle(handle)
	info.server = C.ws_handle(c.ServerHandle())
	if peer.IsValid() { // else a Unix socket
		info.client_port = C.int32_t(peer.Port())
		ip := unsafe.Slice((*byte)(unsafe.Pointer(&info.client_ip[0])), len(info.client_ip))
		copy(ip[:len(ip)-1], peer.Addr().String())
	}
	return
}

//export wsgo_connection_stats
func wsgo_connection_stats(handle C.uint64_t, out *C.ws_connection_stats, text *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, text, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	err = nil
	s := c.Stats()
	out.reconnects = C.uint32_t(s.Reconnects)
	out.messages_received, out.messages_sent = C.uint64_t(s.MessagesIn), C.uint64_t(s.MessagesOut)
	out.bytes_received, out.bytes_sent = C.uint64_t(s.BytesIn), C.uint64_t(s.BytesOut)
	out.frames_received, out.frames_sent = C.uint64_t(s.FramesIn), C.uint64_t(s.FramesOut)
	out.pings_received, out.pings_sent = C.uint64_t(s.PingsIn), C.uint64_t(s.PingsOut)
	out.messages_skipped = C.uint64_t(s.Skipped)
	out.messages_replaced = C.uint64_t(s.Replaced)
	out.messages_dropped = C.uint64_t(s.Dropped)
	out.pongs_received = C.uint64_t(s.PongsIn)
	out.buffered_peak = C.uint64_t(s.QueuePeak)
	if out.round_trip_us = -1; s.RoundTrip > 0 {
		out.round_trip_us = C.int64_t(s.RoundTrip.Microseconds())
	}
	for _, step := range []struct {
		to   *C.int64_t
		took time.Duration
	}{{&out.resolve_us, s.Took.Resolve}, {&out.connect_us, s.Took.Connect}, {&out.tls_us, s.Took.TLS}, {&out.upgrade_us, s.Took.Upgrade}} {
		if *step.to = -1; step.took >= 0 {
			*step.to = C.int64_t(step.took.Microseconds())
		}
	}
	if !s.Opened.IsZero() {
		out.connected_at_ms = C.int64_t(s.Opened.UnixMilli())
	}
	return
}

//export wsgo_connection_text
func wsgo_connection_text(handle C.uint64_t, which C.int32_t, buffer *C.char, capacity C.size_t, size *C.size_t,
	out *C.wsx_error) (status C.int32_t) {
	err := stale(handle)
	defer result(&status, out, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	var s string
	if s, err = c.Text(core.TextKind(which)); err != nil {
		return
	}
	*size = C.size_t(len(s))
	if uint64(capacity) <= uint64(len(s)) {
		if capacity > 0 || buffer != nil {
			err = fault.Refused(fault.IDBuffer, "capacity: %d bytes are needed, there is room for %d", len(s)+1, capacity)
		}
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), len(s)+1)
	b[copy(b, s)] = 0
	return
}
