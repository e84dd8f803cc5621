// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/wire"
)

// fits tells whether size bytes may be queued. One message always fits an empty queue.
// c.mu is held.
func (c *Conn) fits(size int) bool {
	buffered := c.block.Buffered()
	return buffered == 0 || int64(buffered)+int64(size) <= c.options().MaxBuffered
}

// makeRoom acts on a full queue; nil when size bytes fit now. c.mu is held.
func (c *Conn) makeRoom(size int) *fault.Error {
	switch policy := c.options().Full; {
	case policy == config.FullDropOldest && c.dropOldest(size):
		return nil
	case policy == config.FullClose && c.block.State() == border.StateOpen:
		c.overflow()
		return errOverflow
	}
	c.high = true // a drain event follows
	return errFull
}

var (
	errDropped  = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the message made room for a newer one (WS_FULL_DROP_OLDEST)"}
	errOverflow = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the output queue is full, and so the connection ends (WS_FULL_CLOSE)"}
)

// dropOldest drops whole messages until size bytes fit; none when that is not enough. c.mu is
// held.
func (c *Conn) dropOldest(size int) bool {
	buffered := int(c.block.Buffered()) // fits: queues are in memory, and MaxBuffered is up to config.MaxSend
	free, messages, tell, ok := c.needRare().shelf.dropOldest(&c.w.engine.pool, buffered+size-int(c.options().MaxBuffered), buffered)
	if !ok {
		return false
	}
	if tell {
		c.w.loop.Post(c.tellDropped)
	}
	c.block.Taken(free)
	c.countDropped(messages)
	return true
}

// tellDropped completes the sends that made room for others, before the end of the
// connection is told. The loop's.
func (c *Conn) tellDropped() {
	for _, done := range c.untold() {
		c.w.complete(c.block.Slot, border.OpSend, done, errDropped)
	}
}

// untold are the completions that tellDropped has still to tell.
func (c *Conn) untold() []border.Completion {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.rare.Load(); r != nil {
		return r.shelf.takeUntold()
	}
	return nil
}

// overflow ends the connection from any thread: from now on nothing can be sent. c.mu is
// held.
func (c *Conn) overflow() {
	c.block.Clear(border.OutOpen)
	c.block.SetState(border.StateClosing)
	c.w.loop.Post(c.overflown)
}

// overflown drops what waits and says 1008 behind the message that has begun; who does
// not read that in the time of a close is cut off.
func (c *Conn) overflown() {
	if c.phase != phaseOpen {
		return // its end is under way
	}
	c.w.current = c
	held := take(&c.mu)
	defer held.end()
	dropped, closing := c.takeEarly(), c.closeSent
	held.end()
	c.w.failEarly(c.block, dropped, errOverflow)
	if !closing {
		c.fail(wire.ClosePolicy, &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: fmt.Sprintf("%s does not read: %d bytes wait, and max_buffered is %d",
			c.peer.addr(), c.block.Buffered(), c.options().MaxBuffered)})
	}
}
