// SPDX-License-Identifier: Apache-2.0

package core

// While memory is short, connections that hold some and would take more are parked: they
// are not read. One of them is elected and goes on; see relief.go for the whole.

// starved tells whether the connection must not be read, because memory is short
// and it would take more.
func (c *Conn) starved() bool {
	pool := &c.w.engine.pool
	if !pool.Tight() || c.phase != phaseOpen {
		return false
	}
	if c.rx != nil && c.rx.partial {
		left := c.parser.Remaining()
		return (left == 0 || left > int64(cap(c.rx.message)-len(c.rx.message))) && !c.isElected()
	}
	return c.block.Buffered() >= holderSize || c.block.Queued() && !pool.Room(readSize)
}

// isElected tells whether the message of c may grow, and elects c if nobody is.
func (c *Conn) isElected() bool {
	r := &c.w.engine.relief
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
	for c, h := range r.holders.All() {
		if h.rest&holderParked != 0 && h.message > 0 && (next == nil || h.message > r.holders.Of(next).message) {
			next = c
		}
	}
	if next != nil && r.elected.CompareAndSwap(nil, next) {
		next.w.loop.Post(next.unpark)
	}
}

// park stops reading until use has sunk.
func (c *Conn) park() {
	w := c.w
	if w.parked.Has(c) {
		return
	}
	w.parked.Put(c, struct{}{})
	w.engine.relief.parked.Add(1)
	if c.rx != nil {
		c.holds(cap(c.rx.message)) // also a small one
	}
	w.engine.relief.list(c, func(h *holder) { h.set(holderParked, true) })
	c.setPaused(pausedByMemory, true)
	w.engine.watch()
	if w.engine.pool.Wait() {
		w.engine.Relaxed()
	}
}

// unparked forgets that c was parked.
func (e *Engine) unparked(c *Conn) {
	if c.w.parked.Has(c) {
		c.w.parked.Drop(c)
		e.relief.parked.Add(-1)
		e.relief.list(c, func(h *holder) { h.set(holderParked, false) })
	}
}

// unpark reads c again.
func (c *Conn) unpark() {
	if c.w.parked.Has(c) {
		c.w.engine.unparked(c)
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
	w.inSteps(all, (*Conn).unpark)
}
