// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/loop"

// readMessage reads into the buffer of a large message, so that its bytes are
// not copied.
func (c *Conn) readMessage() {
	have := len(c.rx.message)
	left := c.parser.Remaining()
	if !c.growMessage(have+reserveAhead(c.w.engine.pool.Tight(), have, left), have+int(min(left, readSize))) {
		return
	}
	b := c.rx.message
	n, errno := c.recv(b[have:min(cap(b), have+int(min(c.parser.Remaining(), maxRead)))])
	awaited := int(c.rx.awaits)
	if n <= 0 {
		if errno == loop.EAGAIN {
			c.await(awaited)
		}
		c.readEnded(errno)
		return
	}
	c.pulse.beats(c.rare.watched())
	c.feed(b[have : have+n])
	c.await(awaited)
	if c.w.reads.large >= readCut {
		c.w.flush() // while it is warm, and so that the next one finds its buffer free
	}
}

// awaitMost is for how much of a large frame the kernel waits before it tells of it.
const awaitMost = 256 << 10

// await has the kernel tell of a large frame when much of it, or its end, has come, instead of each
// segment; awaited is what it waits for now, 0 for any byte. Over TLS a read takes a record.
func (c *Conn) await(awaited int) {
	n := 0
	if c.phase == phaseOpen && c.tls.Load() == nil && c.rx.readsDirect(&c.parser) {
		n = int(min(c.parser.Remaining(), awaitMost))
	}
	if n == awaited || !c.sock.Open() {
		return
	}
	c.sock.Await(max(n, 1))
	if c.rx != nil {
		c.rx.awaits = int32(n) // fits: up to awaitMost
	}
}

// readAwaited reads what has come of a frame of which the kernel does not tell yet: a peer that
// sends it slowly is not silent. Who looks at deadlines calls it before.
func (c *Conn) readAwaited() {
	if c.rx != nil && c.rx.awaits > 0 {
		c.readOn()
	}
}

// maxRead bounds a read into a message's buffer, so that one fast peer does not
// hold up the others of the loop.
const maxRead = 1 << 20
