// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math"
	"time"

	"libws/core/loop"
	"libws/core/wire"
)

// queueStep is the least buffer of a queue: small frames share it.
const queueStep = 4 << 10

// queue holds the frames of a connection that the kernel has not taken, and the
// completions of sends that wait for it. It exists only while one of both is
// there. Conn.mu guards it.
type queue struct {
	buffers [][]byte // of the pool, oldest first
	off     int      // bytes of buffers[0] that are sent
	sent    uint64   // bytes that the kernel took since the queue was made
	waiting []waiting
	posted  bool          // the loop was asked to report completions
	listed  bool          // in relief.holders
	looked  uint64        // sent, when the sweep looked last
	stuck   time.Duration // since when that is so, by its clock; 0: it has not looked
}

// waiting is a send whose completion is due when sent reaches target.
type waiting struct {
	target uint64
	done   Completion
}

// never is the target of a send that has not begun.
const never = math.MaxUint64

func (q *queue) empty() bool { return len(q.buffers) == 0 }

// add takes over a buffer of the pool.
func (q *queue) add(b []byte) { q.buffers = append(q.buffers, b) }

// addFront takes over a buffer whose bytes come before all others. Nothing of
// the queue has been sent then.
func (q *queue) addFront(b []byte) { q.buffers = append([][]byte{b}, q.buffers...) }

// append copies frames to the end.
func (q *queue) append(pool *loop.Pool, frames []byte) bool {
	b := q.room(pool, len(frames))
	if b == nil {
		return false
	}
	*b = append(*b, frames...)
	return true
}

// fillStep is the buffer of a queue that fill makes when one is not enough.
const fillStep = 32<<10 - 1

// fill copies bytes to the end like append, but leaves no room behind: records
// are longer than a power of two and would waste half of each buffer.
func (q *queue) fill(pool *loop.Pool, p []byte) bool {
	for len(p) > 0 {
		if n := len(q.buffers); n == 0 || len(q.buffers[n-1]) == cap(q.buffers[n-1]) {
			size := fillStep
			if n == 0 {
				size = max(min(len(p), fillStep), queueStep-1)
			}
			b, err := pool.Force(size)
			if err != nil {
				return false
			}
			q.add(b)
		}
		last := &q.buffers[len(q.buffers)-1]
		n := min(len(p), cap(*last)-len(*last))
		*last = append(*last, p[:n]...)
		p = p[n:]
	}
	return true
}

// room returns the last buffer, with room for size more bytes; nil without memory.
func (q *queue) room(pool *loop.Pool, size int) *[]byte {
	if n := len(q.buffers); n > 0 {
		if last := &q.buffers[n-1]; cap(*last)-len(*last) >= size {
			return last
		}
	}
	b, err := pool.Force(max(size, queueStep-1))
	if err != nil {
		return nil
	}
	q.add(b)
	return &q.buffers[len(q.buffers)-1]
}

// release gives all buffers back.
func (q *queue) release(pool *loop.Pool) {
	for i, b := range q.buffers {
		pool.Put(b)
		q.buffers[i] = nil
	}
	q.buffers = nil
}

// needQueue makes the queue. c.mu is held.
func (c *Conn) needQueue() *queue {
	if c.tx == nil {
		c.tx = new(queue)
	}
	return c.tx
}

// enqueue copies a frame to the end of the queue, masked for a client.
func (c *Conn) enqueue(first byte, data []byte, size int) bool {
	b := c.needQueue().room(&c.w.engine.pool, size)
	if b == nil {
		return false
	}
	*b = wire.AppendFragment(*b, c.role(), opcode(first), first&finBit != 0, data)
	return true
}

