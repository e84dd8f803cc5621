// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"libws/core/fault"
	"libws/core/loop"
)

// What the kernel has taken may be lost with the connection. A client can ask for more: its
// messages count as sent when the peer's TCP has acknowledged their last byte, and until then
// they are remembered, so that the next connection sends them again, or the host hears
// that they may be lost. They may have arrived all the same: at least once.
//
// Every message of such a client waits whole first (early.go), so that all leave by sendOne.

// ackTick is how often the kernel is asked while something waits.
const ackTick = 50 * time.Millisecond

// acks are the messages of a client that the peer has not acknowledged. Guarded by Conn.mu.
type acks struct {
	list  []unacked
	bytes int        // of their data
	armed bool       // the timer is, or about to be
	timer loop.Timer // the loop's
}

// unacked is a message that has left; its data is nil when it is not to leave again.
type unacked struct {
	early
	end uint64 // client.taken when all of it has; never: it is not framed yet
}

var errNoAcks = fault.Refused(fault.IDUnsupported, "options.flags: WS_ACKNOWLEDGED_SENDS: this system does not tell what a peer has acknowledged")

// remembersSends tells whether messages wait for their acknowledgement. c.mu is held.
func (c *Conn) remembersSends() bool {
	q := c.client()
	return q != nil && q.acks != nil
}

// leaving notes a message that is about to be framed. c.mu is held.
func (c *Conn) leaving(e early) *unacked {
	q := c.client()
	a := q.acks
	a.list = append(a.list, unacked{e, never})
	a.bytes += len(e.data)
	if !a.armed {
		a.armed = true
		c.w.loop.Post(c.awaitAcks)
	}
	return &a.list[len(a.list)-1]
}

// framed notes that it is, and forgets its data when it will not leave again. c.mu is held.
func (c *Conn) framed(u *unacked) {
	if !c.lacks() {
		u.end = c.client().taken + c.ahead()
	}
	if !c.client().keep {
		c.client().acks.bytes -= len(u.data)
		c.w.engine.pool.Put(u.data)
		u.data = nil
	}
}

// sendRemembered is sendOne for a message that is remembered. c.mu is held, and given up while
// s encrypts: then the message belongs to the list, and who ends the connection may take it.
func (c *Conn) sendRemembered(s *secure, e early) {
	pool := &c.w.engine.pool
	u := c.leaving(e)
	if s == nil {
		c.block.claim(e.size, true)
		if c.put(e.first, e.data, e.size, c.tx != nil && !c.tx.empty()) != nil {
			c.breakOff() // no memory: the message was promised
			return
		}
		c.framed(u)
		return
	}
	own, err := pool.Force(len(e.data))
	if err != nil {
		c.breakOff()
		return
	}
	own = append(own, e.data...)
	var bad *fault.Error
	c.unlocked(func() { bad = c.encrypt(s, e.first, own, e.size) })
	pool.Put(own)
	if bad != nil {
		c.breakOff()
		return
	}
	list := c.client().acks.list // of which the loop may have taken what has arrived
	c.framed(&list[len(list)-1]) // others are encrypted behind it
}

// awaitAcks asks again after a while. The loop's.
func (c *Conn) awaitAcks() {
	if a := c.waitingAcks(); a != nil {
		c.w.loop.After(&a.timer, ackTick, (*ackTimer)(c))
	}
}

// waitingAcks are those of a client that remembers its sends, else nil. The loop's.
func (c *Conn) waitingAcks() *acks {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == phaseReleased || !c.remembersSends() {
		return nil
	}
	return c.client().acks
}

// ackTimer is a client whose timer asks the kernel; see loop.Expirer.
type ackTimer Conn

// Expired tells what was acknowledged, and goes on as long as something waits.
func (t *ackTimer) Expired(*loop.Timer) {
	c := (*Conn)(t)
	c.w.current = c
	due, again := c.askAcks()
	c.tellAcknowledged(due, nil)
	if again {
		c.awaitAcks()
	}
}

// askAcks takes what has arrived off the list; again: something still waits.
func (c *Conn) askAcks() (due []unacked, again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	due = c.takeAcknowledged()
	c.holdsOutput(holderSize)
	if a := c.client().acks; a != nil {
		again = len(a.list) > 0
		a.armed = again
	}
	return due, again
}

// takeAcknowledged takes those off the list that have arrived. c.mu is held.
func (c *Conn) takeAcknowledged() (due []unacked) {
	if !c.remembersSends() || len(c.client().acks.list) == 0 {
		return nil
	}
	waits, known := c.sock.Unacked()
	if !known || uint64(waits) > c.client().taken {
		return nil
	}
	a, arrived, n := c.client().acks, c.client().taken-uint64(waits), 0
	for n < len(a.list) && a.list[n].end <= arrived {
		n++
	}
	due, a.list = a.list[:n:n], a.list[n:]
	for i := range due {
		a.bytes -= len(due[i].data)
	}
	if len(a.list) == 0 {
		a.list = nil
	}
	return due
}

// tellAcknowledged tells what became of messages. The loop's; no lock is held.
func (c *Conn) tellAcknowledged(all []unacked, why *fault.Error) {
	for _, u := range all {
		c.w.engine.pool.Put(u.data)
		c.w.complete(c.block.Slot, OpSend, u.done, why)
	}
}

// takeUnacked takes all that is left when the connection has ended. c.mu is held.
func (c *Conn) takeUnacked() []unacked {
	if !c.remembersSends() {
		return nil
	}
	a := c.client().acks
	all := a.list
	a.list, a.bytes = nil, 0
	return all
}

// sendAgain puts messages in front of those that wait. c.mu is held; the caller counts
// Block.out anew.
func (c *Conn) sendAgain(all []unacked) {
	if len(all) == 0 {
		return
	}
	r := c.needRare()
	again := make([]early, 0, len(all)+len(r.early))
	for _, u := range all {
		again = append(again, u.early)
		r.waits += uint64(u.size)
	}
	r.early = append(again, r.early...)
}
