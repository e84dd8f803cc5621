// SPDX-License-Identifier: Apache-2.0

package core

// While memory is short, connections that use some and would take more are parked: they
// are not read. One of them is elected and goes on; see memory_relief.go for the whole.

// starved tells whether the connection must not be read, because memory is short
// and it would take more.
func (w *worker) starved(c *Conn) bool {
	pool := &w.engine.pool
	if !pool.Tight() || c.phase != phaseOpen {
		return false
	}
	if c.rx != nil && c.rx.partial {
		left := c.parser.Remaining()
		return (left == 0 || left > int64(cap(c.rx.message)-len(c.rx.message))) && !w.engine.relief.elects(c)
	}
	return c.block.Buffered() >= largeUse || c.block.Queued() && !pool.Fits(readSize)
}

// elects tells whether the message of c may grow, and elects c if nobody is.
func (r *relief) elects(c *Conn) bool {
	if e := r.elected.Load(); e != c && (e != nil || !r.elected.CompareAndSwap(nil, c)) {
		return false
	}
	r.fed.Store(int64(len(c.rx.message)))
	return true
}

// elect lets the parked connection with the largest message go on: it is the
// nearest to its end.
func (e *Engine) elect() {
	r := &e.relief
	if r.parked.Load() == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var next *Conn
	for c, h := range r.uses.All() {
		if h.rest&useParked != 0 && h.message > 0 && (next == nil || h.message > r.uses.Of(next).message) {
			next = c
		}
	}
	if next != nil && r.elected.CompareAndSwap(nil, next) {
		w := next.w
		w.loop.Post(func() { w.unpark(next) })
	}
}

// park stops reading c until use has sunk.
func (w *worker) park(c *Conn) {
	if w.parked.Has(c) {
		return
	}
	w.parked.Put(c, struct{}{})
	w.engine.relief.parked.Add(1)
	if c.rx != nil {
		c.w.engine.usesMessage(c, cap(c.rx.message)) // also a small one
	}
	w.engine.relief.list(c, func(h *memoryUse) { h.set(useParked, true) })
	c.setPaused(pausedByMemory, true)
	w.engine.watch()
	if w.engine.pool.Wait() {
		w.engine.Relaxed()
	}
}

// unparked forgets that c was parked.
func (w *worker) unparked(c *Conn) {
	if w.parked.Has(c) {
		w.parked.Drop(c)
		r := &w.engine.relief
		r.parked.Add(-1)
		r.list(c, func(h *memoryUse) { h.set(useParked, false) })
	}
}

// unpark reads c again.
func (w *worker) unpark(c *Conn) {
	if w.parked.Has(c) {
		w.unparked(c)
		c.setPaused(pausedByMemory, false)
	}
}

// Relaxed reads again what was parked, because use has sunk. The host calls it when
// it was its part of the meter that sank. Any thread.
func (e *Engine) Relaxed() {
	e.relief.elected.Store(nil)
	for _, w := range e.workers {
		w.loop.Post(w.unparkAll)
	}
}

func (w *worker) unparkAll() {
	all := make([]*Conn, 0, w.parked.Len())
	for c := range w.parked.All() {
		all = append(all, c)
	}
	w.inSteps(all, w.unpark)
}
