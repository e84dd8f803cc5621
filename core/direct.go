// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"syscall"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
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

// offerDirect lets the host write short messages itself, unless something forbids it. The
// connection is plain, uncompressed and between two messages. c.mu is held.
func (c *Conn) offerDirect() {
	if c.block.Load()&(border.OutOpen|border.OutDirect) != border.OutOpen || c.destroyed {
		return
	}
	o := c.options()
	if o.MaxSend < border.DirectMax || o.Full != config.FullRefuse || c.server != nil && c.tallied() != nil {
		return
	}
	descriptor, ok := c.sock.Direct()
	if !ok {
		return
	}
	if lane := c.lane(); lane != nil {
		atomic.StoreInt32(&lane.Descriptor, descriptor)
		c.block.Set(border.OutDirect)
	}
}

func (c *Conn) lane() *border.Lane { return c.w.engine.host.Lane(c.block.Slot) }

// endDirect takes the offer back: when it returns the host does not touch the descriptor,
// and what it has sent is counted here. c.mu is held.
func (c *Conn) endDirect() {
	if c.block.Load()&border.OutDirect == 0 {
		return
	}
	if c.server != nil {
		f := &c.server.figures
		f.mu.Lock()
		defer f.mu.Unlock()
	}
	messages, bytes := c.leaveDirect()
	if s := c.shard(); s != nil {
		s.out.add(messages, bytes)
	} else if t := c.tallied(); t != nil { // that of an accepted connection begins now
		t.messagesOut += messages
		t.framesOut += messages
		t.bytesOut += bytes
	}
}

// forgetDirect is endDirect for a connection that ends: whoever has still to call core finds
// nothing of its own any more. c.mu is held.
func (c *Conn) forgetDirect() {
	if c.block == nil {
		return
	}
	c.endDirect()
	if c.block.Load()&border.OutSending != 0 {
		atomic.AddUint32(&c.lane().Epoch, 1)
	}
}

// leaveDirect waits until the host has left the descriptor, and returns what it has sent.
func (c *Conn) leaveDirect() (messages, bytes uint64) {
	lane := c.lane()
	c.block.Clear(border.OutDirect)
	for looks := 0; c.block.Load()&(border.OutSending|border.OutHanding) == border.OutSending; looks++ {
		if looks > 100 {
			time.Sleep(20 * time.Microsecond) // its thread does not run
		}
	}
	return atomic.SwapUint64(&lane.Messages, 0), atomic.SwapUint64(&lane.Bytes, 0)
}

// sentDirect is what the host has sent itself and core has not counted. c.mu is held, or
// figures.mu.
func (c *Conn) sentDirect() (messages, bytes uint64) {
	if c.block == nil || c.block.Load()&border.OutDirect == 0 {
		return 0, 0
	}
	lane := c.lane()
	return atomic.LoadUint64(&lane.Messages), atomic.LoadUint64(&lane.Bytes)
}

// SentDirect ends what the host began: the kernel took n bytes of frame, or refused them
// with errno. epoch is that of the lane when the host claimed. Any thread.
func (c *Conn) SentDirect(epoch uint32, frame []byte, n int, errno syscall.Errno) *fault.Error {
	defer c.breaks()
	c.mu.Lock()
	defer c.mu.Unlock()
	if atomic.LoadUint32(&c.lane().Epoch) != epoch {
		return nil // the connection has ended, and the claim with it
	}
	c.block.Clear(border.OutSending | border.OutHanding | border.OutTold)
	var err *fault.Error
	if c.failed {
		c.block.Taken(len(frame)) // the read side is about to report the end
	} else if n = c.wrote(n, errno); n < len(frame) && !c.failed {
		err = c.putBack(frame, n)
	}
	var v loop.Vector // the worker's is the loop's
	c.flushQueue(&v)
	return err
}

// putBack queues what the kernel did not take of frame, before all that came meanwhile.
// c.mu is held.
func (c *Conn) putBack(frame []byte, n int) *fault.Error {
	rest, err := c.w.engine.pool.Force(len(frame) - n)
	switch {
	case err == nil:
		c.needQueue().addFront(append(rest, frame[n:]...))
		return nil
	case n > 0:
		c.breakOff() // after the first byte there is no way back
		return nil
	}
	c.block.Taken(len(frame))
	return errSendMemory
}
