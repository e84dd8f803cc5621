// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/wire"
)

// Control frames (RFC 6455 5.5): those of the peer, our pings, and our pongs.

// control acts on a control frame (RFC 6455 5.5); rest is what is not parsed yet.
func (c *Conn) control(chunk *wire.Chunk, rest []byte) {
	payload := chunk.Payload
	if chunk.Flags&(wire.FrameStart|wire.FrameEnd) != wire.FrameStart|wire.FrameEnd {
		a := c.incoming().needAside(c.w)
		a.nctl += copy(a.control[a.nctl:], payload)
		if chunk.Flags&wire.FrameEnd == 0 {
			return
		}
		payload = a.control[:a.nctl]
		a.nctl = 0
	}
	if most := c.options().Floods.Controls; chunk.Op != ws.OpClose && c.controls.flood(most) {
		c.refused("more than %d pings and pongs in a second (max_control_frames)", most)
		return
	}
	switch chunk.Op {
	case ws.OpPing:
		if !c.options().ManualPong {
			c.incoming().needAside(c.w).pong(&c.w.engine.pool, c.server.role(), payload)
		}
		if c.block.WantsPings() {
			c.w.tell(c.block.Slot, border.EventPing, 0, c.w.detail(), payload)
		}
	case ws.OpPong:
		c.pongReceived(payload) // an unsolicited one is allowed, RFC 6455 5.5.3
	case ws.OpClose:
		// Close frames are small: a copy keeps the payload while callbacks run.
		var copied [125]byte
		n := copy(copied[:], payload)
		// The host gets the messages before it, and may still answer them.
		c.sendPongs()
		c.afterDelivery(rest, func() { c.closeReceived(copied[:n]) })
	}
}

// maxPings is how many of our pings are remembered until their pongs come. A peer
// need only answer the last one (RFC 6455 5.5.3).
const maxPings = 8

// pings are sent and not answered, oldest first.
type pings struct{ sent []ping }

type ping struct {
	payload []byte
	at      time.Time
}

// add remembers one that is being sent.
func (p *pings) add(payload []byte, now time.Time) {
	if len(p.sent) == maxPings {
		p.sent = append(p.sent[:0], p.sent[1:]...)
	}
	p.sent = append(p.sent, ping{bytes.Clone(payload), now})
}

// answered finds the ping that a pong answers and forgets it and older ones; how long ago it
// was sent, or -1.
func (p *pings) answered(payload []byte, now time.Time) time.Duration {
	for i := len(p.sent) - 1; i >= 0; i-- {
		if one := p.sent[i]; bytes.Equal(one.payload, payload) {
			p.sent = append(p.sent[:0], p.sent[i+1:]...)
			return now.Sub(one.at)
		}
	}
	return -1
}

// Ping sends a ping; its answer comes as EventPong. Any thread.
func (c *Conn) Ping(payload []byte) *fault.Error { return c.sendControl(ws.OpPing, "ping", payload) }

// Pong sends a pong of the host. Any thread.
func (c *Conn) Pong(payload []byte) *fault.Error { return c.sendControl(ws.OpPong, "pong", payload) }

