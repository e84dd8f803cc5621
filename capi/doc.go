// SPDX-License-Identifier: Apache-2.0

// Package main is the C ABI over core: the only package with cgo.
//
// Enter here for handles, listeners, options, error texts and the way of a call
// or an event across the language border. A call comes in through a C front
// (front_*.c), which checks handles and options and takes the fast path of
// ws_send; the rest enters Go by a hidden export (wsgo_*), which does three
// things: check, call core, translate the error. Events go out in batches by
// one call into dispatch.c, which runs callbacks or hands them to queues
// (queue.h). No rule of WebSocket lives here.
//
// The headers, from the bottom: shared.h (the structs that Go reads, too) and
// thread.h (a thread's error text, and the gate between C and Go), handle.h (the
// table of handles), runtime.h (how Go starts), shape.h (sizes, flags and reserved
// members of public structs), dispatch.h (callbacks and
// listeners), queue.h, exports.h (what Go offers to C) and front.h (what a front
// begins with). The C files use each other in one direction only.
//
// include/libws/ws.h is generated from the fronts.
package main

//go:generate go run ./genheader

/*
#cgo CFLAGS: -I${SRCDIR}/../include -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wconversion -fvisibility=hidden
#include "exports.h"
*/
import "C"

func main() {} // c-shared wants one; it never runs
