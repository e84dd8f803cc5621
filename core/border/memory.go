// SPDX-License-Identifier: Apache-2.0

package border

import "unsafe"

// Address is where p begins, for a member that the host reads: p lies outside the Go heap.
func Address(p []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(p)))) }

// Memory is the bytes at an address outside the Go heap.
func Memory[N int | uint32 | uint64](at uint64, size N) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), uint64(size)) // which panics rather than cut
}

// Pointer is where b begins, to see a struct there.
func Pointer(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// CString copies a NUL-terminated text.
func CString(at uint64) string {
	n := uint32(0)
	for Memory(at+uint64(n), uint32(1))[0] != 0 {
		n++
	}
	return string(Memory(at, n))
}
