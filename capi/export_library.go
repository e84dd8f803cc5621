// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <queue.h>
#include <runtime.h>
*/
import "C"

import (
	"libws/core/config"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

//export wsgo_init
func wsgo_init(o *C.ws_init_options, text *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, text, &err)
	starting.Lock()
	defer starting.Unlock()
	if running.Load() != nil && !ended {
		err = fault.Refused(fault.IDState, "the library has started already; ws_init comes before the first create call")
		return
	}
	_, err = start(&host{log: o.log, logUser: o.log_user_data}, config.Library{
		Loops: int(o.loops), Budget: int64(o.memory_budget), LogLevel: journal.Level(o.log_level),
		LogLines: int(o.log_lines_per_second),
		Engine:   loop.Kind(o.engine),
	})
	return
}

// wsgo_shutdown begins the end of the library; wsx_shutdown waits for it. No handle is made any
// more when it returns.
//
//export wsgo_shutdown
func wsgo_shutdown() {
	defer quiet()
	l, again := endStarts()
	if again {
		return
	}
	if l == nil {
		C.wsx_tell_over()
		return
	}
	l.engine.Refuse() // now: the caller says next that queues without users have ended
	go func() {
		defer quiet()
		defer C.wsx_tell_over() // after a panic, too: nobody may wait for ever
		l.engine.Shutdown(-1)
	}()
}

//export wsgo_stats
func wsgo_stats(o *C.ws_stats, text *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, text, &err)
	l := running.Load()
	if l == nil {
		return
	}
	s := l.engine.Stats()
	o.loops = C.int32_t(s.Loops)
	o.connections, o.connections_peak, o.connection_limit = C.int64_t(s.Open), C.int64_t(s.Peak), C.int64_t(s.Ceiling)
	o.accepted, o.refused = C.uint64_t(s.Accepted), C.uint64_t(s.Refused)
	o.unheard, o.relieved, o.dropped = C.uint64_t(s.Unheard), C.uint64_t(s.Relieved), C.uint64_t(s.Dropped)
	o.uptime_us, o.loop_cpu_us = C.uint64_t(s.Uptime.Microseconds()), C.uint64_t(s.CPU.Microseconds())
	o.replaced = C.uint64_t(s.Replaced)
	o.log_suppressed, o.defects = C.uint64_t(s.Suppressed), C.uint64_t(s.Panics)
	C.wsx_queue_totals(&o.queued_events, &o.queued_bytes)
	o.memory_budget, o.memory_used = C.int64_t(s.Budget), C.int64_t(s.Used)
	return
}

//export wsgo_flush
func wsgo_flush(loop C.uint32_t) {
	defer quiet()
	if l := running.Load(); l != nil {
		l.engine.Flush(uint32(loop))
	}
}

// wsgo_memory_relaxed is called when so much was given back that there is room again.
//
//export wsgo_memory_relaxed
func wsgo_memory_relaxed() {
	defer quiet()
	if l := running.Load(); l != nil {
		l.engine.Relaxed()
	}
}
