// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/deflate"
	"libws/core/loop"
)

// What compression keeps for a connection counts towards the memory budget: the history of
// each direction with takeover, and the inflater of an incomplete message. What a decoder
// remembers it needs; its connection uses that memory, and ends when it uses
// the most. What an encoder remembers only makes messages smaller: while memory is short it
// is dropped, and nobody ends as long as there is some.

// coderMemory is the deflate.Memory of one direction of a connection.
type coderMemory struct {
	pool  *loop.Pool
	spare *atomic.Int64 // what may be dropped, with this; nil: it may not
	// overdraw: somebody else is about to give memory back. The loop's.
	overdraw bool
}

func (m *coderMemory) Grow(b []byte, n int) ([]byte, error) {
	bigger, err := m.pool.GrowFull(b, n, m.overdraw)
	if m.spare != nil {
		m.spare.Add(int64(cap(bigger) - cap(b)))
	}
	return bigger, err
}

func (m *coderMemory) Put(b []byte) {
	if m.spare != nil {
		m.spare.Add(-int64(cap(b)))
	}
	m.pool.PutFull(b)
}

func (m *coderMemory) Count(n int) error {
	if n < 0 {
		m.pool.Count(n)
		return nil
	}
	return m.pool.Claim(n, m.overdraw)
}

var _ deflate.Memory = (*coderMemory)(nil)

// shed drops the histories of all encoders of the loop, but for those that are at work.
func (w *worker) shed() {
	w.shedding.Store(false)
	w.loop.Each(func(h loop.Handler) {
		if c, is := h.(*Conn); is {
			c.rare.compression().shed()
		}
	})
}

// shed drops the history of the encoder, unless it is at work. z may be nil.
func (z *compression) shed() {
	if z == nil {
		return
	}
	if z.mu.TryLock() {
		defer z.mu.Unlock()
		z.out.Drop()
	}
}

// shedAll has all loops shed, but for one. relief.mu may be held.
func (e *Engine) shedAll(but *worker) {
	if e.relief.spare.Load() == 0 {
		return
	}
	for _, w := range e.workers {
		if w != but && !w.shedding.Swap(true) {
			w.loop.Post(w.shed)
		}
	}
}

// shedFor tells whether what encoders remember makes room for n bytes: here, or soon on
// other loops. On the loop's thread.
func (w *worker) shedFor(n int) (kind reliefKind, ok bool) {
	e := w.engine
	if e.relief.spare.Load() == 0 {
		return 0, false
	}
	w.shed()
	if e.pool.Fits(n) {
		return reliefHere, true
	}
	e.shedAll(w)
	return reliefElsewhere, e.pool.Used()-e.relief.spare.Load()+int64(n) <= e.pool.Budget()
}
