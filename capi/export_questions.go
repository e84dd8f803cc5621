// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"slices"

	"libws/core"
	"libws/core/border"
	"libws/core/fault"
)

//export wsgo_verify_answer
func wsgo_verify_answer(handle, token C.uint64_t, accept C.int32_t, out *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, out, &err)
	err = running.Load().engine.Answer(uint64(handle), uint64(token), border.EventVerify, core.Answer{Accepts: accept != 0})
	return
}

//export wsgo_sign_answer
func wsgo_sign_answer(handle, token C.uint64_t, signature C.uintptr_t, size C.size_t, out *C.wsx_error) (status C.int32_t) {
	var err *fault.Error
	defer result(&status, out, &err)
	a := core.Answer{}
	if size > 0 {
		a.Signature = slices.Clone(bytes(signature, size))
	}
	err = running.Load().engine.Answer(uint64(handle), uint64(token), border.EventSign, a)
	return
}
