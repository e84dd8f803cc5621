// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

/*
#include <stdlib.h>
#include <front.h>
*/
import "C"

import (
	"io/fs"
	"syscall"
	"unsafe"

	"libws/core/dial"
)

func init() { dial.ReadFile = readFile }

// readFile reads up to most bytes of a file, and one more when there are more.
func readFile(path string, most int) ([]byte, error) {
	var size C.size_t
	var errno C.int
	var opened C.bool
	data := C.wsx_read_file((*C.char)(cText(path)), C.size_t(most), &size, &errno, &opened)
	if data == nil {
		op := "open"
		if opened {
			op = "read"
		}
		return nil, &fs.PathError{Op: op, Path: path, Err: syscall.Errno(errno)}
	}
	defer C.wsx_free_file(data, size)
	return append(make([]byte, 0, size), unsafe.Slice((*byte)(unsafe.Pointer(data)), size)...), nil
}
