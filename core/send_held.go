// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
)

// What callbacks of a batch send leaves in one system call also where the host cannot cork or
// gather it itself: over TLS, compressed messages, such as have a completion, and those of
// connections that are counted one by one. The first of them holds the connection: as behind
// corked frames, what anybody sends from then on is queued, or follows unencrypted (tls_cork.go).
//
// A callback of the loop holds it until the batch ends. A callback of a queue (SendByQueue) may
// take its time, and nobody else waits for that: who sends something else lets go, behind it. So
// no thread owns what is held; each lets go, at the end of its dispatch, of all that it has held.

// SendInside is Send for who is called back by the loop of c.
func (c *Conn) SendInside(op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	if c.server != nil && len(data) <= corkMax && !c.keepsWhole() && c.block.Hold() {
		c.w.holding = append(c.w.holding, c)
	}
	return c.Send(op, data, done)
}

// unhold sends what was sent while c was held. The loop's thread.
func (c *Conn) unhold() {
	if s := c.tls.Load(); s != nil {
		c.uncorkSecure(s, nil, 0)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block.LetGo()
	c.flushQueue(&c.w.vector)
}

// letGo is uncork for who is held.
func (w *worker) letGo(c *Conn) {
	defer w.sendingBroke(c)
	c.unhold()
}

// letAllGo ends what SendInside began. The loop's thread.
func (w *worker) letAllGo() {
	for i, c := range w.holding {
		w.holding[i] = nil
		w.letGo(c)
	}
	w.holding = w.holding[:0]
}

const (
	// heldMost is how much of a connection a queue holds.
	heldMost = 64 << 10
	// heldMessage is the largest message of that: to copy a larger one costs more than a system call.
	heldMessage = 4 << 10
)

// SendByQueue is Send for a callback of a queue. waits: what was sent leaves when LetGo is called.
func (c *Conn) SendByQueue(op ws.OpCode, data []byte, done border.Completion) (waits bool, err *fault.Error) {
	if !c.holdByQueue(len(data), done) {
		return false, c.Send(op, data, done)
	}
	return true, c.sendWhole(op, data, done)
}

// holdByQueue tells whether c is held for a message of that size. What is held already leaves when
// more must not wait.
func (c *Conn) holdByQueue(size int, done border.Completion) bool {
	defer c.breaks()
	held := c.block.HeldByQueue()
	if held && size <= heldMessage && c.mayHold(size) {
		return true
	}
	if !held && (size > heldMessage || !done.Wanted() && size <= shortMessage && c.tls.Load() == nil && c.compression() == nil) {
		return false // a short one is gathered by the host, when it may write itself (sendShort)
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return false
	}
	c.sendHeld(s)
	if q := c.client(); q != nil && (q.keep || q.acks != nil) {
		return false
	}
	return size <= heldMessage && c.mayHold(size) && !c.keepsWhole() && c.block.HoldByQueue()
}

// mayHold tells whether a message may wait behind what is held. It must not fill the queue, nor bring a
// drain event, which it would not when it left at once. Any thread.
func (c *Conn) mayHold(size int) bool {
	o := c.options()
	buffered := int64(c.block.Buffered()) // fits: queues are in memory
	return buffered+int64(c.frameSize(size)) <= min(heldMost, o.MaxBuffered, o.HighWater)
}

// LetGo sends what SendByQueue has left. Any thread.
func (c *Conn) LetGo() {
	defer c.breaks()
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if !c.destroyed { // else finish does
		c.sendHeld(s)
	}
}

// passesHeld lets go of what a queue holds, behind which something was sent by somebody else, who holds
// no lock.
func (c *Conn) passesHeld() {
	if c.block != nil && c.block.HeldByQueue() {
		c.LetGo()
	}
}

// sendHeld sends what a queue holds, if it does. c.mu is held, and s locked for output.
func (c *Conn) sendHeld(s *secure) {
	if c.block == nil || !c.block.HeldByQueue() {
		return
	}
	if s != nil {
		r := recordBuffers.Get().(*recordBuffer)
		defer recordBuffers.Put(r)
		r.plain = r.plain[:0] // a panic may have left what is another's
		c.sendFollowers(s, r, 0)
		return
	}
	c.block.LetGo()
	var v loop.Vector // the worker's is the loop's
	c.flushQueue(&v)
}
