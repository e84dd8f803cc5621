// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
)

// A message may have a key and a priority (Rank). Both matter only while it waits whole
// (send_early.go): it takes the place of the one that waits under its key, and goes before all with
// less priority. What the kernel has not taken is mostly framed already, and then neither is
// possible. So:
//
//   - The first SendWith of a connection makes all of its messages wait whole that cannot leave at
//     once, as another full policy does, and the host corks and writes nothing itself any more.
//   - Who publishes does that to nobody: a recipient that takes what it gets pays nothing. Such a
//     message waits whole behind what the kernel has refused, or behind much that its loop has still
//     to write (crowded), and all others behind it do, too, until nothing waits any more (waitsWhole).

// SendWith is Send for a message with a key, a priority or both. Any thread.
func (c *Conn) SendWith(op ws.OpCode, data []byte, rank Rank, done border.Completion) *fault.Error {
	defer c.breaks()
	if err := c.mayCarry(op, data); err != nil {
		return err
	}
	if err := c.beginWhole(); err != nil {
		return err
	}
	c.passesHeld()
	if z := c.compression(); z != nil && len(data) >= z.minSize { // it does not have to wait then
		if err := z.send(firstByte(op)|rsv1, data, done, nil); err != errPlain {
			return err
		}
	}
	first, size := firstByte(op), c.frameSize(len(data))
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return c.stale()
	}
	if err := c.mayFollow(nil); err != nil {
		return err
	}
	switch {
	case c.mustWait():
		return c.shelve(early{first: first, rank: rank, data: data, size: size, done: done})
	case s != nil:
		return c.placeSecure(s, first, data, size, done)
	}
	return c.place(first, data, size, done)
}

// beginWhole makes all messages wait whole that cannot leave at once, from now on.
func (c *Conn) beginWhole() *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return c.stale()
	}
	if r := c.needRare(); !r.whole.Load() {
		r.whole.Store(true)
		c.block.Clear(border.OutFast) // what the host has corked goes first, see mustWaitWhole
		c.endDirect()
	}
	return nil
}

// waiting is a form as it waits whole.
func (f *form) waiting() early {
	return early{first: f.first, rank: f.rank, data: f.data, size: f.size}
}

// mustWait tells whether c gets a form behind others that wait whole. c.mu is held.
func (f *form) mustWait(c *Conn) bool {
	return c.mustWait() || f.rank != (Rank{}) && c.block.State() == border.StateOpen && c.crowded()
}

// crowded tells whether something waits that has not left at once, or soon will not. c.mu is held.
func (c *Conn) crowded() bool {
	q := c.tx
	if q == nil || q.empty() {
		return false
	}
	return !q.fanned || c.sock.WatchesOut() || len(q.chunks)-q.first >= sharedMost || int64(c.block.Buffered()) > c.options().MaxBuffered/4 // fits: queues are in memory
}

// shelve lets a form wait whole. c.mu is held.
func (f *form) shelve(c *Conn) bool {
	switch err := c.shelve(f.waiting()); {
	case err == nil:
		f.placed(c)
		return true
	case err.ID == fault.IDFull || err.ID == fault.IDMemory:
		return f.dropFor(c)
	}
	return false
}
