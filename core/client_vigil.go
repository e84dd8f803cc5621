// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/gobwas/ws"

	"libws/core/admit"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// vigil watches an open connection by one timer. It belongs to the loop, but for
// what is marked.
type vigil struct {
	config.Silence
	c        *Conn
	timer    loop.Timer
	received time.Time // the last sign of life
	asked    time.Time // when the ping was sent that is not answered; zero: none is
	// Messages so far, to notice that there were more.
	messages uint64
	moved    time.Time // when there was one
	taken    uint64    // bytes of output that the kernel has taken so far
	stuck    time.Time // since when it takes none of what waits; zero: nothing waits
	count    uint64    // of pings, their payload
	paused   bool
	stood    loop.Standstill
}

// watchSilence starts the vigil of a connection that has just opened.
func watchSilence(c *Conn, o config.Silence) {
	if o.Ping == 0 && o.Idle == 0 && o.Write == 0 {
		return
	}
	now := time.Now()
	v := &vigil{Silence: o, c: c, received: now, moved: now, paused: c.block.Unread()}
	c.rare.need().vigil = v
	v.arm(now)
}

// end stops watching; v may be nil.
func (v *vigil) end() {
	if v != nil {
		v.c.w.loop.Disarm(&v.timer)
		v.c.rare.Load().vigil = nil
	}
}

// postStuck tells the vigil, which belongs to the loop, that the kernel is full. q is nil for
// an accepted connection. c.mu is held.
func (q *client) postStuck() {
	if q == nil || !q.guarded || q.stuck {
		return
	}
	q.stuck = true
	q.c.w.loop.Post(q.lookStuck)
}

func (q *client) lookStuck() {
	c := q.c
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	q.stuck = false
	locked.end()
	if v := c.rare.watched(); v != nil && c.phase == phaseOpen {
		v.writing()
	}
}

// alive notes a sign of life other than a pong.
func (v *vigil) alive() {
	if !v.Strict {
		v.received, v.asked = time.Now(), time.Time{}
	}
}

// ponged notes a pong; trip is negative when it answers none of our pings.
func (v *vigil) ponged(trip time.Duration) {
	if trip >= 0 || !v.Strict {
		v.received, v.asked = time.Now(), time.Time{}
	}
}

// pauseChanged notes that reading stops or goes on: the silence of a peer that is
// not read says nothing, and counts anew afterwards.
func (v *vigil) pauseChanged(paused bool) {
	if paused == v.paused {
		return
	}
	v.paused = paused
	now := time.Now()
	v.received, v.moved, v.asked = now, now, time.Time{}
	v.c.w.loop.Disarm(&v.timer)
	v.arm(now)
}

// doubt asks for a sign of life at once, unless it was asked for.
func (v *vigil) doubt() {
	if v.Ping > 0 && v.asked.IsZero() && !v.paused {
		now := time.Now()
		v.ask(now)
		v.arm(now)
	}
}

// writing notes that the kernel is full.
func (v *vigil) writing() {
	if v.Write > 0 && v.stuck.IsZero() {
		now := time.Now()
		v.look(now)
		v.arm(now)
	}
}

// Expired asks, or ends what has been silent for too long; see loop.Expirer.
func (v *vigil) Expired(*loop.Timer) {
	c := v.c
	if c.phase != phaseOpen || c.rare.watched() != v || c.saidAll() {
		return // the end has a deadline of its own
	}
	c.w.current = c
	now := time.Now()
	if v.stood.Late(now) {
		c.w.loop.After(&v.timer, loop.CatchesUp, v)
		return
	}
	if c.readAwaited(); c.phase != phaseOpen || c.rare.watched() != v {
		return
	}
	v.look(now)
	switch {
	case v.Write > 0 && !v.stuck.IsZero() && now.Sub(v.stuck) >= v.Write:
		c.lost(silent(c.peer, textStuck, v.Write))
		return
	case v.paused: // pauseChanged arms it again
	case !v.asked.IsZero() && now.Sub(v.asked) >= v.Pong:
		c.lost(silent(c.peer, textSilent, v.Pong))
		return
	case v.Idle > 0 && now.Sub(v.moved) >= v.Idle:
		c.fail(wire.CloseGoingAway, silent(c.peer, textIdle, v.Idle))
		return
	case v.Ping > 0 && v.asked.IsZero() && now.Sub(v.received) >= v.Ping:
		v.ask(now)
	}
	v.arm(now)
}

// What ends a silent connection; the address of the peer and the time go in.
const (
	textStuck  = "the kernel took no byte of what waits to be sent to %s for %v ms"
	textSilent = "%s gave no sign of life for %v ms after a ping"
	textIdle   = "no message was exchanged with %s for %v ms"
)

// silent is the error of a deadline of d that is over.
func silent(from admit.Endpoint, format string, d time.Duration) *fault.Error {
	return &fault.Error{ID: fault.IDTimeout, Stage: dial.StageTimeout, Text: fmt.Sprintf(format, from.String(), d.Milliseconds())}
}

// ask sends a ping. Behind a long queue it takes its time; look notices meanwhile that
// the queue moves.
func (v *vigil) ask(now time.Time) {
	v.asked = now
	v.count++
	var payload [8]byte
	binary.BigEndian.PutUint64(payload[:], v.count)
	s := v.c.lockBoth()
	defer v.c.unlockBoth(s)
	if !v.c.closeSent {
		v.c.emitControl(s, ws.OpPing, payload[:])
	}
}

// look notices what has moved since the last look.
func (v *vigil) look(now time.Time) {
	c := v.c
	t := c.needTally()
	locked := take(&c.mu)
	defer locked.end()
	c.sendGathered() // a host that is busy says nothing of the peer
	waits, taken := c.block.Buffered() > 0 && !c.block.HeldByQueue(), c.rare.client().taken
	direct, _ := c.w.direct(c.block).sent()
	messages := t.messagesIn.Load() + t.messagesOut + direct // that went either way
	locked.end()
	if messages != v.messages {
		v.messages, v.moved = messages, now
	}
	moves := taken != v.taken
	v.taken = taken
	if moves && !v.stuck.IsZero() {
		v.alive() // the kernel has room again, because the peer has taken something
	}
	switch {
	case !waits:
		v.stuck = time.Time{}
	case v.stuck.IsZero() || moves:
		v.stuck = now
	}
}

// arm sets the timer to the next moment at which something can be over.
func (v *vigil) arm(now time.Time) {
	next := time.Duration(-1)
	until := func(from time.Time, d time.Duration) {
		if left := max(from.Add(d).Sub(now), 0); next < 0 || left < next {
			next = left
		}
	}
	if v.Write > 0 && !v.stuck.IsZero() {
		until(v.stuck, v.Write)
	}
	if !v.paused {
		switch {
		case !v.asked.IsZero():
			until(v.asked, v.Pong)
		case v.Ping > 0:
			until(v.received, v.Ping)
		}
		if v.Idle > 0 {
			until(v.moved, v.Idle)
		}
	}
	if next >= 0 {
		v.stood.Sets(now, next)
		v.c.w.loop.After(&v.timer, next, v)
	}
}
