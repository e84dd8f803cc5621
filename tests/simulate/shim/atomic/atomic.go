// SPDX-License-Identifier: Apache-2.0

// Package atomic is what core uses of sync/atomic, for simulated tasks: each access is a
// place where the turn may be taken from the task.
package atomic

import "libws/tests/simulate/world"

// LoadInt32 and the others do what those of sync/atomic do.
func LoadInt32(p *int32) int32          { world.Yield(); return *p }
func StoreInt32(p *int32, v int32)      { world.Yield(); *p = v }
func AddInt32(p *int32, d int32) int32  { world.Yield(); *p += d; return *p }
func SwapInt32(p *int32, v int32) int32 { world.Yield(); old := *p; *p = v; return old }
func CompareAndSwapInt32(p *int32, old, v int32) bool {
	world.Yield()
	if *p != old {
		return false
	}
	*p = v
	return true
}
func OrInt32(p *int32, m int32) int32  { world.Yield(); old := *p; *p |= m; return old }
func AndInt32(p *int32, m int32) int32 { world.Yield(); old := *p; *p &= m; return old }

// Int32 is atomic.Int32.
type Int32 struct{ v int32 }

// Peek is Load for a model, which only looks: nobody goes on meanwhile.
func (x *Int32) Peek() int32 { return x.v }

func (x *Int32) Load() int32                      { return LoadInt32(&x.v) }
func (x *Int32) Store(v int32)                    { StoreInt32(&x.v, v) }
func (x *Int32) Add(d int32) int32                { return AddInt32(&x.v, d) }
func (x *Int32) Swap(v int32) int32               { return SwapInt32(&x.v, v) }
func (x *Int32) CompareAndSwap(old, v int32) bool { return CompareAndSwapInt32(&x.v, old, v) }
func (x *Int32) Or(m int32) int32                 { return OrInt32(&x.v, m) }
func (x *Int32) And(m int32) int32                { return AndInt32(&x.v, m) }

// LoadInt64 and the others do what those of sync/atomic do.
func LoadInt64(p *int64) int64          { world.Yield(); return *p }
func StoreInt64(p *int64, v int64)      { world.Yield(); *p = v }
func AddInt64(p *int64, d int64) int64  { world.Yield(); *p += d; return *p }
func SwapInt64(p *int64, v int64) int64 { world.Yield(); old := *p; *p = v; return old }
func CompareAndSwapInt64(p *int64, old, v int64) bool {
	world.Yield()
	if *p != old {
		return false
	}
	*p = v
	return true
}
func OrInt64(p *int64, m int64) int64  { world.Yield(); old := *p; *p |= m; return old }
func AndInt64(p *int64, m int64) int64 { world.Yield(); old := *p; *p &= m; return old }

// Int64 is atomic.Int64.
type Int64 struct{ v int64 }

func (x *Int64) Load() int64                      { return LoadInt64(&x.v) }
func (x *Int64) Store(v int64)                    { StoreInt64(&x.v, v) }
func (x *Int64) Add(d int64) int64                { return AddInt64(&x.v, d) }
func (x *Int64) Swap(v int64) int64               { return SwapInt64(&x.v, v) }
func (x *Int64) CompareAndSwap(old, v int64) bool { return CompareAndSwapInt64(&x.v, old, v) }
func (x *Int64) Or(m int64) int64                 { return OrInt64(&x.v, m) }
func (x *Int64) And(m int64) int64                { return AndInt64(&x.v, m) }

// LoadUint32 and the others do what those of sync/atomic do.
func LoadUint32(p *uint32) uint32           { world.Yield(); return *p }
func StoreUint32(p *uint32, v uint32)       { world.Yield(); *p = v }
func AddUint32(p *uint32, d uint32) uint32  { world.Yield(); *p += d; return *p }
func SwapUint32(p *uint32, v uint32) uint32 { world.Yield(); old := *p; *p = v; return old }
func CompareAndSwapUint32(p *uint32, old, v uint32) bool {
	world.Yield()
	if *p != old {
		return false
	}
	*p = v
	return true
}
func OrUint32(p *uint32, m uint32) uint32  { world.Yield(); old := *p; *p |= m; return old }
func AndUint32(p *uint32, m uint32) uint32 { world.Yield(); old := *p; *p &= m; return old }

