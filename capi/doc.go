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
// include/ws.h is generated from the fronts.
//
// What core wants to know of libc it asks of package net, which would decide again whether to
// ask libc, by rules that do not know systems without /etc/resolv.conf; so it is told.
//
//go:debug netdns=cgo
package main

//go:generate go run ./genheader

/*
#cgo CFLAGS: -I${SRCDIR}/../include -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wconversion -fvisibility=hidden
#include "internal.h"
*/
import "C"

func main() {} // c-shared wants one; it never runs
