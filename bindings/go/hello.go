// SPDX-License-Identifier: Apache-2.0

// A whole conversation by a queue that is polled: a server and a client in one program.
//
//	CGO_CFLAGS="$(pkg-config --cflags libws)" CGO_LDFLAGS="$(pkg-config --libs libws)" go run hello.go
package main

/*
#cgo LDFLAGS: -lws
#include <stdlib.h>
#include <libws/ws.h>

// WS_COMPLETION_POLL is the number 1 as a pointer, which Go's stack may not hold: so calls with it are made in C.
static int32_t send_polled(ws_handle h, const void *data, size_t size) { return ws_send(h, data, size, WS_TEXT, WS_COMPLETION_POLL, NULL); }
static int32_t close_polled(ws_handle h) { return ws_close(h, NULL, WS_COMPLETION_POLL, NULL); }
*/
import "C"

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"unsafe"
)

// must makes a call, and takes its reason on the same thread: ws_last_error is each thread's own.
func must(call func() C.int32_t) {
	if call() != C.WS_OK {
		log.Fatal(C.GoString(C.ws_last_error()))
	}
}

// text sends a text, which C copies before it returns.
func text(s string, call func(data unsafe.Pointer, size C.size_t) C.int32_t) {
	must(func() C.int32_t { return call(unsafe.Pointer(unsafe.StringData(s)), C.size_t(len(s))) })
}

func main() {
	// For ws_last_error, and because a wait polls the queue itself only on the thread that has polled it last.
	runtime.LockOSThread()

	queue := C.ws_queue_create(nil)

	serverOptions := C.ws_server_options{struct_size: C.sizeof_ws_server_options, queue: queue}
	server := C.ws_server_create(&serverOptions)
	ip := C.CString("127.0.0.1") // options hold pointers, so these are to memory of C
	defer C.free(unsafe.Pointer(ip))
	config := C.ws_server_config{struct_size: C.sizeof_ws_server_config, server_ip: ip} // server_port 0: any free port
	must(func() C.int32_t { return C.ws_server_start(server, &config, nil, nil) })
	var port C.int32_t
	must(func() C.int32_t { return C.ws_server_port(server, &port) })

	options := C.ws_create_options{struct_size: C.sizeof_ws_create_options, queue: queue}
	client := C.ws_create(&options)
	url := C.CString(fmt.Sprintf("ws://127.0.0.1:%d/", port))
	defer C.free(unsafe.Pointer(url))
	must(func() C.int32_t { return C.ws_connect(client, url, nil, nil, nil) })

	const batch = 64
	room := unsafe.Slice((*C.ws_event)(C.calloc(batch, C.sizeof_ws_event)), batch)
	defer C.free(unsafe.Pointer(&room[0]))
	for over := false; !over; {
		var count C.size_t
		room[0].struct_size = C.sizeof_ws_event
		must(func() C.int32_t { return C.ws_queue_poll(queue, &room[0], batch, -1, &count) })
		for i := range room[:count] {
			over = tell(&room[i]) || over
		}
	}

	must(func() C.int32_t { return C.ws_destroy_wait(client, -1) }) // this thread has polled last: the wait polls
	must(func() C.int32_t { return C.ws_server_destroy_wait(server, -1) })
	must(func() C.int32_t { return C.ws_queue_destroy(queue) })
}

// tell is for one event, whose pointers are valid until the next poll: GoStringN copies. It returns whether all is over.
func tell(e *C.ws_event) bool {
	data := C.GoStringN((*C.char)(e.data), C.int(e.size))
	switch e._type {
	case C.WS_EVENT_OPEN:
		fmt.Printf("on open, status:%d, message:%s\n", e.status, C.GoString(e.text))
		text("Hello, server!", func(d unsafe.Pointer, n C.size_t) C.int32_t { return C.send_polled(e.handle, d, n) })
	case C.WS_EVENT_MESSAGE_RECEIVE:
		fmt.Printf("server: on messageReceive, data:%s\n", data)
		text("bye", func(d unsafe.Pointer, n C.size_t) C.int32_t { return C.ws_send(e.handle, d, n, C.WS_TEXT, nil, nil) })
	case C.WS_EVENT_MESSAGE:
		fmt.Printf("on message, message:%s\n", data)
		if data == "bye" {
			must(func() C.int32_t { return C.close_polled(e.handle) })
		}
	case C.WS_EVENT_COMPLETION:
		name := map[C.int32_t]string{C.WS_OP_SEND: "send", C.WS_OP_CLOSE: "close"}[e.operation]
		if e.error == C.WS_OK {
			fmt.Println(name, "success")
		} else {
			fmt.Printf("%s fail, err:%s\n", name, C.GoString(e.text))
		}
	case C.WS_EVENT_ERROR:
		fmt.Fprintln(os.Stderr, C.GoString(e.text))
		return true
	case C.WS_EVENT_CLOSE:
		if e.server != 0 { // the server's end of the connection
			return false
		}
		fmt.Printf("on close, code is %d, reason is %s\n", e.code, C.GoString(e.reason))
		return true
	}
	return false
}
