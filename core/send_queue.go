// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math"
	"sync"
	"time"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// queueStep is the least buffer of a queue: small frames share it.
const queueStep = 4 << 10

// queue holds the frames of a connection that the kernel has not taken, and the
// completions of sends that wait for it. It exists only while one of both is
// there. Conn.mu guards it.
type queue struct {
	chunks  []chunk // oldest first; those before first are sent
	first   int
	off     int    // bytes of chunks[first] that are sent
	sent    uint64 // bytes that the kernel took since the queue was made
	waiting []waiting
	posted  bool          // the loop was asked to report completions
	fanned  bool          // the connection is in fan.pending, so its loop is about to write
	common  bool          // it is that of others as well and never changes, see shared.common
	looked  uint64        // sent, when the sweep looked last
	stuck   time.Duration // since when that is so, by its clock; 0: it has not looked
	few     [1]chunk      // the first place of chunks
}

// queues are spare ones, so that a message to thousands leaves no garbage.
var queues = sync.Pool{New: func() any {
	q := new(queue)
	q.chunks = q.few[:0]
	return q
}}

// keptChunks is the longest list that a spare queue keeps.
const keptChunks = 64

// recycle keeps a queue in which nothing is left for others.
func (q *queue) recycle() {
	if cap(q.chunks) > keptChunks || cap(q.chunks) == 0 {
		q.chunks = q.few[:]
	}
	*q = queue{chunks: q.chunks[:0]}
	queues.Put(q)
}

// waiting is a send whose completion is due when sent reaches target.
type waiting struct {
	target uint64
	done   border.Completion
}

// never is the target of a send that has not begun.
const never = math.MaxUint64

func (q *queue) empty() bool { return q.first == len(q.chunks) }

// last is the newest chunk, nil when there is none.
func (q *queue) last() *chunk {
	if q.empty() {
		return nil
	}
	return &q.chunks[len(q.chunks)-1]
}

// add takes over a buffer of the pool.
func (q *queue) add(b []byte) { q.put(chunk{bytes: b}) }

func (q *queue) put(b chunk) {
	if q.first > 16 && q.first > len(q.chunks)/2 { // the list does not grow by what is sent
		n := copy(q.chunks, q.chunks[q.first:])
		clear(q.chunks[n:])
		q.chunks, q.first = q.chunks[:n], 0
	}
	q.chunks = append(q.chunks, b)
}

// addFront takes over a buffer whose bytes come before all others. Nothing of
// the queue has been sent then.
func (q *queue) addFront(b []byte) {
	q.chunks = append([]chunk{{bytes: b}}, q.chunks[q.first:]...)
	q.first = 0
}

// drop gives the oldest chunk back.
func (q *queue) drop(pool *loop.Pool) {
	q.chunks[q.first].free(pool)
	q.off = 0
	if q.first++; q.empty() {
		q.chunks, q.first = q.chunks[:0], 0
	}
}

// append copies frames to the end.
func (q *queue) append(pool *loop.Pool, frames []byte) bool {
	b := q.tail(pool, len(frames))
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
		if last := q.last(); last == nil || last.spare() == 0 {
			size := fillStep
			if last == nil {
				size = max(min(len(p), fillStep), queueStep-1)
			}
			b, err := pool.Force(size)
			if err != nil {
				return false
			}
			q.add(b)
		}
		last := q.last()
		n := min(len(p), last.spare())
		last.bytes = append(last.bytes, p[:n]...)
		p = p[n:]
	}
	return true
}

// tail returns the last buffer, with room for size more bytes; nil without memory.
func (q *queue) tail(pool *loop.Pool, size int) *[]byte {
	if last := q.last(); last != nil && last.spare() >= size {
		return &last.bytes
	}
	b, err := pool.Force(max(size, queueStep-1))
	if err != nil {
		return nil
	}
	q.add(b)
	return &q.last().bytes
}

// release gives all buffers back.
func (q *queue) release(pool *loop.Pool) {
	if q.common {
		q.chunks[0].from.release(pool, 1)
		return
	}
	for !q.empty() {
		q.drop(pool)
	}
}

// needQueue makes the queue, one that is the connection's own. c.mu is held.
func (c *Conn) needQueue() *queue {
	if q := c.tx; q == nil || q.common {
		c.tx = queues.Get().(*queue)
		if q != nil {
			c.tx.put(q.chunks[0])
			c.tx.fanned = true
		}
	}
	return c.tx
}

// crowded tells whether something waits that has not left at once, or soon will not, of which full
// is a sign; q may be nil.
func (q *queue) crowded(full bool) bool {
	return q != nil && !q.empty() && (full || !q.fanned || len(q.chunks)-q.first >= sharedMost)
}

