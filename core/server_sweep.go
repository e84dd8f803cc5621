// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/loop"
	"libws/core/wire"
)

// sweep watches the open connections of a server on one loop, as a vigil does for a
// client. There are many, so none has a timer or a struct for that: the sweep walks
// over them again and again, in a part of the shortest deadline, and finds in their
// pulse what has happened since. Nothing comes early; what is due comes up to an
// eighth of its time and 0.1 s late. It belongs to the loop.
type sweep struct {
	*config.Silence // of the last start of the server; nil: none yet
	server          *Server
	w               *worker
	timer           loop.Timer
	count           uint64 // of pings, their payload

	zero  time.Time     // of the clock
	clock time.Duration // now
	round time.Duration // for one walk
	least time.Duration // the shortest deadline that this walk has met so far; 0: none
	began time.Duration // this walk, by the clock
	next  int           // place of the loop that comes next
	met   bool          // this walk has met a connection
	stood loop.Standstill
}

// pulse is what a sweep knows of a connection. It lies in every idle one, so the times
// are small numbers, see stamp. The loop's, but for what is marked.
type pulse struct {
	signs uint8
	quiet uint8 // since when the peer is silent, or was asked for a sign of life
	still uint8 // since when there was no message
	spoke bool  // a message was sent since the last look; guarded by Conn.mu
}

// beats notes a sign of life of the peer, also for the vigil, which may be nil.
func (p *pulse) beats(v *vigil) {
	p.signs |= signBytes
	if v != nil {
		v.alive()
	}
}

// What has happened since the last look.
const (
	signBytes   = 1 << iota // of the peer, whatever they are
	signPong                // one that answers a ping of ours
	signMessage             // a whole one of the peer
	signAsked               // not since: a ping is not answered
)

const (
	walks     = 20                    // in the shortest deadline
	sweepTick = 50 * time.Millisecond // that of the loop's wheel
	sweepStep = 256                   // connections of one look at the clock, at least
)

func newSweeps(s *Server) []sweep {
	all := make([]sweep, len(s.engine.workers))
	for i := range all {
		all[i].server, all[i].w, all[i].zero = s, s.engine.workers[i], time.Now()
	}
	return all
}

// begin watches a connection that has just opened.
func (s *sweep) begin(c *Conn) {
	c.pulse = pulse{signs: signBytes | signPong | signMessage}
	s.met = true
	now := s.server.deadlines.Load()
	going := s.timer.Armed() && s.Silence == now
	s.Silence = now // all connections of an earlier start are gone
	shortest := s.of(c).Shortest()
	switch {
	case going && (shortest == 0 || roundFor(shortest) >= s.round):
		return
	case !going && shortest == 0:
		s.w.loop.Disarm(&s.timer)
		return
	case !going:
		s.began, s.next, s.least = time.Since(s.zero), 0, 0
	}
	s.round = roundFor(shortest)
	s.arm()
}

// roundFor is the time of a walk that finds what is due by a deadline.
func roundFor(shortest time.Duration) time.Duration { return max(shortest/walks, sweepTick) }

// of are the deadlines of a connection: its own, or those of the server.
func (s *sweep) of(c *Conn) *config.Silence {
	if r := c.rare.Load(); r != nil && r.silence != nil {
		return r.silence
	}
	return s.Silence
}

// arm goes on after a while: a walk over many connections is made in many steps, so
// that their pings do not leave all at once.
func (s *sweep) arm() {
	steps := max(1, min(s.w.loop.Places()/sweepStep, int(s.round/sweepTick))) // fits: both are times up to hours, in ticks
	step := s.round / time.Duration(steps)
	s.stood.Sets(time.Now(), step)
	s.w.loop.After(&s.timer, step, s)
}

// Expired makes the next step of a walk; see loop.Expirer.
func (s *sweep) Expired(*loop.Timer) {
	if s.stood.Late(time.Now()) {
		s.w.loop.After(&s.timer, loop.CatchesUp, s)
		return
	}
	s.clock = time.Since(s.zero)
	end, gone := s.w.loop.Places(), s.clock-s.began
	if gone < s.round {
		end = int(int64(end) * int64(gone) / int64(s.round)) // fits: a part of end
	}
	for ; s.next < end; s.next++ {
		if c, is := s.w.loop.At(s.next).(*Conn); is && c.server == s.server && c.phase == phaseOpen {
			s.met = true
			s.looks(c)
		}
	}
	if gone >= s.round {
		if !s.met || s.least == 0 {
			return // the next one that opens begins anew
		}
		s.round = roundFor(s.least)
		s.began, s.next, s.met, s.least = s.clock, 0, false, 0
	}
	s.arm()
}

