// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"syscall"
	"time"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// Entering Go costs a thread of the host more than all that a short message needs. So the
// host may write one itself, from any thread, over a plain connection on which nothing
// waits:
//
//   - Core offers it by border.OutDirect, and says in the lane of the connection which descriptor
//     it is. The first short message that went the ordinary way brings the offer.
//   - The host claims the bytes by one compare-and-swap on Block.Out, from nothing
//     buffered to border.OutQueued and border.OutSending: nobody else writes then, everybody queues
//     behind. It looks at the handle again, writes, and takes its claim back by another.
//   - When that fails, because somebody came by meanwhile, or when the kernel did not take
//     everything, it sets border.OutHanding and calls SentDirect, which does the rest.
//   - Core takes the offer back before it closes the descriptor, and waits until the host
//     has left it: a system call that does not block.

// direct is what the host and core share of that. It is asked for anew each time.
type direct struct {
	block *border.Block
	lane  *border.Lane
}

// direct is that of a connection with this block; empty while it has none. Conn.mu is held, or
// figures.mu.
func (w *worker) direct(b *border.Block) direct {
	if b == nil {
		return direct{}
	}
	return direct{b, w.engine.host.Lane(b.Slot)}
}

// leave waits until the host has left the descriptor, and returns what it has sent.
func (d direct) leave() (messages, bytes uint64) {
	d.block.Clear(border.OutDirect)
	for looks := 0; d.block.Load()&(border.OutSending|border.OutHanding) == border.OutSending; looks++ {
		lookAgain(looks)
	}
	return atomic.SwapUint64(&d.lane.Messages, 0), atomic.SwapUint64(&d.lane.Bytes, 0)
}

// lookAgain waits a little for a thread of the host, behind so many looks.
func lookAgain(looks int) {
	if looks > 100 {
		time.Sleep(20 * time.Microsecond) // it does not run
	}
}

// forget is for a connection that ends, behind endDirect: whoever has still to call core finds nothing of
// its own any more.
func (d direct) forget() {
	if d.block.Load()&border.OutSending != 0 {
		atomic.AddUint32(&d.lane.Epoch, 1)
	}
}

// sent is what the host has sent itself and core has not counted.
func (d direct) sent() (messages, bytes uint64) {
	if d.block == nil || d.block.Load()&border.OutDirect == 0 {
		return 0, 0
	}
	return atomic.LoadUint64(&d.lane.Messages), atomic.LoadUint64(&d.lane.Bytes)
}

// offerDirect lets the host write short messages itself, or over TLS gather them, unless something forbids it. The
// connection is one that goesAtOnce. c.mu is held.
func (c *Conn) offerDirect() {
	if c.block.Load()&(border.OutOpen|border.OutDirect) != border.OutOpen || c.destroyed {
		return
	}
	o := c.options()
	if o.MaxSend < border.DirectMax || c.waitsWhole() || c.server != nil && c.rare.tallied() != nil {
		return
	}
	descriptor, ok := c.sock.Direct()
	if !ok {
		return
	}
	if lane := c.w.direct(c.block).lane; lane != nil {
		atomic.StoreInt32(&lane.Descriptor, descriptor)
		flags := uint64(border.OutDirect)
		if c.tls.Load() != nil {
			flags |= border.OutSecure
		} else {
			c.block.Clear(border.OutSecure) // of an earlier connection of a client
		}
		c.block.Set(flags)
	}
}

// endDirect takes the offer back: when it returns the host does not touch the descriptor,
// and what it has sent is counted here. c.mu is held.
func (c *Conn) endDirect() {
	if c.block.Load()&border.OutDirect == 0 {
		return
	}
	for left := false; !left; {
		c.countDirect()
		c.sendGathered() // none follows
		// A thread may have begun to send what it has gathered between both: then it is waited for once more.
		out := c.block.Load()
		left = out&border.OutGathered == 0 || out&border.OutHanding != 0
	}
}

// countDirect waits until the host has left, and counts what it has sent. c.mu is held.
func (c *Conn) countDirect() {
	if c.server != nil {
		f := &c.server.figures
		f.mu.Lock()
		defer f.mu.Unlock()
	}
	messages, bytes := c.w.direct(c.block).leave()
	if s := c.server.shard(c.w); s != nil {
		s.out.add(messages, bytes)
	} else if t := c.rare.tallied(); t != nil { // that of an accepted connection begins now
		t.messagesOut += messages
		t.framesOut += messages
		t.bytesOut += bytes
	}
}

// SentDirect ends what the host began: the kernel took n bytes of frame, or refused them
// with errno. epoch is that of the lane when the host claimed. Any thread.
func (c *Conn) SentDirect(epoch uint32, frame []byte, n int, errno syscall.Errno) *fault.Error {
	defer c.breaks()
	c.mu.Lock()
	defer c.mu.Unlock()
	if atomic.LoadUint32(&c.w.direct(c.block).lane.Epoch) != epoch {
		return nil // the connection has ended, and the claim with it
	}
	c.block.Clear(border.OutSending | border.OutHanding | border.OutDeferred)
	var err *fault.Error
	if c.failed {
		c.block.Taken(len(frame)) // the read side is about to report the end
	} else if n = c.wrote(n, errno); n < len(frame) && !c.failed {
		rest, short := c.w.engine.pool.Force(len(frame) - n)
		switch {
		case short == nil: // before all that came meanwhile
			c.needQueue().addFront(append(rest, frame[n:]...))
		case n > 0:
			c.breakOff() // after the first byte there is no way back
		default:
			c.block.Taken(len(frame))
			err = errSendMemory
		}
	}
	var v loop.Vector // the worker's is the loop's
	c.flushQueue(&v)
	return err
}

// Most messages are short, and nothing is before them. They take this way, which does
// what send does for them and asks nothing else.

// shortMessage is the longest one.
const shortMessage = 256 - wire.MaxHeader

// goesAtOnce tells whether a message goes as it is and nothing is remembered of it, between two
// messages; r may be nil. Conn.mu is held.
func (r *rare) goesAtOnce() bool {
	return r == nil || r.sending.op == 0 && r.compression.Load() == nil && (r.client == nil || !r.client.keep && r.client.acks == nil)
}

// sendShort sends a message over a plain connection on which nothing waits. False:
// nothing was done, and send does all of it.
func (c *Conn) sendShort(first byte, data []byte) (sent bool, err *fault.Error) {
	if c.tls.Load() != nil || c.rare.compression() != nil {
		return false, nil // it has no lock to wait for
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Whoever had the lock may have made rare: by the first piece of a message, or a ping.
	r := c.rare.Load()
	if c.destroyed || c.tx != nil || c.high || c.tls.Load() != nil {
		return false, nil
	}
	if !r.goesAtOnce() {
		return false, nil
	}
	size := wire.HeaderSize(len(data), c.server == nil) + len(data)
	if !c.w.engine.pool.Fits(size) || !c.block.ClaimIdle(size) {
		return false, nil
	}
	var buffer [shortMessage + wire.MaxHeader]byte
	frame := c.appendFrame(buffer[:0], first, data)
	if n, errno := c.sock.Write(frame); n < size {
		if n = c.wrote(n, errno); !c.failed {
			err = c.putRest(n, frame, nil)
		}
		if err == nil {
			c.sent(first, len(data), border.Completion{})
			c.settleQueue()
		}
		return true, err
	}
	if r != nil && r.client != nil {
		r.client.taken += uint64(size)
	}
	c.sent(first, len(data), border.Completion{})
	c.block.Idle(size)
	c.offerDirect()
	return true, nil
}
