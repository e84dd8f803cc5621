// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

func mapMemory(size int) unsafe.Pointer {
	return virtualAlloc(0, size, windows.MEM_RESERVE|windows.MEM_COMMIT)
}

func virtualAlloc(at uintptr, size int, how uint32) unsafe.Pointer {
	base, err := windows.VirtualAlloc(at, uintptr(size), how, windows.PAGE_READWRITE)
	if err != nil {
		return nil
	}
	// Memory of the system, not of the Go heap, so the number is as good as a pointer.
	return *(*unsafe.Pointer)(unsafe.Pointer(&base))
}

// unmap gives a whole mapping back; Windows knows no parts.
func unmap(base unsafe.Pointer, _ int) {
	windows.VirtualFree(uintptr(base), 0, windows.MEM_RELEASE)
}

// mapAligned maps size bytes at a multiple of size, a power of two. The place is
// found by reserving twice as much and giving it back; another thread may be
// faster to take it, so this is tried a few times.
func mapAligned(size int) unsafe.Pointer {
	for range 8 {
		wide := virtualAlloc(0, 2*size, windows.MEM_RESERVE)
		if wide == nil {
			return nil
		}
		unmap(wide, 2*size)
		at := (uintptr(wide) + uintptr(size-1)) &^ uintptr(size-1)
		if base := virtualAlloc(at, size, windows.MEM_RESERVE|windows.MEM_COMMIT); base != nil {
			return base
		}
	}
	return nil
}
