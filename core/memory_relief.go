// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math"
	"slices"
	"sync/atomic"
	"time"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/loop"
)

// What happens when memory is short (loop.Meter):
//
//   - A connection that uses some and would take more is parked: it is not read, so
//     its peer feels it through TCP. When use has sunk, all parked ones are read again.
//     Those that use none go on, and one that is elected, up to the budget: when its
//     message is whole its memory is free, and the next one is elected.
//   - Over the budget sends are refused, and a message that has to grow ends the
//     connection that uses the most, of all loops, with 1013. What was read already
//     finds room in the overdraft while that connection is on another loop.
//   - What encoders remember only makes messages smaller: it is dropped before anybody
//     ends (memory_coders.go).
//   - When somebody is in want and use does not sink for stallTime, those that hold
//     the most end until there is room: nobody waits for ever. What waits in queues of
//     the host is given back by the host alone, so nobody ends for it.

const (
	// largeUse is what a message or the output of a connection must take for it to
	// be listed as large at once. Smaller ones are looked for in a stall only.
	largeUse  = 16 << 10
	stallTime = 3 * time.Second
	smallSend = 16 << 10
	// progress is the part of the budget by which use must sink in stallTime.
	progress = 64
)

// relief knows who uses memory. Any thread; mu is taken inside Conn.mu.
type relief struct {
	parked atomic.Int32 // connections of all loops
	spare  atomic.Int64 // bytes of histories of encoders
	wanted atomic.Bool  // since the last look somebody got no memory
	due    atomic.Bool  // a look is

	stall time.Duration // stallTime; never changes

	elected atomic.Pointer[Conn] // whose message may grow while memory is short
	fed     atomic.Int64         // bytes it has

	mu       lock.Mutex[lock.Relief]
	uses     ebb.Map[*Conn, memoryUse] // guarded by mu
	promised int64                     // what connections on other loops are about to give back; guarded by mu
	last     look                      // guarded by mu
	timer    *time.Timer               // the next look; guarded by mu
	stopped  bool                      // guarded by mu
}

// look is what was seen when somebody looked after memory.
type look struct {
	used, fed int64
	elected   *Conn
}

// memoryUse is why a connection is listed: its incomplete message, what it remembers of earlier
// ones, or its output.
type memoryUse struct {
	message uint32 // in units
	rest    uint32 // units of the decoder, above the flags
}

// There may be thousands at once, so they are small.
const (
	useUnit   = 64
	useOutput = 1 // it has output
	useParked = 2
	useFlags  = 2 // how many
)

// units is how many n bytes are, at least one of any.
func units(n int) uint32 {
	if n == 0 {
		return 0
	}
	return uint32(max(1, min(n/useUnit, math.MaxUint32>>useFlags))) // fits: as min says
}

func (h *memoryUse) setMessage(n int) { h.message = units(n) }

func (h *memoryUse) setCoder(n int) {
	h.rest = h.rest&(1<<useFlags-1) | units(n)<<useFlags
}

func (h *memoryUse) set(flag uint32, on bool) {
	h.rest &^= flag
	if on {
		h.rest |= flag
	}
}

// bytes is how many a listed connection uses. Any thread.
func (h *memoryUse) bytes(c *Conn) int {
	return (int(h.message)+int(h.rest>>useFlags))*useUnit + c.output()
}

// reliefKind is what relieve has done.
type reliefKind int

const (
	reliefHere      reliefKind = iota // memory was given back
	reliefElsewhere                   // another loop was asked to
	reliefEnded                       // the connection that asked has ended, or uses the most
)

var errRelieved = &fault.Error{ID: fault.IDMemory, Stage: dial.StageLimit, Text: "the connection held the most when the memory budget was used up"}

// usesMessage lists c when its incomplete message takes n bytes, and no longer when that is 0. The
// loop's.
func (e *Engine) usesMessage(c *Conn, n int) {
	r := &e.relief
	if n == 0 && r.elected.Load() == c && r.elected.CompareAndSwap(c, nil) {
		defer e.elect()
	}
	large := n >= largeUse || n > 0 && e.pool.Tight()
	if !large && !c.rx.inRelief {
		return
	}
	c.rx.inRelief = n > 0
	r.list(c, func(h *memoryUse) { h.setMessage(n) })
}

