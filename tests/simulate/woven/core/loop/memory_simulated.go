// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package loop

import (
	"unsafe"

	"golang.org/x/sys/unix"
	"libws/tests/simulate/world"
)

// Memory outside the Go heap is used again by the next world. What is given back is
// spoiled, so that who uses it still says something else than he meant.

var (
	idle = map[int][]unsafe.Pointer{}
	used = map[unsafe.Pointer]int{}
	of   *world.World
)

const spoilt = 0xdb

func spoil(base unsafe.Pointer, size int) {
	fill(unsafe.Slice((*byte)(base), size))
}

// fill writes spoilt all over p, by copies that double.
func fill(p []byte) {
	if len(p) == 0 {
		return
	}
	p[0] = spoilt
	for n := 1; n < len(p); n *= 2 {
		copy(p[n:], p[:n])
	}
}

// poison spoils what a buffer held.
func poison(b []byte) {
	fill(b[:cap(b)])
}

// newWorld takes back what the last one has left.
func newWorld() {
	if of == world.Current() {
		return
	}
	of = world.Current()
	for base, size := range used {
		idle[size] = append(idle[size], base)
	}
	clear(used)
}

func mapMemory(size int) unsafe.Pointer {
	newWorld()
	var base unsafe.Pointer
	if list := idle[size]; len(list) > 0 {
		base = list[len(list)-1]
		idle[size] = list[:len(list)-1]
		clear(unsafe.Slice((*byte)(base), size))
	} else {
		var err error
		base, err = unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
		if err != nil {
			return nil
		}
	}
	used[base] = size
	return base
}

func unmap(base unsafe.Pointer, size int) {
	delete(used, base)
	spoil(base, size)
	idle[size] = append(idle[size], base)
}

// alignedSpare are blocks for mapAligned, which are multiples of their size.
func mapAligned(size int) unsafe.Pointer {
	newWorld()
	if list := idle[size]; len(list) > 0 {
		for i, base := range list {
			if uintptr(base)&uintptr(size-1) == 0 {
				idle[size] = append(list[:i], list[i+1:]...)
				used[base] = size
				return base
			}
		}
	}
	base, err := unix.MmapPtr(-1, 0, nil, uintptr(2*size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil
	}
	aligned := unsafe.Add(base, (size-int(uintptr(base)&uintptr(size-1)))&(size-1))
	used[aligned] = size
	return aligned
}

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
