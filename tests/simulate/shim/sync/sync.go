// SPDX-License-Identifier: Apache-2.0

// Package sync is what core uses of sync, for simulated tasks.
package sync

import "libws/tests/simulate/world"

// Mutex yields before it is taken and after it was given back.
type Mutex struct{ holder any }

// Held tells a model, which only looks, whether somebody holds the mutex.
func (m *Mutex) Held() bool { return m.holder != nil }

// Lock waits until nobody holds the mutex.
func (m *Mutex) Lock() {
	if world.Over() {
		return
	}
	world.Yield()
	self := world.Self()
	if m.holder != nil {
		if m.holder == self {
			world.Fail("%s takes a lock that it holds", world.Name())
		}
		world.Block("waits for a lock", world.Forever, func() bool { return m.holder == nil })
	}
	m.holder = self
	world.Held(+1)
}

// Unlock gives it back.
func (m *Mutex) Unlock() {
	if world.Over() {
		return
	}
	if m.holder != world.Self() {
		world.Fail("%s gives a lock back that it does not hold", world.Name())
	}
	m.holder = nil
	world.Held(-1)
	world.Yield()
}

// TryLock takes the mutex if nobody holds it.
func (m *Mutex) TryLock() bool {
	world.Yield()
	if m.holder != nil {
		return false
	}
	m.holder = world.Self()
	world.Held(+1)
	return true
}

// WaitGroup is sync.WaitGroup.
type WaitGroup struct{ n int }

func (g *WaitGroup) Add(n int) { world.Yield(); g.n += n }
func (g *WaitGroup) Done()     { world.Yield(); g.n-- }

// Wait waits for all.
func (g *WaitGroup) Wait() {
	if world.Yield(); g.n > 0 && !world.Over() {
		world.Block("waits for a group", world.Forever, func() bool { return g.n == 0 })
	}
}

// Pool keeps nothing from one run to the next.
type Pool struct {
	New  func() any
	of   *world.World
	list []any
}

// Get takes one that was put, or makes one.
func (p *Pool) Get() any {
	if n := len(p.list); n > 0 && p.of == world.Current() {
		one := p.list[n-1]
		p.list = p.list[:n-1]
		return one
	}
	if p.New == nil {
		return nil
	}
	return p.New()
}

// Put keeps one.
func (p *Pool) Put(one any) {
	if w := world.Current(); p.of != w {
		p.of, p.list = w, nil
	}
	p.list = append(p.list, one)
}

// Once runs a function once in the process.
type Once struct{ done bool }

// Do runs it.
func (o *Once) Do(f func()) {
	if !o.done {
		o.done = true
		f()
	}
}

// OnceValue is what f returns, which is called once in the process: it does nothing that others may see.
func OnceValue[T any](f func() T) func() T {
	var once Once
	var value T
	return func() T {
		once.Do(func() { value = f() })
		return value
	}
}
