// SPDX-License-Identifier: Apache-2.0

package core

import (
	"syscall"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/shelf"
	"libws/core/wire"
)

// Send queues or sends one message, whole or not at all; data is the caller's
// again when it returns. Without a completion and without TLS it allocates nothing
// on the Go heap. Any thread.
func (c *Conn) Send(op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	err := c.sendWhole(op, data, done)
	c.passesHeld()
	return err
}

// sendWhole is Send for who may be held.
func (c *Conn) sendWhole(op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	defer c.breaks()
	if err := c.options().Carries(op == ws.OpText, data); err != nil {
		return err
	}
	if len(data) <= shortMessage && !done.Wanted() {
		if sent, err := c.sendShort(wire.FirstByte(op), data); sent {
			return err
		}
	}
	if z := c.rare.compression(); z != nil && len(data) >= z.minSize {
		if err := z.send(wire.FirstByte(op)|rsv1, data, done, nil); err != errPlain {
			return err
		}
	}
	return c.send(nil, wire.FirstByte(op), data, done, nil)
}

// SendWith is Send for a message with a key, a priority or both. Any thread.
func (c *Conn) SendWith(op ws.OpCode, data []byte, rank shelf.Rank, done border.Completion) *fault.Error {
	defer c.breaks()
	if err := c.options().Carries(op == ws.OpText, data); err != nil {
		return err
	}
	if err := c.beginWhole(); err != nil {
		return err
	}
	c.passesHeld()
	if z := c.rare.compression(); z != nil && len(data) >= z.minSize { // it does not have to wait then
		if err := z.send(wire.FirstByte(op)|rsv1, data, done, nil); err != errPlain {
			return err
		}
	}
	first, size := wire.FirstByte(op), wire.CutSize(len(data), c.options().Frame(), c.server == nil)
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return c.server.stale()
	}
	if err := c.mayFollow(nil); err != nil {
		return err
	}
	switch {
	case c.mustWait():
		return c.shelve(shelf.Message{First: first, Rank: rank, Data: data, Size: size, Done: done})
	case s != nil:
		return s.place(first, data, size, done)
	}
	return c.place(first, data, size, done)
}

// beginWhole makes all messages wait whole that cannot leave at once, from now on.
func (c *Conn) beginWhole() *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return c.server.stale()
	}
	if r := c.rare.need(); !r.whole.Load() {
		r.whole.Store(true)
		c.block.Clear(border.OutFast) // what the host has corked goes first, see mustWaitWhole
		c.endDirect()
	}
	return nil
}

// send sends a frame of a message: a part of it when p is not nil, what z compressed when
// z is not.
func (c *Conn) send(z *compression, first byte, data []byte, done border.Completion, p *part) *fault.Error {
	size := wire.CutSize(len(data), c.options().Frame(), c.server == nil)
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return c.server.stale()
	}
	if err := c.mayFollow(p); err != nil {
		return err
	}
	if z != nil {
		if err := z.mayLeave(p); err != nil {
			return err
		}
	}
	if s != nil {
		return c.noteSent(p, s.place(first, data, size, done))
	}
	return c.noteSent(p, c.place(first, data, size, done))
}

// place sends a frame, or finds it a place to wait. c.mu is held.
func (c *Conn) place(first byte, data []byte, size int, done border.Completion) *fault.Error {
	if c.mustWait() {
		return c.shelve(shelf.Message{First: first, Data: data, Size: size, Done: done})
	}
	if !c.w.engine.lets(c.block, size) {
		return errSendMemory
	}
	behind, status := c.claim(size, false)
	switch status {
	case border.ClaimClosed:
		return errNotOpen
	case border.ClaimFull:
		c.high = true // a drain event follows
		return errFull
	}
	if done.Wanted() {
		c.needQueue()
	}
	if err := c.put(first, data, size, behind); err != nil {
		return err
	}
	c.sent(first, len(data), done)
	c.settleQueue()
	return nil
}

// sent notes a frame that was put where it belongs. c.mu is held.
func (c *Conn) sent(first byte, size int, done border.Completion) {
	c.pulse.spoke = c.pulse.spoke || first&wire.Fin != 0
	if t := c.rare.tallied(); t != nil {
		t.sent(size, wire.CutFrames(size, c.options().Frame()), first&wire.Fin != 0, c.block.Buffered())
	}
	if s := c.server.shard(c.w); s != nil {
		s.out.add(uint64(first>>7), uint64(size))
	}
	if done.Wanted() {
		q := c.needQueue()
		q.waiting = append(q.waiting, waiting{q.target(c), done}) // the bytes are claimed, so the host corks nothing meanwhile
	}
}

var errUnreadable = &fault.Error{ID: fault.IDParameter, Text: "data: not all of it can be read"}

