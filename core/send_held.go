// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// What callbacks of a queue send, and the host cannot gather itself, is held as it is inside a callback of
// the loop (SendInside): compressed, with a completion, over TLS what is longer than border.DirectMax or has to be
// looked at. Only may such a callback take its time, and
// nobody else waits for that: who sends something else lets go, behind it. So no thread owns what is held;
// each lets go, at the end of its dispatch, of all that it has held. What the host gathers over TLS becomes what is
// held when somebody comes by (send_gathered.go).

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
	o := c.options()
	// What is held must not fill the queue, nor bring a drain event, which it would not when it left at once.
	fits := func() bool {
		buffered := int64(c.block.Buffered()) // fits: queues are in memory
		return size <= heldMessage &&
			buffered+int64(wire.CutSize(size, o.Frame(), c.server == nil)) <= min(heldMost, o.MaxBuffered, o.HighWater)
	}
	held, gathered := c.block.HeldByQueue(), c.tls.Load() != nil && c.block.Load()&border.OutGathered != 0
	if held && fits() {
		return true
	}
	if !held && !gathered && (size > heldMessage || !done.Wanted() && size <= shortMessage && c.tls.Load() == nil && c.rare.compression() == nil) {
		return false // a short one is gathered by the host, when it may write itself (sendShort)
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return false
	}
	if gathered && s != nil && fits() { // it goes on as it was gathered
		s.takeGathered(nil)
	}
	if c.block.HeldByQueue() && fits() {
		return true
	}
	c.sendHeld(s)
	if q := c.rare.client(); q != nil && (q.keep || q.acks != nil) {
		return false
	}
	return fits() && !c.keepsWhole() && c.block.HoldByQueue()
}

// LetGo sends what SendByQueue has left. What that completes is told by the loop, which may sleep until all
// are let go; nil: it does not. Any thread.
func (c *Conn) LetGo(all *loop.Later) {
	defer c.breaks()
	if all != nil {
		all.Keep(c.w.loop)
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	switch {
	case !c.destroyed:
		c.sendHeld(s)
		if s != nil && c.rare.Load().goesAtOnce() {
			c.offerDirect()
		}
	case s != nil: // finish sends it, when the outbox may be another's
		s.takeGathered(nil)
	}
}

// passesHeld lets go of what a queue holds, behind which something was sent by somebody else, who holds
// no lock.
func (c *Conn) passesHeld() {
	if c.block != nil && c.block.HeldByQueue() {
		c.LetGo(nil)
	}
}

// sendHeld sends what a queue holds, if it does, over TLS also what the host has gathered. c.mu is held, and s
// locked for output.
func (c *Conn) sendHeld(s *secure) {
	if c.block == nil {
		return
	}
	if s != nil {
		s.sendHeld()
		return
	}
	if !c.block.HeldByQueue() {
		return
	}
	c.block.LetGo()
	var v loop.Vector // the worker's is the loop's
	c.flushQueue(&v)
}

// sendHeld is Conn.sendHeld over TLS.
func (s *secure) sendHeld() {
	c := s.c
	if c.block.Load()&(border.OutHeldByQueue|border.OutGathered) == 0 {
		return
	}
	r := recordBuffers.Get().(*recordBuffer)
	defer recordBuffers.Put(r)
	r.plain = r.plain[:0] // a panic may have left what is another's
	total := s.takeGathered(r)
	if c.block.HeldByQueue() {
		s.sendFollowers(r, total)
	}
}
