// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "internal.h"
*/
import "C"

import (
	"unsafe"

	"libws/core"
)

// The structs that both languages read and write have the same size; a
// difference does not compile. layout_test.go compares every offset.
var (
	_ [unsafe.Sizeof(C.wsx_block{})]byte   = [unsafe.Sizeof(core.Block{})]byte{}
	_ [unsafe.Sizeof(C.wsx_record{})]byte  = [unsafe.Sizeof(core.Record{})]byte{}
	_ [unsafe.Sizeof(C.wsx_detail{})]byte  = [unsafe.Sizeof(core.Detail{})]byte{}
	_ [unsafe.Sizeof(C.wsx_outbox{})]byte  = [unsafe.Sizeof(core.Outbox{})]byte{}
	_ [unsafe.Sizeof(C.wsx_segment{})]byte = [core.SegmentSize]byte{}
)
