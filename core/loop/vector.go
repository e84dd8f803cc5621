// SPDX-License-Identifier: Apache-2.0

package loop

import "unsafe"

// Vector is a list of pieces of memory for one system call.
type Vector struct {
	pieces []iovec
	size   int
}

// iovec is struct iovec of readv(2).
type iovec struct {
	base unsafe.Pointer
	size uintptr
}

// MaxPieces is how many pieces one WriteVector takes (IOV_MAX).
const MaxPieces = 1024

// Reset empties the vector and keeps its room.
func (v *Vector) Reset() {
	clear(v.pieces)
	v.pieces, v.size = v.pieces[:0], 0
}

// Add appends p, of the Go heap or outside of it; it must stay as it is until
// the vector was written.
func (v *Vector) Add(p []byte) {
	if len(p) > 0 {
		v.pieces = append(v.pieces, iovec{unsafe.Pointer(unsafe.SliceData(p)), uintptr(len(p))})
		v.size += len(p)
	}
}

// Size is the sum of all pieces in bytes.
func (v *Vector) Size() int { return v.size }

// Full tells that there is no room for another piece.
func (v *Vector) Full() bool { return len(v.pieces) >= MaxPieces }
