// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func mapMemory(size int) unsafe.Pointer {
	base, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil
	}
	return base
}

func unmap(base unsafe.Pointer, size int) {
	unix.MunmapPtr(base, uintptr(size))
}

// mapAligned maps size bytes at a multiple of size, a power of two.
func mapAligned(size int) unsafe.Pointer {
	base := mapMemory(2 * size)
	if base == nil {
		return nil
	}
	before := (size - int(uintptr(base)&uintptr(size-1))) & (size - 1)
	if before > 0 {
		unmap(base, before)
	}
	aligned := unsafe.Add(base, before)
	if after := size - before; after > 0 {
		unmap(unsafe.Add(aligned, size), after)
	}
	return aligned
}