// sendControl sends a control frame of the host, unless there is no room.
func (c *Conn) sendControl(op ws.OpCode, what string, payload []byte) *fault.Error {
	defer c.breaks()
	if len(payload) > ws.MaxControlFramePayloadSize {
		return fault.Refused(fault.IDParameter, "size: %d bytes; a %s has at most 125 (RFC 6455 5.5)", len(payload), what)
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	c.sendGathered()
	c.sendHeld(s)
	switch {
	case c.destroyed:
		return c.server.stale()
	case !c.block.Open():
		return errNotOpen
	case c.ahead() > maxPongs:
		return fault.Refused(fault.IDFull, "the output queue is full: a %s would wait behind it", what)
	}
	c.emitControl(s, op, payload)
	return nil
}

// emitControl sends a ping or a pong. s is locked for output; c.mu is held, see emit.
func (c *Conn) emitControl(s *secure, op ws.OpCode, payload []byte) {
	t := c.rare.tallied()
	if t != nil {
		t.framesOut++
	}
	if op == ws.OpPing {
		c.rare.need().pings.add(payload, time.Now())
		if t != nil {
			t.pingsOut++
		}
		if s := c.server.shard(c.w); s != nil {
			s.pingsOut.Add(1)
		}
	}
	var frame [wire.MaxHeader + ws.MaxControlFramePayloadSize]byte
	c.emit(s, wire.AppendFrame(frame[:0], c.server.role(), op, payload))
}

// pongReceived acts on a pong; one that answers nothing is allowed (RFC 6455 5.5.3).
func (c *Conn) pongReceived(payload []byte) {
	locked := take(&c.mu)
	defer locked.end()
	trip := time.Duration(-1)
	if r := c.rare.Load(); r != nil {
		trip = r.pings.answered(payload, time.Now())
	}
	if t := c.rare.tallied(); t != nil && trip >= 0 {
		t.roundTrip.Store(int64(trip))
	}
	locked.end()
	if v := c.rare.watched(); v != nil {
		v.ponged(trip)
	} else if trip >= 0 {
		c.pulse.signs |= signPong
	}
	if !c.block.WantsPings() {
		return
	}
	d := c.w.detail()
	if d.RoundTrip = -1; trip >= 0 {
		d.RoundTrip = trip.Microseconds()
	}
	c.w.tell(c.block.Slot, border.EventPong, 0, d, payload)
}

// sendPongs sends the answers that are ready. A peer that pings and does not read gets no
// more than fits: the answer to its latest ping then waits for room. Our Close frame ends
// our data, not our pongs: these are owed until the peer's Close comes (RFC 6455 5.5.2).
func (c *Conn) sendPongs() {
	if c.rx == nil || c.rx.aside == nil || len(c.rx.aside.pongs) == 0 {
		return
	}
	a := c.rx.aside
	s := c.lockBoth()
	defer c.unlockBoth(s)
	c.sendGathered()
	c.sendHeld(s)
	if c.ahead() >= maxPongs {
		c.rare.need().pongWaits = true // sendLatePong follows
		a.onlyLatest()
		return
	}
	if t := c.rare.tallied(); t != nil {
		t.framesOut += a.npongs
	}
	c.emit(s, a.pongs)
	a.sent(&c.w.engine.pool)
}

// ahead is how many bytes leave before what is sent now. c.mu is held.
func (c *Conn) ahead() uint64 {
	n := c.block.Buffered()
	if r := c.rare.Load(); r != nil {
		n -= r.shelf.Waits // what is sent later
	}
	return n
}

// checkPong sends the pong that has waited when there is room. c.mu is held.
func (c *Conn) checkPong() {
	if r := c.rare.Load(); r != nil && r.pongWaits && c.ahead() < maxPongs {
		r.pongWaits = false
		c.w.loop.Post(func() {
			if c.phase == phaseOpen && c.rx != nil {
				c.w.current = c
				c.sendPongs()
				c.rx = c.rx.rest(c.w)
			}
		})
	}
}

// controls counts the control frames of a peer. It lies in every idle connection, so the
// numbers are small: a second comes again after 18 hours, and that does no harm.
type controls struct {
	second uint16
	count  uint16 // in that second
}

// flood counts a ping or pong; true when it was one more than most, 0 for any, in a second.
func (n *controls) flood(most int) bool {
	if most == 0 {
		return false
	}
	if now := uint16(time.Now().Unix()); now != n.second { // fits: it turns over, and only another second counts
		*n = controls{second: now}
	}
	if int(n.count) < most {
		n.count++
		return false
	}
	return true
}

// refused ends a connection whose peer has done what no rule forbids, but a limit.
func (c *Conn) refused(format string, most int) {
	e := &fault.Error{ID: fault.IDProtocol, Stage: dial.StageLimit, Text: fmt.Sprintf("%s sent "+format, c.peer.String(), most)}
	c.afterDelivery(nil, func() { c.fail(wire.ClosePolicy, e) })
}
