// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import "libws/tests/simulate/world"

// fits is what the largest holder may have less than another one that nobody looked for: what
// is small is looked for in a stall only.
const fits = largeUse

// takes is how much memory the end of a connection gives back, by what lies there, whatever
// core has noted of it. alone: of frames that others send as well it gives all back, as core
// believes of who is just sending. Nobody is interrupted here.
func takes(c *Conn, alone bool) (n int) {
	if q := c.tx; q != nil {
		for i, b := range q.chunks[q.first:] {
			size := len(b.bytes)
			if i == 0 {
				size -= q.off
			}
			if b.from != nil && !alone {
				size /= max(1, int(b.from.users.Peek()))
			}
			n += size
		}
	}
	if r := c.rare.Load(); r != nil {
		n += r.shelf.Bytes()
		if r.client != nil && r.client.acks != nil {
			for _, u := range r.client.acks.list {
				n += len(u.Data)
			}
		}
	}
	if c.rx != nil {
		n += cap(c.rx.message)
	}
	return n
}

// relieves checks who is about to end because memory is short: it is the one that holds the
// most.
func (m *model) relieves(c *Conn) {
	if m.chosen[c] {
		return // by another loop, which asked this one
	}
	m.chosen[c] = true
	m.events["ended because it held the most"]++
	size := takes(c, true)
	if c.mu.Held() { // what a thread just copies lies nowhere yet
		size = max(size, int(c.block.Buffered()))
	}
	world.Note("slot %d is to end, with %d bytes", c.block.Slot, size)
	for _, p := range m.host.places[1:] {
		other := p.conn.Peek()
		if p.owner == nil || other == nil || other == c || m.chosen[other] || !other.sock.Open() || other.phase != phaseOpen && other.phase != phaseDelivering {
			continue
		}
		if other.mu.Held() {
			continue // who changes it is about to list it
		}
		n := takes(other, false)
		r := &m.host.engine.relief
		if other.w != c.w || r.mu.Held() { // its loop may be about to say what it holds
			if h := r.uses.Of(other); other.rx != nil && int(h.message)*useUnit < cap(other.rx.message)/2 {
				n -= cap(other.rx.message)
			}
		}
		if n > max(size, fits)*2 {
			world.Fail("slot %d, %v, ends as the one that holds the most, %d bytes, and %v holds %d", c.block.Slot, m.host.at(c.block.Slot).owner, size, p.owner, n)
		}
	}
}
