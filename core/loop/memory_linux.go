// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Map returns size bytes outside the Go heap, zeroed, never given back; nil
// when the system has none.
func Map(size int) []byte {
	base := mapMemory(size)
	if base == nil {
		return nil
	}
	return unsafe.Slice((*byte)(base), size)
}

func mapMemory(size int) unsafe.Pointer {
	base, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
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

// remapMemory resizes a mapping, which may move; nil when there is no memory.
func remapMemory(base unsafe.Pointer, old, size int) unsafe.Pointer {
	moved, err := unix.MremapPtr(base, uintptr(old), nil, uintptr(size), unix.MREMAP_MAYMOVE)
	if err != nil {
		return nil
	}
	return moved
}

// FileLimit is the soft limit of descriptors of the process.
func FileLimit() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil || limit.Cur > 1<<40 {
		return 1 << 40
	}
	return int64(limit.Cur)
}