// put sends a frame whose bytes are claimed: at once when nothing is before it,
// else it is copied into the queue. It fails only when the system has no memory or
// cannot read data, before the first byte. c.mu is held.
func (c *Conn) put(first byte, data []byte, size int, behind bool) *fault.Error {
	if c.failed {
		c.block.Taken(size) // the read side is about to report the end
		return nil
	}
	if behind {
		if !c.passFrame(first, data) && !c.needQueue().frame(c, first, data, size) {
			c.block.Taken(size)
			c.settleQueue()
			return errSendMemory
		}
		return nil
	}
	switch {
	case wire.CutFrames(len(data), c.options().Frame()) > 1:
		return c.putCopied(first, data, size)
	case size <= wholeFrame:
		return c.putSmall(first, data)
	case c.server == nil:
		return c.putCopied(first, data, size)
	}
	var head [wire.MaxHeader]byte
	header := wire.AppendHeader(head[:0], wire.OpCode(first), first&wire.Fin != 0, len(data))
	n, errno := c.sock.WriteTwo(header, data)
	if errno == loop.EFAULT { // the kernel could not read data, and took nothing
		c.block.Taken(size)
		c.settleQueue()
		return errUnreadable
	}
	n = c.wrote(n, errno)
	for n >= len(header) && n < maxRead && size-n >= passable && !c.failed {
		// A peer that reads meanwhile has made room. To find out costs less than to be told of it.
		more, errno := c.sock.Write(data[n-len(header):])
		if more = c.wrote(more, errno); more == 0 {
			break
		}
		n += more
	}
	if n == size || c.failed {
		return nil
	}
	return c.putRest(n, header, data)
}

// wholeFrame is up to where a frame is put together on the stack: two pieces cost the
// kernel more than the copy costs us.
const wholeFrame = 1024 + wire.MaxHeader

// putSmall is put for a frame of at most wholeFrame bytes; what the kernel does not take is copied.
// c.mu is held.
func (c *Conn) putSmall(first byte, data []byte) *fault.Error {
	var buffer [wholeFrame]byte
	frame := c.appendFrame(buffer[:0], first, data)
	n, errno := c.sock.Write(frame)
	if n = c.wrote(n, errno); n == len(frame) || c.failed {
		return nil
	}
	return c.putRest(n, frame, nil)
}

// appendFrame appends a frame, masked for a client. c.mu is held.
func (c *Conn) appendFrame(dst []byte, first byte, data []byte) []byte {
	if q := c.rare.client(); q != nil {
		return wire.AppendMasked(dst, wire.OpCode(first), first&wire.Fin != 0, data, q.masks.Next())
	}
	return wire.AppendFragment(dst, wire.Server, wire.OpCode(first), first&wire.Fin != 0, data)
}

// putRest queues a frame in two pieces of which n bytes are sent, its end without a copy where that
// can be passed on. After the first byte
// there is no way back, so the budget was looked at before. c.mu is held.
func (c *Conn) putRest(n int, head, tail []byte) *fault.Error {
	size := len(head) + len(tail)
	if n >= len(head) && c.pass(tail[n-len(head):]) {
		return nil
	}
	rest, err := c.w.engine.pool.Force(size - n)
	if err != nil {
		if n > 0 {
			c.breakOff()
			return nil
		}
		c.block.Taken(size)
		c.settleQueue()
		return errSendMemory
	}
	if n < len(head) {
		rest = append(rest, head[n:]...)
		n = len(head)
	}
	c.needQueue().add(append(rest, tail[n-len(head):]...))
	return nil
}

// putCopied sends a larger frame of a client, or one that is cut: the copy that masking or
// cutting needs is what is queued when the kernel does not take all of it. c.mu is held.
func (c *Conn) putCopied(first byte, data []byte, size int) *fault.Error {
	pool := &c.w.engine.pool
	frame, err := pool.Force(size)
	if err != nil {
		c.block.Taken(size)
		c.settleQueue()
		return errSendMemory
	}
	frame = wire.AppendCut(frame, c.server.role(), first, data, c.options().Frame())
	n, errno := c.sock.Write(frame)
	n = c.wrote(n, errno)
	if n == size || c.failed {
		pool.Put(frame)
		return nil
	}
	q := c.needQueue()
	q.add(frame)
	q.off = n
	return nil
}

// wrote accounts for a write and returns how many bytes it took. c.mu is held.
func (c *Conn) wrote(n int, errno syscall.Errno) int {
	switch errno {
	case 0, loop.EAGAIN:
	case loop.ENOBUFS, loop.ENOMEM: // the kernel will have memory again
	default:
		c.breakOff()
		return 0
	}
	if c.tx != nil {
		c.tx.sent += uint64(n)
	}
	if q := c.rare.client(); q != nil {
		q.taken += uint64(n)
	}
	c.block.Taken(n)
	return n
}

// breakOff stops writing after an error. What the peer sent before it went away
// is still read; the end of reading then ends the connection. c.mu is held.
func (c *Conn) breakOff() {
	c.failed = true
	c.block.Clear(border.OutOpen)
	if c.sock.Open() {
		// Wakes the read side even when the kernel reports no hang-up.
		if !c.sock.ShutdownBoth() {
			c.w.loop.Post(c.cutOff)
		}
	}
}

// cutOff ends a connection that nothing may be written to and of which nothing need be received.
func (c *Conn) cutOff() {
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	failed := c.failed && c.sock.Open()
	locked.end()
	if !failed {
		return
	}
	if !c.stopped(0) {
		c.w.share = min(inflateShare, c.w.turn)
		c.read() // what came before
	}
	c.lost(errLost)
}

// emit sends frames that no limit refuses. s is locked for output. c.mu is held,
// and given up while s encrypts.
func (c *Conn) emit(s *secure, frames []byte) {
	if s != nil {
		s.emit(frames)
		return
	}
	behind, _ := c.claim(len(frames), true)
	n := 0
	if c.failed || !c.sock.Open() {
		c.block.Taken(len(frames))
	} else {
		if !behind {
			var errno syscall.Errno
			n, errno = c.sock.Write(frames)
			n = c.wrote(n, errno)
		}
		if n < len(frames) && !c.failed && !c.needQueue().append(&c.w.engine.pool, frames[n:]) {
			c.breakOff()
		}
	}
	c.settleQueue()
}