// usesOutput lists c when what waits to be sent takes as much as that, wherever it waits, and
// no longer when nothing does. c.mu is held.
func (r *relief) usesOutput(c *Conn, much int) {
	switch n := c.waiting(); {
	case n == 0:
		r.listOutput(c, false)
	case n >= much && c.sock.Open(): // else its end would give nothing back
		r.listOutput(c, true)
	}
}

// listOutput says whether the output of c takes much. c.mu is held.
func (r *relief) listOutput(c *Conn, much bool) {
	if c.block.InRelief(much) {
		r.list(c, func(h *memoryUse) { h.set(useOutput, much) })
	}
}

// waiting is what waits to be sent, and what is remembered of what has left. c.mu is held.
func (c *Conn) waiting() int {
	n := int(c.block.Buffered()) // fits: they are in memory
	r := c.rare.Load()
	switch {
	case c.failed && r == nil: // the queue was given back
		n = 0
	case c.failed:
		n = int(r.shelf.waits) // fits: they are in memory
	}
	if r != nil && r.client != nil && r.client.acks != nil {
		n += r.client.acks.bytes
	}
	return n
}

// list changes the entry of c, and drops it when it is empty.
func (r *relief) list(c *Conn, change func(*memoryUse)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.uses.Of(c)
	if change(&h); h == (memoryUse{}) {
		r.uses.Drop(c)
	} else {
		r.uses.Put(c, h)
	}
}

// largest is the listed connection that uses the most, and how much. r.mu is held.
func (r *relief) largest() (most *Conn, size int) {
	for c, h := range r.uses.All() {
		if n := h.bytes(c); n > size {
			most, size = c, n
		}
	}
	return most, size
}

// usage is how many bytes would be free if the connection ended.
func (c *Conn) usage() int {
	n := c.output()
	if c.rx != nil {
		n += cap(c.rx.message)
	}
	if z := c.rare.compression(); z != nil {
		n += z.kept()
	}
	return n
}

// output is what waits to be sent, of frames that others send as well the part that
// falls to c. Any thread, with relief.mu held or not, so it never waits for c.mu: who is
// just sending is taken for the only one who holds its frames.
func (c *Conn) output() int {
	if !c.mu.TryLock() {
		return int(c.block.Buffered()) // fits: they are in memory
	}
	defer c.mu.Unlock()
	n := c.waiting()
	if c.tx != nil {
		n -= c.tx.others()
	}
	return n
}

// lets tells whether the connection with block b may send n bytes, and when it may not that somebody
// is in want. What is small may use the overdraft when nothing of it waits: most likely the
// kernel takes it. Any thread; inside Conn.mu or not.
func (e *Engine) lets(b *border.Block, n int) bool {
	if e.pool.Fits(n) || n <= smallSend && b.Buffered() == 0 && e.pool.Reserve(n) {
		return true
	}
	if int64(n) <= e.pool.Low() { // a larger one may never fit
		e.short()
	}
	return false
}

// short is called by everybody who gets no memory. Any thread; inside Conn.mu or not.
func (e *Engine) short() {
	e.relief.wanted.Store(true)
	e.watch()
}

// watch has a look after a while.
func (e *Engine) watch() {
	r := &e.relief
	if r.due.Load() || !r.due.CompareAndSwap(false, true) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = look{e.pool.Used(), r.fed.Load(), r.elected.Load()}
	e.shedAll(nil)
	e.lookLater()
}

// lookLater sets the timer. relief.mu is held.
func (e *Engine) lookLater() {
	if !e.relief.stopped {
		e.relief.timer = time.AfterFunc(e.relief.stall, e.look)
	}
}

func (r *relief) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

