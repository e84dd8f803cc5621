// SPDX-License-Identifier: Apache-2.0

//go:build checks

package lock

import (
	"sync"
	"testing"
)

// panics tells whether f does.
func panics(f func()) (does bool) {
	defer func() { does = recover() != nil }()
	f()
	return false
}

func TestALockOutOfOrderPanics(t *testing.T) {
	var outer Mutex[Server]
	var inner, other Mutex[Conn]
	outer.Lock()
	inner.Lock()
	inner.Unlock()
	inner.Lock()
	if !panics(other.Lock) {
		t.Error("two of a kind are held")
	}
	if !other.TryLock() {
		t.Error("who does not wait may have two of a kind")
	}
	other.Unlock()
	outer.Unlock()
	if !panics(outer.Lock) {
		t.Error("the outer one is taken inside the inner one")
	}
	var others sync.WaitGroup
	others.Go(func() {
		outer.Lock()
		defer outer.Unlock()
		if !panics(inner.Unlock) {
			t.Error("another goroutine gives it back")
		}
	})
	others.Wait()
	inner.Unlock()
	if len(held.own) != 0 {
		t.Errorf("%v are held", held.own)
	}
}

func TestALockOfTheSecondListHasNoneOfTheFirstAroundOrInside(t *testing.T) {
	var inner Mutex[Pool]
	var before Mutex[Turns]
	var behind, other Mutex[Journal]
	inner.Lock()
	if !panics(behind.Lock) {
		t.Error("it is taken inside one of the first list")
	}
	inner.Unlock()
	before.Lock()
	behind.Lock()
	if !panics(inner.Lock) {
		t.Error("one of the first list is taken inside")
	}
	if !panics(other.Lock) {
		t.Error("two of a kind are held")
	}
	behind.Unlock()
	before.Unlock()
	if len(held.own) != 0 {
		t.Errorf("%v are held", held.own)
	}
}
