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

// Of a large frame the kernel tells when so much of it has come. To be told seldom costs less, but what has come is
// in the memory of the kernel, which the budget does not count. So all connections have an eighth of the budget
// together, and each has awaitLeast.
const (
	awaitLeast = 256 << 10
	awaitMost  = 1 << 20
	awaitShare = 8
)

// awaitStep is how much that is with so many connections, budget 0: without a ceiling.
func awaitStep(budget, connections int64, tight bool) int64 {
	switch {
	case tight:
		return awaitLeast
	case budget == 0:
		return awaitMost
	}
	return max(awaitLeast, min(awaitMost, budget/awaitShare/max(1, connections)))
}

// await has the kernel tell of a large frame when much of it, or its end, has come, instead of each
// segment; awaited is what it waits for now, 0 for any byte. Over TLS a read takes a record.
func (c *Conn) await(awaited int) {
	n := 0
	if c.phase == phaseOpen && c.tls.Load() == nil && c.rx.readsDirect(&c.parser) {
		e := c.w.engine
		n = int(min(c.parser.Remaining(), awaitStep(e.pool.Budget(), e.counters.open.Load(), e.pool.Tight()))) // fits: up to awaitMost
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
