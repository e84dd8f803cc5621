// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// What costs.sh builds, by the library of a build directory.
package main

/*
#cgo LDFLAGS: -lws
#include <stdlib.h>
#include <time.h>
#include <libws/ws.h>

extern void goTell(ws_event *e, void *user);
static inline int32_t post_called(ws_handle q) { return ws_post(q, 0, (ws_callback)goTell, NULL, NULL); }
static inline int32_t post_polled(ws_handle q) { return ws_post(q, 0, WS_COMPLETION_POLL, NULL, NULL); }
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"time"
	"unsafe"
)

const calls, batch, rounds = 200000, 64, 200

var seen int64

//export goTell
func goTell(e *C.ws_event, _ unsafe.Pointer) { seen += int64(e.operation) }

// now is the CPU time of the thread.
func now() time.Duration {
	var t C.struct_timespec
	C.clock_gettime(C.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.tv_sec)*time.Second + time.Duration(t.tv_nsec)
}

func main() {
	runtime.LockOSThread()
	queue, client := C.ws_queue_create(nil), C.ws_create(nil)
	var state C.int32_t
	begin := now()
	for range calls {
		C.ws_state(client, &state)
	}
	call := float64((now() - begin).Nanoseconds()) / calls
	var by [2]time.Duration
	room := unsafe.Slice((*C.ws_event)(C.calloc(batch, C.sizeof_ws_event)), batch)
	for round := range 2 * rounds {
		for range batch {
			if round%2 == 0 {
				C.post_called(queue)
			} else {
				C.post_polled(queue)
			}
		}
		time.Sleep(2 * time.Millisecond) // until all wait in the queue
		begin = now()
		for got := 0; got < batch; {
			var count C.size_t
			if round%2 == 0 {
				C.ws_queue_dispatch(queue, 0, -1, &count)
			} else {
				room[0].struct_size = C.sizeof_ws_event
				C.ws_queue_poll(queue, &room[0], batch, -1, &count)
				for i := range room[:count] {
					seen += int64(room[i].operation)
				}
			}
			got += int(count)
		}
		by[round%2] += now() - begin
	}
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / (batch * rounds) }
	fmt.Printf("%.1f %.1f %.1f\n", call, each(by[0]), each(by[1]))
	C.ws_destroy_wait(client, -1)
	if seen != 2*batch*rounds*C.WS_OP_POST {
		os.Exit(1)
	}
}