// settleQueue ends a change of the queue: the host may cork again when nothing
// is queued, else the loop waits for room in the kernel. c.mu is held.
func (c *Conn) settleQueue() {
	c.checkMarks()
	q := c.tx
	if s := c.tls.Load(); s != nil && (q == nil || q.empty()) {
		s.answers = 0
	}
	if q == nil {
		c.block.clear(outQueued)
		return
	}
	if q.empty() {
		c.block.clear(outQueued)
		c.holdsQueue(q, false)
	} else if c.block.load()&outCorked == 0 { // else uncork sends it, in order
		c.watch(true)
		c.tellStuck()
	}
	if !q.empty() && c.block.Buffered() >= holderSize {
		c.holdsQueue(q, true)
	}
	if len(q.waiting) == 0 {
		if q.empty() {
			c.tx = nil
		}
	} else if q.waiting[0].target <= q.sent && !q.posted {
		q.posted = true
		c.w.loop.Post(c.completeSends)
	}
}

// flushQueue gives the kernel what it takes. c.mu is held.
func (c *Conn) flushQueue() {
	if q := c.tx; q != nil && !q.empty() && c.sock.Open() {
		c.writeQueue(q, &c.w.vector)
		if q.empty() {
			c.watch(c.block.load()&outEarly != 0)
		}
	}
	c.settleQueue()
}

// writeQueue writes through v; off the loop's thread v is the caller's own.
func (c *Conn) writeQueue(q *queue, v *loop.Vector) {
	pool := &c.w.engine.pool
	for !q.empty() && !c.failed {
		v.Reset()
		v.Add(q.buffers[0][q.off:])
		for _, b := range q.buffers[1:] {
			if v.Full() {
				break
			}
			v.Add(b)
		}
		n, errno := c.sock.WriteVector(v)
		if n = c.wrote(n, errno); n == 0 {
			break
		}
		for n > 0 {
			rest := len(q.buffers[0]) - q.off
			if n < rest {
				q.off += n
				return // the kernel is full
			}
			n -= rest
			pool.Put(q.buffers[0])
			q.buffers[0] = nil
			q.buffers = q.buffers[1:]
			q.off = 0
		}
	}
	if c.failed {
		q.release(pool)
	}
}

// writable is called when the kernel has room again.
func (c *Conn) writable() {
	c.mu.Lock()
	c.flushQueue()
	early := c.block.load()&outEarly != 0 && (c.tx == nil || c.tx.empty())
	c.mu.Unlock()
	if early {
		c.pushEarly()
	}
	c.progress()
	c.replyLeft()
}

// waitFor adds a completion that is due when everything buffered now has been
// sent. The caller holds c.mu and has claimed, so the host corks nothing meanwhile.
func (c *Conn) waitFor(done Completion) {
	q := c.needQueue()
	q.waiting = append(q.waiting, waiting{c.target(), done})
}

// target is when everything buffered now has been sent. c.mu is held; there is a queue.
func (c *Conn) target() uint64 {
	before := c.block.Buffered()
	if r := c.rare.Load(); r != nil {
		before -= r.waits // what is sent later
	}
	return c.tx.sent + before
}

// completeSends reports the sends that the kernel has.
func (c *Conn) completeSends() {
	c.mu.Lock()
	q := c.tx
	if q == nil {
		c.mu.Unlock()
		return // the connection has ended and reported them
	}
	q.posted = false
	n := 0
	for n < len(q.waiting) && q.waiting[n].target <= q.sent {
		n++
	}
	due := q.waiting[:n]
	q.waiting = q.waiting[n:]
	if len(q.waiting) == 0 && q.empty() {
		c.tx = nil
	}
	c.mu.Unlock()
	for _, d := range due {
		c.w.complete(c.block.Slot, OpSend, d.done, nil)
	}
}

// failSends reports all sends of an ended connection: q is no longer shared.
func (c *Conn) failSends(q *queue, why *Error) {
	for _, d := range q.waiting {
		if d.target <= q.sent {
			c.w.complete(c.block.Slot, OpSend, d.done, nil)
		} else {
			c.w.complete(c.block.Slot, OpSend, d.done, why)
		}
	}
	q.release(&c.w.engine.pool)
}
