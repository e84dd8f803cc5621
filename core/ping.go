// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
)

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
func (c *Conn) Ping(payload []byte) *fault.Error {
	defer c.breaks()
	if len(payload) > ws.MaxControlFramePayloadSize {
		return fault.Refused(fault.IDParameter, "size: %d bytes; a ping has at most 125 (RFC 6455 5.5)", len(payload))
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	switch {
	case c.destroyed:
		return c.stale()
	case c.block.Load()&border.OutOpen == 0:
		return errNotOpen
	case c.block.Buffered() > maxPongs:
		return &fault.Error{ID: fault.IDFull, Text: "the output queue is full: a ping would wait behind it"}
	}
	c.ping(s, payload)
	return nil
}

// ping sends one. s is locked for output; c.mu is held, see emit.
func (c *Conn) ping(s *secure, payload []byte) {
	c.needRare().pings.add(payload, time.Now())
	if t := c.tallied(); t != nil {
		t.pingsOut++
		t.framesOut++
	}
	if s := c.shard(); s != nil {
		s.pingsOut.Add(1)
	}
	var frame [wire.MaxHeader + ws.MaxControlFramePayloadSize]byte
	c.emit(s, wire.AppendFrame(frame[:0], c.role(), ws.OpPing, payload))
}

// answered finds the ping that a pong answers and forgets it and older ones; how
// long ago it was sent, or -1.
func (c *Conn) answered(payload []byte) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rare.Load()
	if r == nil {
		return -1
	}
	trip := r.pings.answered(payload, time.Now())
	if t := c.tallied(); t != nil && trip >= 0 {
		t.roundTrip.Store(int64(trip))
	}
	return trip
}

// pongReceived acts on a pong; one that answers nothing is allowed (RFC 6455 5.5.3).
func (c *Conn) pongReceived(payload []byte) {
	trip := c.answered(payload)
	if v := c.watched(); v != nil {
		v.ponged(trip)
	} else if trip >= 0 {
		c.pulse.signs |= signPong
	}
	if !c.block.HearsPings() {
		return
	}
	d := c.w.detail()
	if d.RoundTrip = -1; trip >= 0 {
		d.RoundTrip = trip.Microseconds()
	}
	c.w.tell(c.block.Slot, border.EventPong, 0, d, payload)
}
