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

// dropOldest drops whole messages until size bytes fit; none when that is not enough. A
// message of which a piece has left or is still to come stays. c.mu is held.
func (c *Conn) dropOldest(size int) bool {
	r := c.needRare()
	begin := 0 // the first message of which nothing has left
	for begin < len(r.early) && opcode(r.early[begin].first) == 0 {
		begin++
	}
	end, free, messages := begin, 0, uint64(0)
	room := int(c.block.Buffered()) + size - int(c.options().MaxBuffered) // fits: queues are in memory, and MaxBuffered is up to config.MaxSend
	for i, pending := begin, 0; i < len(r.early) && free < room; i++ {
		pending += r.early[i].size
		if r.early[i].first&finBit != 0 {
			end, free, pending, messages = i+1, free+pending, 0, messages+1
		}
	}
	if free < room && free < int(c.block.Buffered()) { // fits: it is in memory
		return false
	}
	posted := len(r.untold) > 0
	for _, e := range r.early[begin:end] {
		c.w.engine.pool.Put(e.data)
		if e.done.Wanted() {
			r.untold = append(r.untold, e.done)
		}
	}
	if len(r.untold) > 0 && !posted {
		c.w.loop.Post(c.tellDropped)
	}
	c.block.Taken(free)
	r.waits -= uint64(free)
	c.countDropped(messages)
	copy(r.early[end-begin:end], r.early[:begin])
	clear(r.early[:end-begin])
	r.early = r.early[end-begin:]
	return true
}

// tellDropped completes the sends that made room for others, before the end of the
// connection is told. The loop's.
func (c *Conn) tellDropped() {
	for _, done := range c.takeUntold() {
		c.w.complete(c.block.Slot, border.OpSend, done, errDropped)
	}
}

func (c *Conn) takeUntold() (untold []border.Completion) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.rare.Load(); r != nil {
		untold, r.untold = r.untold, nil
	}
	return untold
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
	c.failEarly(dropped, errOverflow)
	if !closing {
		c.fail(wire.ClosePolicy, &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: fmt.Sprintf("%s does not read: %d bytes wait, and max_buffered is %d",
			c.peer.addr(), c.block.Buffered(), c.options().MaxBuffered)})
	}
}
