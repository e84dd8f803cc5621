// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <queue.h>
*/
import "C"

import (
	"unsafe"

	"libws/core"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/metrics"
)

//export wsgo_server_stats
func wsgo_server_stats(handle C.uint64_t, o *C.ws_server_stats, text *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, text, &err)
	server := running.Load().host.server(handle)
	if server == nil {
		return
	}
	err = nil
	s := server.Stats()
	o.connections, o.connections_peak = C.int64_t(s.Connections), C.int64_t(s.Peak)
	o.accepted, o.upgrades = C.uint64_t(s.Accepted), C.uint64_t(s.Upgraded)
	o.messages_received, o.messages_sent = C.uint64_t(s.MessagesIn), C.uint64_t(s.MessagesOut)
	o.bytes_received, o.bytes_sent = C.uint64_t(s.BytesIn), C.uint64_t(s.BytesOut)
	o.pings_received, o.pings_sent, o.pongs_received = C.uint64_t(s.PingsIn), C.uint64_t(s.PingsOut), C.uint64_t(s.PongsIn)
	o.dropped, o.tls_handshakes, o.tls_failures = C.uint64_t(s.Dropped), C.uint64_t(s.Secured), C.uint64_t(s.Unsecured)
	o.refused_descriptors, o.refused_ceiling = C.uint64_t(s.Descriptors), C.uint64_t(s.Ceiling)
	o.refused_connections, o.refused_clients = C.uint64_t(s.Limit), C.uint64_t(s.Clients)
	o.refused_per_client, o.refused_rate = C.uint64_t(s.Own), C.uint64_t(s.Rate)
	o.refused_bad_requests, o.refused_origins = C.uint64_t(s.BadRequests), C.uint64_t(s.Origins)
	o.refused_late, o.refused_sizes = C.uint64_t(s.Late), C.uint64_t(s.TooLarge)
	o.refused_unavailable = C.uint64_t(s.Unavailable)
	o.left, o.buffered = C.uint64_t(s.Left), C.uint64_t(s.Buffered)
	o.skipped, o.replaced = C.uint64_t(s.Skipped), C.uint64_t(s.Replaced)
	r := &s.Relay
	o.relay_sent, o.relay_delivered = C.uint64_t(r.Sent), C.uint64_t(r.Delivered)
	o.relay_dropped, o.relay_refused = C.uint64_t(r.Dropped), C.uint64_t(r.Refused)
	o.relay_waiting, o.relay_waiting_bytes = C.int64_t(r.Waiting), C.int64_t(r.WaitingBytes)
	o.relay_lag_ms, o.relay_age_ms = C.int64_t(r.Lag.Milliseconds()), C.int64_t(r.Age.Milliseconds())
	o.relay_subscriptions = C.int64_t(r.Subscriptions)
	return
}

//export wsgo_metrics
func wsgo_metrics(handle C.uint64_t, buffer *C.char, capacity C.size_t, size *C.size_t,
	text *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, text, &err)
	var stats metrics.Stats
	var server *core.Server
	if l := running.Load(); l != nil {
		stats = l.engine.Stats()
		server = l.host.server(handle)
	}
	if handle != 0 && server == nil {
		err = errStale
		return
	}
	var named *metrics.Named
	if server != nil {
		n := server.Named()
		named = &n
	}
	var events, waiting C.uint64_t
	C.wsx_queue_totals(&events, &waiting)
	page := metrics.Text(stats, metrics.QueueStats{Events: uint64(events), Bytes: uint64(waiting)}, named)
	*size = C.size_t(len(page))
	switch {
	case capacity > C.size_t(len(page)):
		room := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), len(page)+1)
		room[copy(room, page)] = 0
	case capacity > 0:
		err = fault.Refused(fault.IDBuffer, "capacity: %d bytes and a NUL are needed, there is room for %d", len(page),
			capacity)
	}
	return
}

//export wsgo_set_log_level
func wsgo_set_log_level(level C.int32_t, text *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, text, &err)
	l := running.Load()
	if l == nil {
		err = fault.Refused(fault.IDState, "the library has not started")
		return
	}
	err = l.engine.SetLogLevel(journal.Level(level))
	return
}
