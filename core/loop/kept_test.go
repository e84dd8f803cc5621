// SPDX-License-Identifier: Apache-2.0

package loop

import "testing"

// held is how many large buffers and slabs with room the pool keeps.
func (p *Pool) held() (n int) {
	for i := range p.kept.sizes {
		n += len(p.kept.sizes[i].list)
	}
	if n += len(p.kept.huge.list); p.kept.slab != nil {
		n++
	}
	for _, s := range p.slabs {
		if s != nil {
			n++
		}
	}
	return n
}

// fillKept has buffers of each kind put back, and tells how many of them are kept.
func (p *Pool) fillKept(t *testing.T) int {
	t.Helper()
	var out [][]byte
	for _, n := range []int{600, 600, 600, 20_000, 20_000, 100_000, 100_000, 1 << 20, 3 << 20} {
		for range slabSize / 20_000 { // more than a slab of the small ones
			b, err := p.Get(n)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, b)
		}
	}
	for _, b := range out {
		p.Put(b)
	}
	return p.held()
}

func TestUnusedMemoryGoesBackToTheSystem(t *testing.T) {
	t.Parallel()
	p := pool(0)
	asked := 0
	p.Kept = func() { asked++ }
	if n := p.fillKept(t); n < 4 || asked != 1 {
		t.Fatalf("%d are kept, and trimming was asked for %d times", n, asked)
	}
	if !p.Trim() || p.held() == 0 {
		t.Error("what was used a moment ago is gone")
	}
	if p.Trim() || p.held() != 0 {
		t.Errorf("%d that nobody has needed are kept", p.held())
	}
	if p.Trim() || asked != 1 {
		t.Errorf("there is nothing to trim, and it was asked for %d times", asked)
	}
	p.fillKept(t)
	if asked != 2 {
		t.Errorf("trimming was asked for %d times when memory is kept again", asked)
	}
}

func TestWhatIsNeededAgainStays(t *testing.T) {
	t.Parallel()
	p := pool(0)
	p.fillKept(t)
	sizes := []int{600, 100_000, 1 << 20}
	for range 5 {
		for _, n := range sizes {
			b, err := p.Get(n)
			if err != nil {
				t.Fatal(err)
			}
			p.Put(b)
		}
		if !p.Trim() {
			t.Fatal("all is gone")
		}
	}
	if n := p.held(); n != len(sizes) {
		t.Errorf("%d are kept for one message of each of %d sizes at a time", n, len(sizes))
	}
}
