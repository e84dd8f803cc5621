// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"unsafe"
)

// whole is a buffer with its spare byte.
func whole(b []byte) []byte { return unsafe.Slice(unsafe.SliceData(b), cap(b)+1) }

// behind is the memory that a buffer takes.
func behind(b []byte) int64 {
	_, size := memoryOf(b)
	return int64(size)
}

// mark writes a pattern into a whole buffer, marked tells whether the mark is intact.
func mark(b []byte, with byte) {
	w := whole(b)
	for i := range w {
		w[i] = with + byte(i>>8)
	}
}

func marked(b []byte, with byte) error {
	for i, c := range whole(b) {
		if c != with+byte(i>>8) {
			return fmt.Errorf("byte %d of a buffer for %d bytes was changed by somebody else", i, cap(b))
		}
	}
	return nil
}

// pool makes a pool with a budget, 0 for none.
func pool(budget int64) Pool {
	m := new(Meter)
	m.Limit(budget)
	return Pool{Meter: m}
}

// unused checks that a pool has nothing out and keeps one slab of a class at most.
func unused(t testing.TB, p *Pool) {
	t.Helper()
	if n := p.Used(); n != 0 {
		t.Errorf("%d bytes are in use, and nothing is out", n)
	}
	for class, s := range p.slabs {
		if s != nil && (s.used != 0 || s.next != nil) {
			t.Errorf("class %d still has more than one slab, or %d buffers in use", class, s.used)
		}
	}
	for class, c := range p.kept.sizes {
		if len(c.list) > 0 && c.tooMuch(c.list[0].size, p.budget.Load()) {
			t.Errorf("%d unused buffers of class %d are kept", len(c.list), class)
		}
	}
}

func TestPoolGivesRoomForEverySizeAndASpareByte(t *testing.T) {
	t.Parallel()
	p := pool(0)
	var sizes []int
	for n := 1; n <= 8<<20; n *= 2 {
		sizes = append(sizes, n-1, n, n+1)
	}
	var out [][]byte
	for i, n := range sizes {
		before := p.Used()
		b, err := p.Get(n)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) != 0 || cap(b) < n {
			t.Errorf("a buffer for %d bytes has %d of %d", n, len(b), cap(b))
		}
		if used := p.Used() - before; used != behind(b) || used < int64(cap(b)+1) || used > int64(cap(b)+1+lead) {
			t.Errorf("a buffer for %d bytes, of %d and a spare one, counts as %d", n, cap(b), used)
		}
		mark(b, byte(i))
		out = append(out, b)
	}
	for i, b := range out {
		if err := marked(b, byte(i)); err != nil {
			t.Error(err)
		}
		p.Put(b)
	}
	p.Put(nil) // harmless
	unused(t, &p)
}

// See [Pool]: the few bytes of a frame's header must not be all that lies between the two
// ends of a copy, counted from their pages.
func TestLargeBuffersDoNotBeginWithAPage(t *testing.T) {
	t.Parallel()
	p := pool(0)
	var b []byte
	for _, n := range []int{slabMax, 64 << 10, 1 << 20, 3 << 20, 9 << 20} {
		got, err := p.Get(n)
		if err != nil {
			t.Fatal(err)
		}
		if b, err = p.Grow(b, n); err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{got, b} {
			if at := uintptr(unsafe.Pointer(unsafe.SliceData(b))) % 4096; at != lead {
				t.Errorf("a buffer for %d bytes begins %d bytes behind that of a page", n, at)
			}
		}
		p.Put(got)
	}
	p.Put(b)
	unused(t, &p)
}

func TestPoolBuffersDoNotOverlap(t *testing.T) {
	t.Parallel()
	p := pool(0)
	random := rand.New(rand.NewPCG(5, 6))
	type owned struct {
		b    []byte
		with byte
	}
	var out []owned
	for step := range 6000 {
		if len(out) < 300 && random.IntN(2) == 0 || len(out) == 0 {
			b, err := p.Get(random.IntN(1 << random.IntN(18)))
			if err != nil {
				t.Fatal(err)
			}
			mark(b, byte(step))
			out = append(out, owned{b, byte(step)})
			continue
		}
		i := random.IntN(len(out))
		if err := marked(out[i].b, out[i].with); err != nil {
			t.Fatal(err)
		}
		p.Put(out[i].b)
		out[i] = out[len(out)-1]
		out = out[:len(out)-1]
	}
	for _, o := range out {
		p.Put(o.b)
	}
	unused(t, &p)
}