// look ends a stall. On a goroutine of its own, one at a time.
func (e *Engine) look() {
	defer e.guard("looking after memory", nil)
	r := &e.relief
	if wanted := r.wanted.Swap(false); e.pool.Used() <= e.pool.Low() || !wanted && !e.stuck() {
		r.due.Store(false)
		e.Relaxed()
		if r.wanted.Load() || e.stuck() {
			e.watch() // it came too late to be looked at now
		}
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := look{e.pool.Used(), r.fed.Load(), r.elected.Load()}
	enough := e.pool.Budget() / progress
	if r.last.used-now.used < enough && now.elected == r.last.elected && now.fed-r.last.fed < enough {
		r.elected.CompareAndSwap(now.elected, nil)
		e.endLargest(now.used)
	}
	r.last = now
	e.shedAll(nil)
	e.lookLater()
}

// stuck tells whether somebody is parked who would be parked again.
func (e *Engine) stuck() bool { return e.relief.parked.Load() > 0 && e.pool.Tight() }

// endLargest asks loops to end those that use the most until there is room.
// relief.mu is held.
func (e *Engine) endLargest(used int64) {
	type usage struct {
		c    *Conn
		size int
	}
	r := &e.relief
	var all []usage
	for c, h := range r.uses.All() { // they may be many, so each is looked at once
		if n := h.bytes(c); n > 0 {
			all = append(all, usage{c, n})
		}
	}
	// By pointers, because that sort is in the library anyway: one for this struct takes 12 KB.
	largest := make([]*usage, len(all))
	for i := range all {
		largest[i] = &all[i]
	}
	slices.SortFunc(largest, func(a, b *usage) int { return b.size - a.size })
	for _, h := range largest {
		if used-r.promised <= e.pool.Low() {
			return
		}
		r.order(h.c, h.size)
	}
	if used-r.promised > e.pool.Low() {
		for _, w := range e.workers {
			w.loop.Post(w.listAll) // the next look finds them
		}
	}
}

// order asks another loop to end a connection, which gives size bytes back.
// relief.mu is held.
func (r *relief) order(c *Conn, size int) {
	r.uses.Drop(c)
	r.promised += int64(size)
	done := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.promised -= int64(size)
	}
	if !c.w.loop.Post(func() { defer done(); c.meets(onShort, &occasion{err: loop.ErrBudget}) }) {
		r.promised -= int64(size)
	}
}

// listAll lists every connection of the loop that uses anything.
func (w *worker) listAll() {
	w.loop.Each(func(h loop.Handler) {
		c, is := h.(*Conn)
		if !is || c.block == nil || c.phase != phaseOpen && c.phase != phaseDelivering {
			return
		}
		if c.rx != nil && c.rx.message != nil {
			c.rx.inRelief = true
			c.w.engine.usesMessage(c, cap(c.rx.message))
		}
		if z := c.rare.compression(); z != nil {
			z.lists()
		}
		w.listOutput(c)
	})
}

// listOutput lists the output, also a small one.
func (w *worker) listOutput(c *Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w.engine.relief.usesOutput(c, 1)
}

// relieve makes room for c, which wants n bytes more and got err. On the loop's thread.
func (e *Engine) relieve(c *Conn, n int, err error) reliefKind {
	e.short()
	c.w.flush() // what was received before is delivered
	if c.phase != phaseOpen {
		return reliefEnded
	}
	if kind, ok := c.w.shedFor(2*n + largeUse); ok && err == loop.ErrBudget {
		return kind
	}
	r := &e.relief
	locked := take(&r.mu)
	defer locked.end()
	if r.promised > 0 && e.pool.Used()-r.promised+int64(n) <= e.pool.Budget() {
		return reliefElsewhere
	}
	if err == loop.ErrBudget && e.pool.Fits(2*n+largeUse) { // for the buffer of any n bytes
		return reliefHere // another loop has done it meanwhile
	}
	victim, size := r.largest()
	if victim == nil || size <= c.usage() {
		victim = c
	}
	if victim.w != c.w {
		r.order(victim, size)
		return reliefElsewhere
	}
	r.uses.Drop(victim)
	locked.end()
	victim.meets(onShort, &occasion{err: err})
	if c.phase != phaseOpen {
		return reliefEnded
	}
	return reliefHere
}
