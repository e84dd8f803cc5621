// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"math/bits"
	"unsafe"

	"libws/core/lock"
)

// noLimit stands for a limit that is not there.
const noLimit = 1 << 40

// ErrBudget says that all buffers together would exceed the memory budget.
var ErrBudget = errors.New("the memory budget is used up")

// ErrMemory says that the system gave no memory.
var ErrMemory = errors.New("the system has no memory left")

const (
	minBuffer  = 512
	slabSize   = 256 << 10 // address-aligned, so that a buffer finds its slab
	slabMax    = 32 << 10  // largest buffer cut from a slab
	slabHeader = 64
	cacheMax   = 1 << 20 // largest buffer of a class
	largeStep  = 64 << 10
	lead       = 64 // bytes in front of a buffer that is not cut from a slab
	classes    = 32
)

// Kept is what a pool keeps at most of a power of two: a buffer for so much less takes no
// more than that.
const Kept = 2 * lead

// Map returns size bytes outside the Go heap, zeroed, never given back; nil
// when the system has none.
func Map(size int) []byte {
	base := mapMemory(size)
	if base == nil {
		return nil
	}
	return unsafe.Slice((*byte)(base), size)
}

// Pool hands out buffers outside the Go heap, in powers of two. A buffer has
// one owner at a time; what it held is not cleared. Any thread.
//
// Every buffer has one spare byte behind its capacity, so that a message that
// fills it can still be followed by a NUL.
//
// A large one does not begin where its memory does, at a page. The kernel puts a frame to
// the beginning of a page as well, so the payload would lie the few bytes of the header
// further into its page on one side of the copy than on the other. Processors that copy with
// "rep movsb" take that for overlapping bytes: they copy at a third of the speed or less.
type Pool struct {
	*Meter // counts what is handed out; set before the first use
	// Relaxed, when not nil, is called when use has sunk to low and somebody waits
	// for it. On any thread, which may hold any lock of the buffers' owners.
	Relaxed func()

	// Kept, when not nil, is called when the pool begins to keep memory that nobody uses:
	// [Pool.Trim] is due some time later. On any thread, as Relaxed.
	Kept func()

	mu    lock.Mutex[lock.Pool]
	slabs [classes]*slab // with free buffers, by class. Guarded by mu
	kept  kept           // Guarded by mu
}

// slab is the head of slabSize bytes cut into buffers of one class. It lies in
// the mapped memory itself.
//
// One of which nothing is used is the only one in its list: that is where Trim looks.
//
// What links free buffers are offsets and no pointers: before Go writes over a pointer it hands the old
// one to the garbage collector, and the first bytes of a buffer are what a peer has sent.
type slab struct {
	next, prev *slab
	free       uint32 // offset of the first free buffer, whose first word is that of the next; 0: none
	used       int32
	class      int32
	idle       bool // it was not used since the last Trim
}

// Count adds n bytes that are no buffers of the pool, or takes them off again.
func (p *Pool) Count(n int) {
	if n > 0 {
		p.used.Add(int64(n))
	} else if p.sub(int64(-n)) && p.Relaxed != nil {
		p.Relaxed()
	}
}

// classOf gives the class of a buffer for n bytes and the spare one.
func classOf(n int) int { return max(bits.Len(uint(n)), bits.Len(minBuffer-1)) }

// sizeFor is the memory behind a buffer for n bytes: a power of two up to
// cacheMax, above that what is needed.
func sizeFor(n int) int {
	if n >= slabMax {
		n += lead
	}
	if n >= cacheMax {
		return (n + largeStep) &^ (largeStep - 1)
	}
	return 1 << classOf(n)
}

// memoryOf is where the memory behind a buffer lies, and its size.
func memoryOf(b []byte) (base unsafe.Pointer, size int) {
	base, size = unsafe.Pointer(unsafe.SliceData(b)), cap(b)+1
	if size > slabMax {
		return unsafe.Add(base, -lead), size + lead
	}
	return base, size
}

// bufferOf is the buffer in size bytes at base.
func bufferOf(base unsafe.Pointer, size int) []byte {
	if size > slabMax {
		base, size = unsafe.Add(base, lead), size-lead
	}
	return unsafe.Slice((*byte)(base), size-1)[:0]
}

// Get returns an empty buffer for at least n bytes, or ErrBudget or ErrMemory.
func (p *Pool) Get(n int) ([]byte, error) {
	if !p.claim(int64(sizeFor(n)), 0) {
		return nil, ErrBudget
	}
	return p.take(n)
}

// Force is Get without a look at the budget, for what was accepted already.
func (p *Pool) Force(n int) ([]byte, error) {
	p.used.Add(int64(sizeFor(n)))
	return p.take(n)
}

// take fetches the memory that p.used counts already.
func (p *Pool) take(n int) ([]byte, error) {
	size := sizeFor(n)
	var base unsafe.Pointer
	if size <= slabMax {
		base = p.small(classOf(size - 1))
	} else {
		base = p.large(size)
	}
	if base == nil {
		p.used.Add(int64(-size))
		return nil, ErrMemory
	}
	return bufferOf(base, size), nil
}

// Put gives a buffer of Get back; nil is ignored.
func (p *Pool) Put(b []byte) {
	if cap(b) == 0 {
		return
	}
	base, size := memoryOf(b)
	p.give(base, size)
	p.Count(-size)
}

// give puts memory back where take found it, or keeps it.
func (p *Pool) give(base unsafe.Pointer, size int) {
	if p.put(base, size) && p.Kept != nil {
		p.Kept()
	}
}

