// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"encoding/binary"
	"runtime"
	"sync/atomic"
	"testing"
	"unsafe"
)

var onHeap *[48]byte

// A peer may send what looks like a pointer into Go's heap, where nothing is: at the end of a span
// that is not divided evenly. The garbage collector ends the process when somebody hands it such a
// pointer, so nobody may.
func TestContentOfABufferIsNoPointer(t *testing.T) {
	onHeap = new([48]byte)
	const page = 8 << 10
	forged := uint64(uintptr(unsafe.Pointer(onHeap))&^(page-1) + page - 8) // a page has 170 of them, and 32 bytes more
	var stop atomic.Bool
	collected := make(chan struct{})
	go func() {
		defer close(collected)
		for range 100 {
			runtime.GC()
		}
		stop.Store(true)
	}()
	p := Pool{Meter: new(Meter)}
	p.Limit(0)
	for !stop.Load() {
		var buffers [2000][]byte // more than a slab: it is cut again over what was in it
		for i := range buffers {
			b, err := p.Get(200)
			if err != nil {
				t.Fatal(err)
			}
			b = b[:cap(b)]
			for at := 0; at+8 <= len(b); at += 8 {
				binary.NativeEndian.PutUint64(b[at:], forged)
			}
			buffers[i] = b
		}
		for _, b := range buffers {
			p.Put(b)
		}
	}
	<-collected
}
