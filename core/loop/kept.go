// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"slices"
	"unsafe"
)

const (
	keptDepth = 4        // large buffers kept of each size up to cacheMax, at least
	keptLeast = 8 << 20  // bytes kept of each of those sizes, where that is more, and of larger ones ...
	keptMost  = 64 << 20 // ... or an eighth of the budget, up to this
)

// kept is memory that nobody uses, for the next one: new pages for each message of a
// megabyte would cost more than its bytes. What was not needed between two looks goes back
// to the system, and slabs of which nothing is used as well. Guarded by Pool.mu.
type kept struct {
	sizes    [classes]spare // powers of two up to cacheMax, by class
	huge     spare          // larger ones
	slab     *slab          // one that is not cut
	idle     bool           // slab was not needed since the last look
	notified bool           // Pool.Kept was called, and Trim has not found all gone since
}

// spare is a list of mappings, the oldest first.
type spare struct {
	list  []mapping
	least int // how many there were at least since the last look
}

type mapping struct {
	base unsafe.Pointer
	size int
}

// of is where mappings of size bytes are kept.
func (k *kept) of(size int) *spare {
	if size > cacheMax {
		return &k.huge
	}
	return &k.sizes[classOf(size-1)]
}

// take returns a mapping of size bytes, nil for none: the one that was used last.
func (k *kept) take(size int) unsafe.Pointer {
	s := k.of(size)
	for i, m := range slices.Backward(s.list) {
		if m.size == size {
			s.list = slices.Delete(s.list, i, i+1)
			s.least = min(s.least, len(s.list))
			return m.base
		}
	}
	return nil
}

// add keeps a mapping, in place of those that were unused for longest. It tells whether
// Pool.Kept is to be called.
func (k *kept) add(base unsafe.Pointer, size int, budget int64) bool {
	s := k.of(size)
	s.list = append(s.list, mapping{base, size})
	for s.tooMuch(size, budget) {
		s.drop(1)
	}
	return k.tell()
}

// tooMuch tells whether s holds too much, now that one of size bytes was added.
func (s *spare) tooMuch(size int, budget int64) bool {
	if size <= cacheMax {
		return len(s.list) > max(keptDepth, keptLeast/size)
	}
	sum := int64(0)
	for _, m := range s.list {
		sum += int64(m.size)
	}
	return sum > min(max(keptLeast, budget/8), keptMost)
}

// drop gives the n oldest back to the system.
func (s *spare) drop(n int) {
	for _, m := range s.list[:n] {
		m.unmap()
	}
	s.list = slices.Delete(s.list, 0, n)
	s.least = min(s.least, len(s.list))
}

// unmapPiece is how much is given back at once. The system takes a millisecond for 8 MiB, in
// which a loop would serve nobody, and others could not map anything.
const unmapPiece = 1 << 20

// unmap gives the memory back: a large one by a goroutine, which ends when that is done.
func (m mapping) unmap() {
	if m.size <= 2*unmapPiece {
		unmap(m.base, m.size)
		return
	}
	go func() {
		defer guard()
		for at := 0; at < m.size; at += unmapPiece {
			unmap(unsafe.Add(m.base, at), min(unmapPiece, m.size-at))
		}
	}()
}

// guard is deferred in a goroutine that gives memory back: what a panic leaves of it stays.
func guard() { _ = recover() }

func (k *kept) tell() bool {
	was := k.notified
	k.notified = true
	return !was
}

// addSlab is add for a slab.
func (k *kept) addSlab(s *slab) bool {
	k.dropSlab()
	k.slab, k.idle = s, false
	return k.tell()
}

func (k *kept) takeSlab() *slab {
	s := k.slab
	k.slab = nil
	return s
}

func (k *kept) dropSlab() {
	if k.slab != nil {
		unmap(unsafe.Pointer(k.slab), slabSize)
		k.slab = nil
	}
}

// Trim gives the memory back to the system that nobody has needed since the last Trim. It
// tells whether some is still kept, so that it is due again.
func (p *Pool) Trim() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := &p.kept
	if k.idle {
		k.dropSlab()
	}
	k.idle = true
	k.notified = k.slab != nil
	for i := range k.sizes {
		k.notified = k.sizes[i].trim() || k.notified
	}
	k.notified = k.huge.trim() || k.notified
	for _, s := range p.slabs {
		switch {
		case s == nil || s.used > 0:
		case s.idle:
			p.unlink(s)
			unmap(unsafe.Pointer(s), slabSize)
		default:
			s.idle, k.notified = true, true
		}
	}
	return k.notified
}

// Trims tells whether Trim is due again.
func (p *Pool) Trims() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept.notified
}

func (s *spare) trim() bool {
	s.drop(s.least)
	s.least = len(s.list)
	return s.least > 0
}
