// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
)

// Most messages are short, and nothing is before them. They take this way, which does
// what send does for them and asks nothing else.

// shortMessage is the longest one.
const shortMessage = 256 - wire.MaxHeader

// sendShort sends a message over a plain connection on which nothing waits. False:
// nothing was done, and send does all of it.
func (c *Conn) sendShort(first byte, data []byte) (sent bool, err *fault.Error) {
	if c.tls.Load() != nil || c.compression() != nil {
		return false, nil // it has no lock to wait for
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Whoever had the lock may have made rare: by the first piece of a message, or a ping.
	r := c.rare.Load()
	if c.destroyed || c.tx != nil || c.high || c.tls.Load() != nil {
		return false, nil
	}
	if r != nil && (r.sending.op != 0 || r.compression.Load() != nil || r.client != nil && (r.client.keep || r.client.acks != nil)) {
		return false, nil
	}
	size := wire.HeaderSize(len(data), c.server == nil) + len(data)
	if !c.w.engine.pool.Room(size) || !c.block.ClaimIdle(size) {
		return false, nil
	}
	var room [shortMessage + wire.MaxHeader]byte
	frame := c.appendFrame(room[:0], first, data)
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