// frame copies a frame of c, cut if need be, to the end of the queue, masked for a client.
func (q *queue) frame(c *Conn, first byte, data []byte, size int) bool {
	b := q.tail(&c.w.engine.pool, size)
	if b == nil {
		return false
	}
	*b = wire.AppendCut(*b, c.server.role(), first, data, c.options().Frame())
	return true
}

// settleQueue ends a change of the queue: the host may cork again when nothing
// is queued, else the loop waits for room in the kernel. c.mu is held.
func (c *Conn) settleQueue() {
	if c.block.Deferred() {
		return
	}
	c.checkMarks()
	c.checkPong()
	c.w.engine.relief.usesOutput(c, largeUse)
	q := c.tx
	if s := c.tls.Load(); s != nil {
		if q == nil || q.empty() {
			s.answers = 0
		}
		if s.behind != nil {
			return // secure.uncork goes on
		}
	}
	if q == nil {
		c.block.Unqueued()
		return
	}
	if q.empty() {
		c.block.Unqueued()
	} else if !c.block.Corked() && !q.fanned { // else uncork sends it, in order, or sendFan
		c.watch(true)
		c.rare.client().postStuck()
	}
	if len(q.waiting) == 0 {
		if q.empty() {
			c.tx = nil
			q.recycle()
		}
	} else if q.waiting[0].target <= q.sent && !q.posted {
		q.posted = true
		c.w.loop.Post(c.completeSends)
	}
}

// flushQueue gives the kernel what it takes, through v as writeQueue. c.mu is held.
func (c *Conn) flushQueue(v *loop.Vector) {
	if c.block.Deferred() {
		return
	}
	if c.tx != nil && !c.tx.empty() && c.sock.Open() {
		q := c.needQueue()
		c.writeQueue(q, v)
		if q.empty() {
			c.watch(c.block.Load()&border.OutEarly != 0)
		}
	}
	c.settleQueue()
}

// writeQueue writes through v; off the loop's thread v is the caller's own. c.mu is held.
func (c *Conn) writeQueue(q *queue, v *loop.Vector) {
	pool := &c.w.engine.pool
	for !q.empty() && !c.failed {
		v.Reset()
		v.Add(q.chunks[q.first].bytes[q.off:])
		for _, b := range q.chunks[q.first+1:] {
			if v.Full() {
				break
			}
			v.Add(b.bytes)
		}
		n, errno := c.sock.WriteVector(v)
		if n = c.wrote(n, errno); n == 0 {
			break
		}
		for n > 0 {
			rest := len(q.chunks[q.first].bytes) - q.off
			if n < rest {
				q.off += n
				return // the kernel is full
			}
			n -= rest
			q.drop(pool)
		}
	}
	if c.failed {
		q.release(pool)
	}
}

// writable is called when the kernel has room again.
func (c *Conn) writable() {
	if c.block == nil { // a TLS handshake, which has no queue
		c.meets(onWritable, nil)
		return
	}
	locked := take(&c.mu)
	defer locked.end()
	c.flushQueue(&c.w.vector)
	idle := c.tx == nil || c.tx.empty()
	early := idle && c.block.Load()&border.OutEarly != 0 && c.block.State() == border.StateOpen
	if idle && !early {
		// What the room was wanted for went another way: at once behind a pause, with what an
		// overflow dropped. The poller would tell of it for ever.
		c.watch(false)
	}
	locked.end()
	if early {
		c.pushEarly()
	}
	c.meets(onWritable, nil)
}

// target is when everything that was accepted has been sent. c.mu is held, and the queue is its.
func (q *queue) target(c *Conn) uint64 {
	if c.tls.Load().lacks() {
		return never
	}
	return q.sent + c.ahead()
}

// completeSends reports the sends that the kernel has.
func (c *Conn) completeSends() {
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	q := c.tx
	if q == nil || q.common {
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
	locked.end()
	for _, d := range due {
		c.w.complete(c.block.Slot, border.OpSend, d.done, nil)
	}
}

// fail reports all sends of a handle whose connection has ended: q is no longer shared.
func (q *queue) fail(w *worker, b *border.Block, why *fault.Error) {
	for _, d := range q.waiting {
		bad := why
		if d.target <= q.sent {
			bad = nil
		}
		w.complete(b.Slot, border.OpSend, d.done, bad)
	}
	q.release(&w.engine.pool)
}

// checkMarks reports that the queue has drained. c.mu is held.
func (c *Conn) checkMarks() {
	buffered := int64(c.block.Buffered())
	if buffered > c.options().HighWater {
		c.high = true
	}
	if c.high && buffered <= c.options().LowWater {
		c.high = false
		if c.block.State() == border.StateOpen {
			c.post(border.LifePostedDrain, onDrained)
		}
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
		n = int(r.shelf.Waits) // fits: they are in memory
	}
	if r != nil && r.client != nil && r.client.acks != nil {
		n += r.client.acks.bytes
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
