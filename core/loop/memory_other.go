// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package loop

import "unsafe"

// remapMemory resizes a mapping by copying it, since only Linux can move its
// pages; nil when there is no memory.
func remapMemory(base unsafe.Pointer, old, size int) unsafe.Pointer {
	moved := mapMemory(size)
	if moved == nil {
		return nil
	}
	kept := min(old, size)
	copy(unsafe.Slice((*byte)(moved), kept), unsafe.Slice((*byte)(base), kept))
	unmap(base, old)
	return moved
}
