// SPDX-License-Identifier: Apache-2.0

package core

import "sync/atomic"

// post asks the loop for task, unless that is on its way: what is the bit for it. c.mu is
// held.
func (c *Conn) post(what uint32, task func()) {
	if c.block == nil || atomic.OrUint32(&c.block.Life, what)&what == 0 {
		c.w.loop.Post(task)
	}
}

// began is begins; c.mu is not held.
func (c *Conn) began(what uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begins(what)
}

// begins is told that such a task begins: what is asked from here on takes another one. The
// loop's; c.mu is held.
func (c *Conn) begins(what uint32) {
	if c.block != nil {
		atomic.AndUint32(&c.block.Life, ^what)
	}
}
