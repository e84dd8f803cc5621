// SPDX-License-Identifier: Apache-2.0

package core

// sendPongs sends the answers that are ready. A peer that pings and does not read gets no
// more than fits: the answer to its latest ping then waits for room. Our Close frame ends
// our data, not our pongs: these are owed until the peer's Close comes (RFC 6455 5.5.2).
func (c *Conn) sendPongs() {
	if c.rx == nil || c.rx.aside == nil || len(c.rx.aside.pongs) == 0 {
		return
	}
	a := c.rx.aside
	if !c.emitPongs(a) {
		a.onlyLatest()
		return
	}
	a.sent(&c.w.engine.pool)
}

// emitPongs is false when there is no room; then sendLatePong follows.
func (c *Conn) emitPongs(a *aside) bool {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.ahead() >= maxPongs {
		c.needRare().pongWaits = true
		return false
	}
	if t := c.tallied(); t != nil {
		t.framesOut += a.npongs
	}
	c.emit(s, a.pongs)
	return true
}

// ahead is how many bytes leave before what is sent now. c.mu is held.
func (c *Conn) ahead() uint64 {
	n := c.block.Buffered()
	if r := c.rare.Load(); r != nil {
		n -= r.shelf.waits // what is sent later
	}
	return n
}

// checkPong sends the pong that has waited when there is room. c.mu is held.
func (c *Conn) checkPong() {
	if r := c.rare.Load(); r != nil && r.pongWaits && c.ahead() < maxPongs {
		r.pongWaits = false
		c.w.loop.Post(c.sendLatePong)
	}
}

func (c *Conn) sendLatePong() {
	if c.phase != phaseOpen || c.rx == nil {
		return
	}
	c.w.current = c
	c.sendPongs()
	c.rx = c.rx.rest(c.w)
}
