// SPDX-License-Identifier: Apache-2.0

package core

// The end of a connection that comes in a read (a Close frame, a violation, the
// end of the stream) is acted on when the host has heard the messages before it,
// so that it can still answer them. Without a queue that is when the batch was dispatched. With one it
// takes longer: a mark goes through the queue, and the connection is not read
// until the host has come to it.

// afterHeard runs act when the host has heard what came before; rest is the part
// of the read that is not parsed yet. Nothing more is parsed.
func (c *Conn) afterHeard(rest []byte, act func()) {
	w := c.w
	if c.block == nil || !c.block.queued() {
		w.flushBefore(rest)
		if c.phase == phaseOpen {
			act()
		}
		return
	}
	c.phase = phaseHearing
	c.ensureEnd().heard = act
	c.setPaused(pausedByMark, true)
	w.records = append(w.records, Record{Slot: c.block.Slot, Type: EventMark})
}

// Heard is told by a host that delivers from a queue when it has come to an
// EventMark. Any thread.
func (c *Conn) Heard() {
	c.w.loop.Post(func() {
		if c.phase != phaseHearing {
			return // it ended otherwise
		}
		c.w.current = c
		c.phase = phaseOpen
		act := c.end.heard
		c.end.heard = nil
		c.setPaused(pausedByMark, false)
		act()
	})
}
