// SPDX-License-Identifier: Apache-2.0

package config

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var globalMemoryStatusEx = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")

// totalMemory is that of the machine, 0 when it is not known. (A job object's
// limit is not looked at.)
func totalMemory() int64 {
	status := struct { // MEMORYSTATUSEX
		length, load uint32
		total        uint64
		_            [6]uint64
	}{}
	status.length = uint32(unsafe.Sizeof(status))
	if ok, _, _ := globalMemoryStatusEx.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return 0
	}
	return int64(status.total)
}
