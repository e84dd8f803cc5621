// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
)

// What the kernel has taken may be lost with the connection. A client can ask for more: its
// messages count as sent when the peer's TCP has acknowledged their last byte, and until then
// they are remembered, so that the next connection sends them again, or the host learns
// that they may be lost. They may have arrived all the same: at least once.
//
// Every message of such a client waits whole first (send_early.go), so that all leave by sendOne.

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

// remembersSends tells whether messages wait for their acknowledgement; q is nil for an
// accepted connection. c.mu is held.
func (q *client) remembersSends() bool {
	return q != nil && q.acks != nil
}

// leaving notes a message that is about to be framed. c.mu is held.
func (q *client) leaving(e early) *unacked {
	c := q.c
	a := q.acks
	a.list = append(a.list, unacked{e, never})
	a.bytes += len(e.data)
	if !a.armed {
		a.armed = true
		c.w.loop.Post(q.awaitAcks)
	}
	return &a.list[len(a.list)-1]
}

// framed notes that it is, and forgets its data when it will not leave again. c.mu is held.
func (q *client) framed(u *unacked) {
	c := q.c
	if !c.tls.Load().lacks() {
		u.end = q.taken + c.ahead()
	}
	if !q.keep {
		q.acks.bytes -= len(u.data)
		u.free(&c.w.engine.pool)
	}
}

// sendRemembered is sendOne for a message that is remembered. c.mu is held, and given up while
// s encrypts: then the message belongs to the list, and who ends the connection may take it.
func (q *client) sendRemembered(s *secure, e early) {
	c := q.c
	pool := &c.w.engine.pool
	u := q.leaving(e)
	if s == nil {
		c.claim(e.size, true)
		if c.put(e.first, e.data, e.size, c.tx != nil && !c.tx.empty()) != nil {
			c.breakOff() // no memory: the message was promised
			return
		}
		q.framed(u)
		return
	}
	own, err := pool.Force(len(e.data))
	if err != nil {
		c.breakOff()
		return
	}
	own = append(own, e.data...)
	var bad *fault.Error
	unlocked(&c.mu, func() { bad = s.encrypt(e.first, own, e.size) })
	pool.Put(own)
	if bad != nil {
		c.breakOff()
		return
	}
	list := q.acks.list          // of which the loop may have taken what has arrived
	q.framed(&list[len(list)-1]) // others are encrypted behind it
}

// awaitAcks asks again after a while. The loop's.
func (q *client) awaitAcks() {
	c := q.c
	if a := q.waitingAcks(); a != nil {
		c.w.loop.After(&a.timer, ackTick, (*ackTimer)(q))
	}
}

// waitingAcks are those of a client that remembers its sends, else nil. The loop's.
func (q *client) waitingAcks() *acks {
	c := q.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == phaseReleased || !q.remembersSends() {
		return nil
	}
	return q.acks
}

// ackTimer is a client whose timer asks the kernel; see loop.Expirer.
type ackTimer client

// Expired tells what was acknowledged, and goes on as long as something waits.
func (t *ackTimer) Expired(*loop.Timer) {
	q := (*client)(t)
	q.c.w.current = q.c
	due, again := q.askAcks()
	q.tellAcknowledged(due, nil)
	if again {
		q.awaitAcks()
	}
}

// askAcks takes what has arrived off the list; again: something still waits.
func (q *client) askAcks() (due []unacked, again bool) {
	c := q.c
	c.mu.Lock()
	defer c.mu.Unlock()
	due = q.takeAcknowledged()
	c.w.engine.relief.usesOutput(c, largeUse)
	if a := q.acks; a != nil {
		again = len(a.list) > 0
		a.armed = again
	}
	return due, again
}

// takeAcknowledged takes those off the list that have arrived. c.mu is held.
func (q *client) takeAcknowledged() (due []unacked) {
	if !q.remembersSends() || len(q.acks.list) == 0 {
		return nil
	}
	waits, known := q.c.sock.Unacked()
	if !known || uint64(waits) > q.taken {
		return nil
	}
	return q.acks.arrived(q.taken - uint64(waits))
}

// arrived takes those off the list that have arrived, of which the peer has so many bytes.
func (a *acks) arrived(bytes uint64) (due []unacked) {
	n := 0
	for n < len(a.list) && a.list[n].end <= bytes {
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
func (q *client) tellAcknowledged(all []unacked, why *fault.Error) {
	for _, u := range all {
		u.free(&q.c.w.engine.pool)
		q.c.w.complete(q.c.block.Slot, border.OpSend, u.done, why)
	}
}

// takeUnacked takes all that is left when the connection has ended. c.mu is held.
func (q *client) takeUnacked() []unacked {
	if !q.remembersSends() {
		return nil
	}
	a := q.acks
	all := a.list
	a.list, a.bytes = nil, 0
	return all
}
