// SPDX-License-Identifier: Apache-2.0

//go:build checks

package lock

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
)

// Checks: locks are looked at as they are taken, and phases of connections as they change.
const Checks = true

// Mutex is a lock of a kind, which may be taken in the order of the list only.
type Mutex[R Rank] struct{ mu sync.Mutex }

// Any is a lock of any kind.
type Any = sync.Locker

// Lock takes it, and panics when the order is another one.
func (m *Mutex[R]) Lock() {
	var kind R
	held.takes(kind.rank(), true)
	m.mu.Lock()
}

// TryLock takes it when nobody has it. Who does not wait may take it in any order.
func (m *Mutex[R]) TryLock() bool {
	if !m.mu.TryLock() {
		return false
	}
	var kind R
	held.takes(kind.rank(), false)
	return true
}

// Unlock gives it back.
func (m *Mutex[R]) Unlock() {
	var kind R
	held.gives(kind.rank())
	m.mu.Unlock()
}

// goroutines knows which locks each goroutine holds.
type goroutines struct {
	mu  sync.Mutex
	own map[uint64][]rank // by goroutine
}

var held = goroutines{own: map[uint64][]rank{}}

func (g *goroutines) takes(r rank, waits bool) {
	id := goroutine()
	g.mu.Lock()
	defer g.mu.Unlock()
	if own := g.own[id]; waits && len(own) > 0 && (slices.Max(own) >= r || r >= apart && slices.Min(own) < apart) {
		panic(fmt.Sprintf("lock %d is taken while %v are held", r, own))
	}
	g.own[id] = append(g.own[id], r)
}

func (g *goroutines) gives(r rank) {
	id := goroutine()
	g.mu.Lock()
	defer g.mu.Unlock()
	own := g.own[id]
	i := slices.Index(own, r)
	if i < 0 {
		panic(fmt.Sprintf("lock %d is given back by who does not hold it", r))
	}
	if own = slices.Delete(own, i, i+1); len(own) == 0 {
		delete(g.own, id)
		return
	}
	g.own[id] = own
}

// goroutine is the number of the one that asks, as the runtime prints it.
func goroutine() uint64 {
	var b [32]byte
	_, after, _ := bytes.Cut(b[:runtime.Stack(b[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(after, []byte(" "))
	id, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		panic(err)
	}
	return id
}
