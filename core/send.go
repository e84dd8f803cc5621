// SPDX-License-Identifier: Apache-2.0

package core

import (
	"syscall"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
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
	if err := c.mayCarry(op, data); err != nil {
		return err
	}
	if len(data) <= shortMessage && !done.Wanted() {
		if sent, err := c.sendShort(firstByte(op), data); sent {
			return err
		}
	}
	if z := c.compression(); z != nil && len(data) >= z.minSize {
		if err := z.send(firstByte(op)|rsv1, data, done, nil); err != errPlain {
			return err
		}
	}
	return c.send(nil, firstByte(op), data, done, nil)
}

// mayCarry checks a whole message.
func (c *Conn) mayCarry(op ws.OpCode, data []byte) *fault.Error {
	switch {
	case int64(len(data)) > c.options().MaxSend:
		return c.options().TooLarge(int64(len(data)))
	case op == ws.OpText && !utf8.Valid(data):
		return errNoText
	}
	return nil
}

var errNoText = &fault.Error{ID: fault.IDParameter, Text: "data: is not valid UTF-8, which WS_TEXT must be (RFC 6455 8.1)"}

// send sends a frame of a message: a part of it when p is not nil, what z compressed when
// z is not.
func (c *Conn) send(z *compression, first byte, data []byte, done border.Completion, p *part) *fault.Error {
	size := c.frameSize(len(data))
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if c.destroyed {
		return c.stale()
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
		return c.noteSent(p, c.placeSecure(s, first, data, size, done))
	}
	return c.noteSent(p, c.place(first, data, size, done))
}

// place sends a frame, or finds it a place to wait. c.mu is held.
func (c *Conn) place(first byte, data []byte, size int, done border.Completion) *fault.Error {
	if waits, err := c.waitEarly(first, data, size, done); waits {
		return err
	}
	if !c.fitsBudget(size) {
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
	c.pulse.spoke = c.pulse.spoke || first&finBit != 0
	if t := c.tallied(); t != nil {
		t.sent(size, c.frames(size), first&finBit != 0, c.block.Buffered())
	}
	if s := c.shard(); s != nil {
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
		if !c.needQueue().frame(c, first, data, size) {
			c.block.Taken(size)
			c.settleQueue()
			return errSendMemory
		}
		return nil
	}
	switch {
	case c.frames(len(data)) > 1:
		return c.putCopied(first, data, size)
	case size <= wholeFrame:
		return c.putSmall(first, data)
	case c.server == nil:
		return c.putCopied(first, data, size)
	}
	var head [wire.MaxHeader]byte
	header := wire.AppendHeader(head[:0], opcode(first), first&finBit != 0, len(data))
	n, errno := c.sock.WriteTwo(header, data)
	if errno == loop.EFAULT { // the kernel could not read data, and took nothing
		c.block.Taken(size)
		c.settleQueue()
		return errUnreadable
	}
	if n = c.wrote(n, errno); n == size || c.failed {
		return nil
	}
	return c.putRest(n, header, data)
}

// wholeFrame is up to where a frame is put together on the stack: two pieces cost the
// kernel more than the copy costs us.
const wholeFrame = 1024 + wire.MaxHeader

// putSmall is put for a frame of at most wholeFrame bytes. c.mu is held.
func (c *Conn) putSmall(first byte, data []byte) *fault.Error {
	var frame [wholeFrame]byte
	return c.putWhole(c.appendFrame(frame[:0], first, data))
}

// appendFrame appends a frame, masked for a client. c.mu is held.
func (c *Conn) appendFrame(dst []byte, first byte, data []byte) []byte {
	if q := c.client(); q != nil {
		return wire.AppendMasked(dst, opcode(first), first&finBit != 0, data, q.masks.Next())
	}
	return wire.AppendFragment(dst, wire.Server, opcode(first), first&finBit != 0, data)
}

// putWhole sends a frame whose bytes are claimed and that nothing is before; what the
// kernel does not take is copied. c.mu is held.
func (c *Conn) putWhole(frame []byte) *fault.Error {
	n, errno := c.sock.Write(frame)
	if n = c.wrote(n, errno); n == len(frame) || c.failed {
		return nil
	}
	return c.putRest(n, frame, nil)
}

// putRest queues a frame in two pieces of which n bytes are sent. After the first byte
// there is no way back, so the budget was looked at before. c.mu is held.
func (c *Conn) putRest(n int, head, tail []byte) *fault.Error {
	size := len(head) + len(tail)
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
	frame = appendCut(frame, c.role(), first, data, c.maxFrame())
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
	if q := c.client(); q != nil {
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

// sendRaw sends frames that no limit refuses: control frames. c.mu is held.
func (c *Conn) sendRaw(frames []byte) {
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

// uncork sends the outbox's segments of this connection, then what other
// threads queued behind them. The loop's thread.
func (c *Conn) uncork(segments []border.Segment, head uint32) {
	c.shard().countCorked(c.w, segments, head)
	if s := c.tls.Load(); s != nil {
		c.uncorkSecure(s, segments, head)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulse.spoke = true
	left := 0 // bytes the kernel did not take
	if only := &segments[head]; !c.sock.Open() || c.failed {
	} else if only.Next == 0 {
		n, errno := c.sock.Write(border.Memory(only.Data, only.Size))
		if n == int(only.Size) && c.tx == nil && !c.high && c.block.Uncorked(n) {
			return // as nearly always: nothing of the connection waits any more
		}
		left = int(only.Size) - c.wrote(n, errno)
	} else {
		left = c.writeSegments(&c.w.vector, segments, head)
	}
	if left > 0 && !c.failed {
		rest, err := c.w.engine.pool.Force(left)
		if err != nil {
			c.breakOff()
		} else {
			c.needQueue().addFront(appendTail(rest, segments, head, left))
		}
	}
	c.block.Set(border.OutQueued) // before the host may cork again
	c.block.Clear(border.OutCorked)
	c.flushQueue(&c.w.vector)
}

// writeSegments writes what the kernel takes, through v as writeQueue, and returns how many
// bytes it did not. c.mu is held.
func (c *Conn) writeSegments(v *loop.Vector, segments []border.Segment, i uint32) (left int) {
	for i != 0 && left == 0 && !c.failed {
		v.Reset()
		for ; i != 0 && !v.Full(); i = segments[i].Next {
			v.Add(border.Memory(segments[i].Data, segments[i].Size))
		}
		n, errno := c.sock.WriteVector(v)
		if n = c.wrote(n, errno); n < v.Size() && !c.failed {
			left = v.Size() - n
			for j := i; j != 0; j = segments[j].Next {
				left += int(segments[j].Size)
			}
		}
	}
	return left
}

// appendTail appends the last size bytes of a connection's segments.
func appendTail(dst []byte, segments []border.Segment, head uint32, size int) []byte {
	total := 0
	for i := head; i != 0; i = segments[i].Next {
		total += int(segments[i].Size)
	}
	skip := total - size
	for i := head; i != 0; i = segments[i].Next {
		p := border.Memory(segments[i].Data, segments[i].Size)
		if skip >= len(p) {
			skip -= len(p)
			continue
		}
		dst = append(dst, p[skip:]...)
		skip = 0
	}
	return dst
}
