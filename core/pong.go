// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/wire"
)

// pong answers a ping; the answers to one read leave together, or only the latest when
// they are many (RFC 6455 5.5.3).
func (c *Conn) pong(payload []byte) {
	rx := c.incoming()
	size := len(payload) + wire.MaxHeader
	if len(rx.pongs)+size > maxPongs {
		rx.pongs, rx.npongs = rx.pongs[:0], 0
	}
	bigger, err := c.w.engine.pool.Grow(rx.pongs, len(rx.pongs)+size)
	if err != nil {
		return
	}
	rx.latest = len(bigger)
	rx.pongs = wire.AppendFrame(bigger, c.role(), ws.OpPong, payload)
	rx.npongs++
}

// sendPongs sends the answers that are ready. A peer that pings and does not read gets no
// more than fits: the answer to its latest ping then waits for room. Our Close frame ends
// our data, not our pongs: these are owed until the peer's Close comes (RFC 6455 5.5.2).
func (c *Conn) sendPongs() {
	rx := c.rx
	if rx == nil || len(rx.pongs) == 0 {
		return
	}
	s := c.lockBoth()
	if c.ahead() >= maxPongs {
		c.needRare().pongWaits = true
		c.unlockBoth(s)
		rx.pongs = rx.pongs[:copy(rx.pongs, rx.pongs[rx.latest:])]
		rx.latest, rx.npongs = 0, 1
		return
	}
	if t := c.tallied(); t != nil {
		t.framesOut += rx.npongs
	}
	c.emit(s, rx.pongs)
	c.unlockBoth(s)
	c.w.engine.pool.Put(rx.pongs)
	rx.pongs, rx.npongs = nil, 0
}

// ahead is how many bytes leave before what is sent now. c.mu is held.
func (c *Conn) ahead() uint64 {
	n := c.block.Buffered()
	if r := c.rare.Load(); r != nil {
		n -= r.waits // what is sent later
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
	c.restIncoming()
}