// looks judges a connection, if anything of it is watched.
func (s *sweep) looks(c *Conn) {
	d := s.of(c)
	shortest := d.Shortest()
	if shortest == 0 {
		return
	}
	if s.least == 0 || shortest < s.least {
		s.least = shortest
	}
	if c.readAwaited(); c.phase == phaseOpen {
		s.look(c, d)
	}
}

// look judges a connection with deadlines d by what has happened since the last look.
func (s *sweep) look(c *Conn, d *config.Silence) {
	p := &c.pulse
	locked := take(&c.mu)
	defer locked.end()
	var moves bool
	var stuck time.Duration
	if !c.block.HeldByQueue() { // else it waits for the host, which says nothing of the peer
		moves, stuck = s.output(c.tx)
	}
	excused := c.paused != 0 // a peer that is not read may be as lively as it likes
	closing := c.closeSent   // ws_close has a deadline of its own
	exchanged := c.block.TakeSpoke() || p.spoke || p.signs&signMessage != 0
	p.spoke = false
	locked.end()
	lives := p.signs&signBytes != 0 && !d.Strict || p.signs&signPong != 0
	p.signs &= signAsked
	if excused || lives {
		p.signs, p.quiet = 0, s.stamp(d.Ping)
	}
	if excused || exchanged {
		p.still = s.stamp(d.Idle)
	}
	if moves && p.signs&signAsked != 0 { // the ping is behind what waits
		p.quiet = s.stamp(d.Pong)
	}
	c.w.current = c
	switch {
	case closing:
	case d.Write > 0 && stuck >= d.Write:
		c.lost(silent(c.peer, textStuck, d.Write))
	case p.signs&signAsked != 0 && s.over(p.quiet, d.Pong):
		c.lost(silent(c.peer, textSilent, d.Pong))
	case d.Idle > 0 && s.over(p.still, d.Idle):
		c.fail(wire.CloseGoingAway, silent(c.peer, textIdle, d.Idle))
	case d.Ping > 0 && p.signs&signAsked == 0 && s.over(p.quiet, d.Ping):
		s.ask(c, d)
	}
}

// output tells whether the kernel has taken some of what waits since the last look, and
// for how long it has taken nothing. Conn.mu is held.
func (s *sweep) output(q *queue) (moves bool, stuck time.Duration) {
	if q == nil || q.empty() || q.common { // that one is just being written
		return false, 0
	}
	if moves = q.sent != q.looked; moves || q.stuck == 0 {
		q.looked, q.stuck = q.sent, s.clock
	}
	return moves, s.clock - q.stuck
}

// ask sends a ping. It is remembered only where somebody wants to know of its pong.
func (s *sweep) ask(c *Conn, d *config.Silence) {
	c.pulse.signs |= signAsked
	c.pulse.quiet = s.stamp(d.Pong)
	s.count++
	var payload [8]byte
	binary.BigEndian.PutUint64(payload[:], s.count)
	out := c.lockBoth()
	defer c.unlockBoth(out)
	if c.closeSent {
		return // by another thread, since the look
	}
	if d.Strict || c.block.WantsPings() || c.rare.tallied() != nil {
		c.emitControl(out, ws.OpPing, payload[:])
		return
	}
	c.server.shard(c.w).pingsOut.Add(1)
	var frame [wire.MaxHeader + len(payload)]byte
	c.emit(out, wire.AppendFrame(frame[:0], c.server.role(), ws.OpPing, payload[:]))
}

// leastUnit keeps a loop that was held up from turning the numbers over.
const leastUnit = 5 * time.Millisecond

// unit is what a deadline of d is counted in.
func unit(d time.Duration) time.Duration { return max(d/64, leastUnit) }

// stamp is the time now, rounded up, in the unit of d. It turns over at 256 units, four
// times the deadline; who is looked at so late is judged later, never too early.
func (s *sweep) stamp(d time.Duration) uint8 { return uint8(s.clock/unit(d)) + 1 } // fits: it turns over, see above

// over tells whether d has passed since a stamp of it.
func (s *sweep) over(stamp uint8, d time.Duration) bool {
	u := unit(d)
	gone := uint8(s.clock/u) + 1 - stamp // one too many; fits: it turns over, see stamp
	return time.Duration(gone) > (d+u-1)/u
}
