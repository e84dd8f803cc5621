// SPDX-License-Identifier: Apache-2.0

package loop

import "testing"

// A slab that was given back and cut anew for every buffer would cost far more
// than what the buffer is for.
func TestClassesUsedOneBufferAtATimeKeepTheirSlabs(t *testing.T) {
	t.Parallel()
	q := pool(0)
	p := &q
	sizes := []int{100, 5000, 20_000}
	var first [classes]*slab
	for round := range 5 {
		for _, n := range sizes {
			b, err := p.Get(n)
			if err != nil {
				t.Fatal(err)
			}
			p.Put(b)
		}
		if round == 0 {
			first = p.slabs
		}
	}
	if p.slabs != first {
		t.Error("slabs have changed")
	}
	for _, n := range sizes {
		if s := p.slabs[classOf(n)]; s == nil || s.used != 0 {
			t.Errorf("no slab is ready for %d bytes", n)
		}
	}
	if p.Used() != 0 {
		t.Errorf("%d bytes in use", p.Used())
	}
}

func TestSlabsThatAreNoLongerNeededGoBack(t *testing.T) {
	t.Parallel()
	q := pool(0)
	p := &q
	var all [][]byte
	seen := map[*slab]bool{}
	for len(seen) < 6 {
		b, err := p.Get(minBuffer - 1)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
		if s := p.slabs[classOf(minBuffer-1)]; s != nil {
			seen[s] = true
		}
	}
	for _, b := range all {
		p.Put(b)
	}
	kept := 0
	for s := p.slabs[classOf(minBuffer-1)]; s != nil; s = s.next {
		kept++
	}
	if kept != 1 || p.kept.slab == nil {
		t.Errorf("%d slabs are kept for the class, one for others: %v", kept, p.kept.slab != nil)
	}
	if p.Used() != 0 {
		t.Errorf("%d bytes in use", p.Used())
	}
}

// A slab that is empty and was the only one of its class goes back when another one of the class
// has room again: it would never be looked at behind that.
func TestEmptySlabDoesNotStayBehindOthers(t *testing.T) {
	t.Parallel()
	q := pool(0)
	p := &q
	const n = slabMax - 1 - lead
	class := classOf(n)
	get := func() []byte {
		b, err := p.Get(n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	full := [][]byte{get()}
	for p.slabs[class] != nil {
		full = append(full, get())
	}
	alone := get()
	p.Put(alone)
	p.Put(full[0])
	for s := p.slabs[class]; s != nil; s = s.next {
		if s.used == 0 {
			t.Error("an empty slab is behind one that is used")
		}
	}
	for range 3 {
		p.Trim()
	}
	if p.kept.slab != nil {
		t.Error("the empty slab is kept for ever")
	}
	for _, b := range full[1:] {
		p.Put(b)
	}
	if p.Used() != 0 {
		t.Errorf("%d bytes in use", p.Used())
	}
}
