// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// remapMemory resizes a mapping, which may move; nil when there is no memory.
func remapMemory(base unsafe.Pointer, old, size int) unsafe.Pointer {
	moved, err := unix.MremapPtr(base, uintptr(old), nil, uintptr(size), unix.MREMAP_MAYMOVE)
	if err != nil {
		return nil
	}
	return moved
}