// Uint32 is atomic.Uint32.
type Uint32 struct{ v uint32 }

func (x *Uint32) Load() uint32                      { return LoadUint32(&x.v) }
func (x *Uint32) Store(v uint32)                    { StoreUint32(&x.v, v) }
func (x *Uint32) Add(d uint32) uint32               { return AddUint32(&x.v, d) }
func (x *Uint32) Swap(v uint32) uint32              { return SwapUint32(&x.v, v) }
func (x *Uint32) CompareAndSwap(old, v uint32) bool { return CompareAndSwapUint32(&x.v, old, v) }
func (x *Uint32) Or(m uint32) uint32                { return OrUint32(&x.v, m) }
func (x *Uint32) And(m uint32) uint32               { return AndUint32(&x.v, m) }

// LoadUint64 and the others do what those of sync/atomic do.
func LoadUint64(p *uint64) uint64           { world.Yield(); return *p }
func StoreUint64(p *uint64, v uint64)       { world.Yield(); *p = v }
func AddUint64(p *uint64, d uint64) uint64  { world.Yield(); *p += d; return *p }
func SwapUint64(p *uint64, v uint64) uint64 { world.Yield(); old := *p; *p = v; return old }
func CompareAndSwapUint64(p *uint64, old, v uint64) bool {
	world.Yield()
	if *p != old {
		return false
	}
	*p = v
	return true
}
func OrUint64(p *uint64, m uint64) uint64  { world.Yield(); old := *p; *p |= m; return old }
func AndUint64(p *uint64, m uint64) uint64 { world.Yield(); old := *p; *p &= m; return old }

// Uint64 is atomic.Uint64.
type Uint64 struct{ v uint64 }

func (x *Uint64) Load() uint64                      { return LoadUint64(&x.v) }
func (x *Uint64) Store(v uint64)                    { StoreUint64(&x.v, v) }
func (x *Uint64) Add(d uint64) uint64               { return AddUint64(&x.v, d) }
func (x *Uint64) Swap(v uint64) uint64              { return SwapUint64(&x.v, v) }
func (x *Uint64) CompareAndSwap(old, v uint64) bool { return CompareAndSwapUint64(&x.v, old, v) }
func (x *Uint64) Or(m uint64) uint64                { return OrUint64(&x.v, m) }
func (x *Uint64) And(m uint64) uint64               { return AndUint64(&x.v, m) }

// Bool is atomic.Bool.
type Bool struct{ v bool }

func (x *Bool) Load() bool       { world.Yield(); return x.v }
func (x *Bool) Store(v bool)     { world.Yield(); x.v = v }
func (x *Bool) Swap(v bool) bool { world.Yield(); old := x.v; x.v = v; return old }
func (x *Bool) CompareAndSwap(old, v bool) bool {
	world.Yield()
	if x.v != old {
		return false
	}
	x.v = v
	return true
}

// Pointer is atomic.Pointer. What one run has left is nothing to the next one.
type Pointer[T any] struct {
	p  *T
	of *world.World
}

func (x *Pointer[T]) look() *T {
	if x.of != nil && x.of != world.Current() {
		x.p, x.of = nil, nil
	}
	return x.p
}

func (x *Pointer[T]) put(p *T) { x.p, x.of = p, world.Current() }

// Peek is that of Int32.
func (x *Pointer[T]) Peek() *T { return x.look() }

func (x *Pointer[T]) Load() *T   { world.Yield(); return x.look() }
func (x *Pointer[T]) Store(p *T) { world.Yield(); x.put(p) }
func (x *Pointer[T]) Swap(p *T) *T {
	world.Yield()
	old := x.look()
	x.put(p)
	return old
}
func (x *Pointer[T]) CompareAndSwap(old, p *T) bool {
	world.Yield()
	if x.look() != old {
		return false
	}
	x.put(p)
	return true
}
