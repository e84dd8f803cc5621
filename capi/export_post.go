// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <handle.h>
#include <thread.h>
*/
import "C"

import (
	"time"

	"libws/core/fault"
)

func isQueue(handle C.uint64_t) bool {
	return handle>>(C.WSX_INDEX_BITS+C.WSX_GEN_BITS) == C.WSX_KIND_QUEUE
}

// wsgo_post lets a function of the host run later; a queue has counted it already.
//
//export wsgo_post
func wsgo_post(target C.uint64_t, delay C.int64_t, callback, user C.uintptr_t, id *C.uint64_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(target)
	defer result(&status, text, &err)
	var made uint64
	wait := time.Duration(delay) * time.Millisecond
	if isQueue(target) {
		var l *library
		if l, err = use(); err == nil {
			made, err = l.engine.PostToQueue(uint64(target), wait, completion(callback, user))
		}
	} else if c := running.Load().host.connection(target); c != nil {
		made, err = c.Post(wait, completion(callback, user))
	}
	if err == nil {
		*id = C.uint64_t(made)
	}
	return
}

//export wsgo_post_cancel
func wsgo_post_cancel(target, id C.uint64_t, text *C.wsx_error) (status C.int32_t) {
	err := stale(target)
	defer result(&status, text, &err)
	if isQueue(target) {
		err = &fault.Error{ID: fault.IDState, Text: "id: nothing was posted to this queue"}
		if l := running.Load(); l != nil {
			err = l.engine.CancelPostToQueue(uint64(target), uint64(id))
		}
	} else if c := running.Load().host.connection(target); c != nil {
		err = c.CancelPost(uint64(id))
	}
	return
}

// wsgo_post_done tells that a function that was posted to a queue has returned.
//
//export wsgo_post_done
func wsgo_post_done() {
	defer quiet()
	running.Load().engine.PostDone()
}