// put tells whether it is the first memory that is kept.
func (p *Pool) put(base unsafe.Pointer, size int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if size > slabMax {
		return p.kept.add(base, size, p.budget.Load())
	}
	s := (*slab)(unsafe.Pointer(uintptr(base) &^ (slabSize - 1)))
	*(*uint32)(base) = s.free
	wasFull := s.free == 0
	s.free = uint32(uintptr(base) & (slabSize - 1)) // fits: slabSize
	s.used--
	if wasFull {
		p.link(s)
		if behind := s.next; behind != nil && behind.used == 0 { // it was the only one until now
			p.unlink(behind)
			return p.kept.addSlab(behind)
		}
	}
	switch {
	case s.used > 0:
		return false
	case p.slabs[s.class] == s && s.next == nil:
		// The only slab of its class with room stays: a class of which one buffer at a
		// time is used would cut it again and again.
		s.idle = false
		return p.kept.tell()
	}
	p.unlink(s)
	return p.kept.addSlab(s)
}

// Claim counts n bytes that are no buffers of the pool if they are within the budget and the
// overdraft, when that may be used. [Pool.Count] takes them off again.
func (p *Pool) Claim(n int, overdraw bool) error {
	extra := int64(0)
	if overdraw {
		extra = p.budget.Load() / overdraft
	}
	if !p.claim(int64(n), extra) {
		return ErrBudget
	}
	return nil
}

// GrowFull is Grow, or Overdraw, for buffers without the spare byte: a power of two takes no
// more than that, up to 32 KiB. They go back by PutFull.
func (p *Pool) GrowFull(b []byte, n int, overdraw bool) ([]byte, error) {
	if n <= cap(b) {
		return b, nil
	}
	if err := p.Claim(sizeFor(n-1), overdraw); err != nil {
		return b, err
	}
	bigger, err := p.take(n - 1)
	if err != nil {
		return b, err
	}
	bigger = unsafe.Slice(unsafe.SliceData(bigger), cap(bigger)+1)[:len(b)]
	copy(bigger, b)
	p.PutFull(b)
	return bigger, nil
}

// PutFull gives a buffer of GrowFull back; nil is ignored.
func (p *Pool) PutFull(b []byte) {
	if cap(b) > 0 {
		p.Put(b[: 0 : cap(b)-1])
	}
}

// Grow returns a buffer for at least n bytes that begins with what b holds, and
// gives b back. On failure b is still the caller's.
func (p *Pool) Grow(b []byte, n int) ([]byte, error) { return p.grow(b, n, 0) }

// Overdraw is Grow that may exceed the budget by an eighth, for bytes that were
// read already while somebody else is about to give memory back.
func (p *Pool) Overdraw(b []byte, n int) ([]byte, error) {
	return p.grow(b, n, p.budget.Load()/overdraft)
}

func (p *Pool) grow(b []byte, n int, extra int64) ([]byte, error) {
	if n <= cap(b) {
		return b, nil
	}
	if cap(b)+lead >= cacheMax {
		return p.remap(b, n, extra)
	}
	if !p.claim(int64(sizeFor(n)), extra) {
		return b, ErrBudget
	}
	bigger, err := p.take(n)
	if err != nil {
		return b, err
	}
	bigger = append(bigger, b...)
	p.Put(b)
	return bigger, nil
}

// remap lets the system move the pages of a very large buffer instead of
// copying the bytes.
func (p *Pool) remap(b []byte, n int, extra int64) ([]byte, error) {
	base, old := memoryOf(b)
	size := sizeFor(n)
	if !p.claim(int64(size-old), extra) {
		return b, ErrBudget
	}
	if base = remapMemory(base, old, size); base == nil {
		p.used.Add(int64(old - size))
		return b, ErrMemory
	}
	return bufferOf(base, size)[:len(b)], nil
}

func (p *Pool) large(size int) unsafe.Pointer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if base := p.kept.take(size); base != nil {
		return base
	}
	return mapMemory(size)
}

func (p *Pool) small(class int) unsafe.Pointer {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.slabs[class]
	if s == nil {
		if s = p.kept.takeSlab(); s == nil {
			s = (*slab)(mapAligned(slabSize))
		}
		if s == nil {
			return nil
		}
		s.cut(class)
		p.link(s)
	}
	base := unsafe.Add(unsafe.Pointer(s), s.free)
	s.free = *(*uint32)(base)
	s.used++
	s.idle = false
	if s.free == 0 {
		p.unlink(s)
	}
	return base
}

// cut makes all of s free buffers of class.
func (s *slab) cut(class int) {
	size := 1 << class
	*s = slab{class: int32(class)} // fits: classes
	first := (slabHeader + size - 1) / size * size
	for at := slabSize - size; at >= first; at -= size {
		*(*uint32)(unsafe.Add(unsafe.Pointer(s), at)) = s.free
		s.free = uint32(at) // fits: slabSize
	}
}

// link and unlink keep the list of slabs with free buffers. p.mu is held.
func (p *Pool) link(s *slab) {
	s.prev, s.next = nil, p.slabs[s.class]
	if s.next != nil {
		s.next.prev = s
	}
	p.slabs[s.class] = s
}

// unlink takes a slab out of its list. mu is held.
func (p *Pool) unlink(s *slab) {
	if s.prev != nil {
		s.prev.next = s.next
	} else if p.slabs[s.class] == s {
		p.slabs[s.class] = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	}
	s.next, s.prev = nil, nil
}
