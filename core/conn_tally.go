// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/wire"
)

// tally counts what passes through one connection. Clients always have one; an
// accepted connection has one from the first question on, because counting takes
// the fast way of sending from it. The loop counts what comes, and any thread reads it.
type tally struct {
	messagesIn atomic.Uint64
	bytesIn    atomic.Uint64 // of payload of messages
	framesIn   atomic.Uint64 // also control frames
	pingsIn    atomic.Uint64
	pongsIn    atomic.Uint64
	roundTrip  atomic.Int64 // nanoseconds; 0: none measured
	opened     atomic.Int64 // Unix milliseconds; 0: never
	reconnects atomic.Uint64
	skipped    atomic.Uint64

	// What goes is counted by whoever sends it. Guarded by Conn.mu.
	messagesOut uint64
	bytesOut    uint64
	framesOut   uint64
	pingsOut    uint64
	queuePeak   uint64
}

// ConnStats are the figures of one connection; see ws_connection_stats in the
// header.
type ConnStats struct {
	MessagesIn, MessagesOut uint64
	BytesIn, BytesOut       uint64
	FramesIn, FramesOut     uint64
	PingsIn, PingsOut       uint64
	PongsIn                 uint64
	RoundTrip               time.Duration // of the last ping that was answered; 0: none
	QueuePeak               uint64
	Opened                  time.Time // zero: never
	Took                    StepTimes
	Reconnects              uint64
	Skipped                 uint64 // messages over the limit that were dropped, ConnOptions.Skip
	Dropped                 uint64 // messages that made room for newer ones, or were published and found none
	Replaced                uint64 // messages that newer ones with their key have replaced
}

// StepTimes are how long the steps to the last connection of a client took; less than 0: it
// had no such step.
type StepTimes struct {
	Resolve time.Duration
	Connect time.Duration // and talking with a proxy
	TLS     time.Duration
	Upgrade time.Duration
}

var noSteps = StepTimes{-1, -1, -1, -1}

// stepTimes are those of an attempt that has ended.
func stepTimes(p *dial.Progress) StepTimes {
	t := StepTimes{p.Took(dial.StageResolve), p.Took(dial.StageConnect), p.Took(dial.StageTLS), p.Took(dial.StageUpgrade)}
	if proxy := p.Took(dial.StageProxy); proxy >= 0 {
		t.Connect += proxy
	}
	return t
}

// needTally begins to count. c.mu is not held, unless there is one already.
func (c *Conn) needTally() *tally {
	if t := c.rare.tallied(); t != nil {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rare.need()
	if t := r.tally.Load(); t != nil {
		return t
	}
	t := new(tally)
	if c.server != nil && !c.destroyed {
		c.block.Clear(border.OutFast) // what the host sends by itself is not counted
		c.endDirect()                 // nor what it has sent
	}
	r.tally.Store(t)
	return t
}

// Stats tells what has passed through the connection so far. Any thread.
func (c *Conn) Stats() ConnStats {
	t := c.needTally()
	s := ConnStats{
		MessagesIn: t.messagesIn.Load(), BytesIn: t.bytesIn.Load(), FramesIn: t.framesIn.Load(),
		PingsIn: t.pingsIn.Load(), PongsIn: t.pongsIn.Load(),
		RoundTrip: time.Duration(t.roundTrip.Load()), Reconnects: t.reconnects.Load(),
	}
	if ms := t.opened.Load(); ms != 0 {
		s.Opened = time.UnixMilli(ms)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var messages, bytes uint64
	if !c.destroyed { // else the lane may be somebody else's
		messages, bytes = c.w.direct(c.block).sent()
	}
	s.MessagesOut, s.BytesOut, s.FramesOut, s.PingsOut = t.messagesOut+messages, t.bytesOut+bytes, t.framesOut+messages, t.pingsOut
	s.QueuePeak = t.queuePeak
	s.Took = noSteps
	if q := c.rare.client(); q != nil && q.past != nil {
		s.Took = q.past.took
	}
	s.Skipped = t.skipped.Load()
	s.Dropped, s.Replaced = c.rare.need().shelf.dropped, c.rare.need().shelf.replaced
	return s
}

// received counts messages of one frame each.
func (t *tally) received(messages uint64, bytes int) {
	t.framesIn.Add(messages)
	t.messagesIn.Add(messages)
	t.bytesIn.Add(uint64(bytes))
}

// chunk counts a piece of a frame, and what it ends.
func (t *tally) chunk(c *wire.Chunk) {
	if c.Flags&wire.FrameStart != 0 {
		t.framesIn.Add(1)
		switch c.Op {
		case ws.OpPing:
			t.pingsIn.Add(1)
		case ws.OpPong:
			t.pongsIn.Add(1)
		}
	}
	if !c.Op.IsControl() {
		t.bytesIn.Add(uint64(len(c.Payload)))
		if c.Flags&wire.MessageEnd != 0 {
			t.messagesIn.Add(1)
		}
	}
}

// sent counts a frame that was accepted, the end of a message or a piece of it. Conn.mu
// is held.
func (t *tally) sent(size int, frames uint64, end bool, buffered uint64) {
	if end {
		t.messagesOut++
	}
	t.bytesOut += uint64(size)
	t.framesOut += frames
	t.queuePeak = max(t.queuePeak, buffered)
}
