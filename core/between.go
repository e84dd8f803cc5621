// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/border"

// What is published while a connection sends a message in pieces waits whole until the
// last piece was sent (RFC 6455 5.4: the fragments of one message may not be
// interleaved with those of another).

// midMessage tells whether a message is being sent in pieces; r may be nil. Conn.mu is held.
func (r *rare) midMessage() bool { return r != nil && r.sending.op != 0 }

// publishLater keeps a message until the last piece; it counts as buffered. false when
// there is no room for it. c.mu is held.
func (c *Conn) publishLater(f *form) bool {
	switch {
	case c.block.Load()&border.OutOpen == 0:
		return false
	case !c.room(f.size):
		return c.noRoom()
	case !c.fits(f.size) && c.makeRoom(f.size) != nil:
		return c.noRoom()
	}
	b, err := c.w.engine.pool.Force(len(f.data))
	if err != nil {
		return c.noRoom()
	}
	r := c.rare.Load()
	c.block.Claim(f.size, true)
	r.shelf.putBetween(early{f.first, append(b, f.data...), f.size, border.Completion{}})
	c.sent(f.first, len(f.data), border.Completion{})
	c.settleQueue()
	return true
}

// sendBetween sends what has waited for the last piece. c.mu is held, and TLS locked for
// output; the host may not cork.
func (c *Conn) sendBetween() {
	r := c.rare.Load()
	if r == nil || r.shelf.between == nil {
		return
	}
	s := c.tls.Load()
	for len(r.shelf.between) > 0 && c.block.Load()&border.OutOpen != 0 {
		e := r.shelf.nextBetween()
		if e.first&rsv1 != 0 {
			c.compression().published() // the pieces had to go before it
		}
		if c.mustWait() { // behind what may still be dropped
			r.shelf.early = append(r.shelf.early, e)
			c.block.Set(border.OutEarly)
			c.watch(true)
			continue
		}
		r.shelf.waits -= uint64(e.size)
		c.block.Taken(e.size) // it is counted anew as it goes
		c.sendOne(s, e)
	}
	if s == nil {
		c.settleQueue()
	} else {
		c.flushNow()
	}
}
