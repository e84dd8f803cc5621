// SPDX-License-Identifier: Apache-2.0

package ebb

import (
	"runtime"
	"testing"
)

func TestMapHoldsWhatWasPutAndNotDropped(t *testing.T) {
	var m Map[int, int]
	m.Drop(1)
	const n = 10000
	for i := range n {
		m.Put(i, -i)
	}
	for i := range n {
		if i%100 != 7 {
			m.Drop(i)
		}
	}
	if m.Len() != n/100 || len(m.All()) != n/100 {
		t.Fatalf("%d entries", m.Len())
	}
	for i := range n {
		if kept := i%100 == 7; m.Has(i) != kept || kept && m.Of(i) != -i || !kept && m.Of(i) != 0 {
			t.Fatalf("%d: %v, %d", i, m.Has(i), m.Of(i))
		}
	}
	for i := range n {
		m.Drop(i)
	}
	if m.Len() != 0 || m.Has(7) {
		t.Fatal("something is left")
	}
	m.Put(1, 2)
	if m.Of(1) != 2 {
		t.Fatal("it does not begin again")
	}
}

// Ranging while entries are dropped sees each that stays.
func TestMapMayBeDroppedFromWhileItIsRangedOver(t *testing.T) {
	var m Map[int, bool]
	for i := range 5000 {
		m.Put(i, true)
	}
	seen := map[int]int{}
	for i := range m.All() {
		seen[i]++
		m.Drop(i)
	}
	if len(seen) != 5000 || m.Len() != 0 {
		t.Fatalf("%d were seen, %d are left", len(seen), m.Len())
	}
}

func TestMapGivesItsRoomBack(t *testing.T) {
	live := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	var m Map[[8]int, int]
	before := live()
	for i := range 200000 {
		m.Put([8]int{i}, i)
	}
	full := live() - before
	for i := 100; i < 200000; i++ {
		m.Drop([8]int{i})
	}
	if left := live() - before; left > full/20 {
		t.Errorf("of %d bytes %d are left", full, left)
	}
	runtime.KeepAlive(&m)
}