func TestPoolGivesSlabsBack(t *testing.T) {
	t.Parallel()
	p := pool(0)
	for _, n := range []int{100, 3000, 30_000} { // the same memory for one class after the other
		var out [][]byte
		for range 2000 {
			b, err := p.Get(n)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
		for i := 0; i < len(out); i += 2 { // so that all slabs are in part free
			p.Put(out[i])
		}
		for i := 1; i < len(out); i += 2 {
			p.Put(out[i])
		}
		unused(t, &p)
		if p.kept.slab == nil {
			t.Error("no slab is kept for the next use")
		}
	}
}

func TestGrowKeepsWhatTheBufferHolds(t *testing.T) {
	t.Parallel()
	p := pool(0)
	var b []byte
	var want []byte
	for n := 1; n < 12<<20; n = n*3/2 + 1 { // through all classes, and above 1 MiB by moving pages
		bigger, err := p.Grow(b, n)
		if err != nil {
			t.Fatal(err)
		}
		if cap(bigger) < n || !bytes.Equal(bigger, want) {
			t.Fatalf("grown to %d bytes: room for %d, and %d bytes instead of %d, or others", n, cap(bigger), len(bigger), len(want))
		}
		if used := p.Used(); used != behind(bigger) {
			t.Fatalf("grown to %d bytes: %d are in use, with room for %d", n, used, cap(bigger))
		}
		more := bytes.Repeat([]byte{byte(n)}, n-len(bigger))
		b, want = append(bigger, more...), append(want, more...)
		whole(b)[cap(b)] = 0 // the spare byte
	}
	same, err := p.Grow(b, 10)
	if err != nil || unsafe.SliceData(same) != unsafe.SliceData(b) {
		t.Errorf("a buffer that is large enough was changed, %v", err)
	}
	p.Put(b)
	unused(t, &p)
}

// A buffer of a power of two takes no more than that.
func TestFullBuffersHaveNoSpareByte(t *testing.T) {
	t.Parallel()
	p := pool(64 << 10)
	var b []byte
	for size := 512; size <= 32<<10; size *= 2 {
		bigger, err := p.GrowFull(b, size, false)
		if err != nil || cap(bigger) != size || p.Used() != int64(size) || len(bigger) != len(b) {
			t.Fatalf("%d bytes of %d in a buffer for %d, %d bytes in use, %v", len(bigger), len(b), cap(bigger), p.Used(), err)
		}
		if b = bigger; !bytes.Equal(b, bytes.Repeat([]byte{7}, len(b))) {
			t.Fatalf("a buffer that grew to %d bytes has lost some", size)
		}
		for len(b) < size {
			b = append(b, 7)
		}
	}
	if same, err := p.GrowFull(b, 64<<10, false); err != ErrBudget || &same[0] != &b[0] {
		t.Errorf("over the budget: %v", err)
	}
	for _, overdraw := range []bool{false, true} {
		if err := p.Claim(40<<10, overdraw); (err == nil) != overdraw {
			t.Errorf("%d bytes more, overdraft %t: %v", 40<<10, overdraw, err)
		}
	}
	p.Count(-40 << 10)
	p.PutFull(b)
	p.PutFull(nil)
	unused(t, &p)
}

func TestBudgetBoundsWhatIsOut(t *testing.T) {
	t.Parallel()
	p := pool(4 << 20)
	small, err := p.Get(1000)
	if err != nil {
		t.Fatal(err)
	}
	small = append(small, "kept"...)
	if !p.Fits(4<<20-1024) || p.Fits(4<<20-1023) {
		t.Error("the room is not what the budget leaves")
	}
	for _, n := range []int{4<<20 - 1024, 5 << 20, 1 << 30} {
		if b, err := p.Get(n); err != ErrBudget || b != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if b, err := p.Grow(small, 8<<20); err != ErrBudget || string(b) != "kept" {
		t.Errorf("growing: %q, %v", b, err)
	}
	large, err := p.Get(2 << 20)
	if err != nil {
		t.Fatal(err)
	}
	large = append(large, "also kept"...)
	if b, err := p.Grow(large, 8<<20); err != ErrBudget || string(b) != "also kept" {
		t.Errorf("growing a large one: %q, %v", b, err)
	}
	if used := p.Used(); used != behind(small)+behind(large) {
		t.Errorf("%d bytes are in use after refusals", used)
	}
	forced, err := p.Force(8 << 20)
	if err != nil {
		t.Errorf("what was accepted already: %v", err)
	}
	if p.Fits(0) {
		t.Error("there is room over the budget")
	}
	if _, err := p.Get(1); err != ErrBudget {
		t.Errorf("one byte over the budget: %v", err)
	}
	p.Put(forced)
	p.Put(large)
	p.Put(small)
	unused(t, &p)
}

func TestPoolMayBeUsedByManyThreads(t *testing.T) {
	t.Parallel()
	p := pool(64 << 20)
	var working sync.WaitGroup
	for thread := range uint64(8) {
		working.Go(func() {
			random := rand.New(rand.NewPCG(thread, 9))
			var b []byte
			var with byte
			for range 1500 {
				switch random.IntN(4) {
				case 0:
					p.Put(b)
					b = nil
				case 1:
					p.Put(b)
					var err error
					if b, err = p.Get(random.IntN(40_000)); err != nil {
						t.Error(err)
						return
					}
					with = byte(random.Uint32())
					mark(b, with)
				case 2:
					if b == nil {
						continue
					}
					grown, err := p.Grow(b[:cap(b)], 2*cap(b))
					if err != nil || cap(grown) > 3<<20 {
						b = grown
						p.Put(b)
						b = nil
						continue
					}
					b = grown[:0]
					with = byte(random.Uint32())
					mark(b, with)
				case 3:
					if b != nil {
						if err := marked(b, with); err != nil {
							t.Error(err)
							return
						}
					}
				}
			}
			p.Put(b)
		})
	}
	working.Wait()
	unused(t, &p)
}

func TestMapIsZeroed(t *testing.T) {
	t.Parallel()
	b := Map(100_000)
	if len(b) != 100_000 || !bytes.Equal(b, make([]byte, len(b))) {
		t.Errorf("%d bytes, or not all zero", len(b))
	}
	if b := Map(math.MaxInt &^ 0xffff); b != nil && math.MaxInt > math.MaxInt32 { // with 32 bits there may be
		t.Error("there is no such memory")
	}
}
