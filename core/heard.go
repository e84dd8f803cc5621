// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/border"

// The end of a connection that comes in a read (a Close frame, a violation, the
// end of the stream) is acted on when the host has heard the messages before it,
// so that it can still answer them. Without a queue that is when the batch was
// dispatched, unless a pause holds some of it back: then after resume. With a
// queue a mark goes through it, and the connection is not read until the host has
// come to the mark. Who closes the connection has said the last word: then nothing
// is waited for, and ws_close keeps its deadline.

// afterHeard runs act when the host has heard what came before; rest is the part
// of the read that is not parsed yet. Nothing more is parsed.
func (c *Conn) afterHeard(rest []byte, act func()) {
	w, queued := c.w, c.block.Queued()
	if !queued {
		w.flushBefore(rest)
		if c.phase != phaseOpen {
			return
		}
	}
	if c.saidAll() || !queued && !c.rare.Load().keepsBack() {
		act()
		return
	}
	if queued {
		w.records = append(w.records, border.Record{Slot: c.block.Slot, Type: border.EventMark})
		w.named()
		if q := c.client(); q != nil {
			q.marks++
		}
	}
	c.phase = phaseHearing
	c.ensureEnds().close.heard = act
	c.setPaused(pausedByMark, true)
}

// Heard is told by a host that delivers from a queue when it has come to an
// EventMark. Any thread.
func (c *Conn) Heard() {
	c.w.loop.Post(func() {
		if q := c.client(); q == nil || !q.marksBefore() {
			c.heard()
		}
	})
}

// marksBefore tells whether the mark to which the host has come is of an earlier connection of
// the client. The loop's.
func (q *client) marksBefore() bool {
	q.marks--
	return q.marks > 0
}

// saidAll tells whether our Close frame was sent.
func (c *Conn) saidAll() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closeSent
}

// heard goes on with the end, if that is still wanted.
func (c *Conn) heard() {
	if c.phase != phaseHearing {
		return // it ended otherwise
	}
	c.w.current = c
	c.phase = phaseOpen
	act := c.ends.close.heard
	c.ends.close.heard = nil
	c.setPaused(pausedByMark, false)
	act()
}

// heardHeld is heard after a resume without a queue, if the callbacks of what was
// held have not paused the connection again.
func (c *Conn) heardHeld() {
	if c.phase != phaseHearing || c.block.Queued() {
		return
	}
	c.w.flush()
	if !c.rare.Load().keepsBack() {
		c.heard()
	}
}
