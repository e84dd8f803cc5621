// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/lock"

// fan is the list of a loop's connections that somebody has published to. The frames
// lie in their queues; the loop writes each queue once, whatever was published
// meanwhile: when a batch ends, or soon.
type fan struct {
	mu      lock.Mutex[lock.Fan]
	pending []*Conn // guarded by mu
	posted  bool    // the loop was asked to write; guarded by mu

	// The loop's: those that it is at, and how far it has come.
	now []*Conn
	at  int

	// The loop's: a frame that so many have sent who still count as its users.
	frame *shared
	left  int
}

// fanStep is how many connections are written in one turn of the loop, so that those
// who wait for something else have theirs.
const fanStep = 1024

// wakeFan asks the loop to write what is in the queues of all. Any thread.
func (w *worker) wakeFan(all []*Conn) {
	f := &w.fan
	locked := take(&f.mu)
	defer locked.end()
	f.pending = append(f.pending, all...)
	wake := !f.posted
	f.posted = true
	locked.end()
	if wake {
		w.loop.Post(w.sendFan)
	}
}

// sendFan writes the queues of those that are listed, one system call for each. The
// loop's, between batches: the end of a connection may follow, which is an event.
func (w *worker) sendFan() {
	f := &w.fan
	if f.at == len(f.now) {
		f.takePending()
	}
	was := w.current
	defer w.sentFan()
	for end := min(f.at+fanStep, len(f.now)); f.at < end; {
		w.current = f.now[f.at]
		f.at++
		w.sendFanned(w.current)
	}
	w.current = was
}

// takePending begins with those that are listed now.
func (f *fan) takePending() {
	spare := f.now[:0]
	clear(f.now)
	f.mu.Lock()
	defer f.mu.Unlock()
	if cap(spare) > 4*max(len(f.pending), fanStep) {
		spare = nil
	}
	f.now, f.pending, f.at = f.pending, spare, 0
	f.posted = false
}

// sentFan ends a turn; those who are left have the next one, also when this one panics.
func (w *worker) sentFan() {
	w.forgetFrame()
	if w.fan.at < len(w.fan.now) {
		w.loop.Post(w.sendFan)
	}
}

// sendFanned gives the kernel what was published to a connection.
func (w *worker) sendFanned(c *Conn) {
	locked := take(&c.mu)
	defer locked.end()
	q := c.tx
	if q == nil || !q.fanned {
		return // it went out behind something else, or the connection has ended
	}
	if q.common && c.sock.Open() {
		w.sendCommon(c, q.chunks[0].from)
	} else {
		c.needQueue().fanned = false
		c.flushQueue(&w.vector)
	}
	locked.end()
	c.meets(onWritable, nil)
}

// sendCommon gives the kernel the frame that is all that waits of c. c.mu is held.
func (w *worker) sendCommon(c *Conn, s *shared) {
	n, errno := c.sock.Write(s.frame)
	if n == len(s.frame) { // as nearly always
		c.tx = nil
		c.block.Idle(n)
		w.doneWith(s)
		if c.high { // somebody found no room meanwhile
			c.checkMarks()
		}
		return
	}
	q := c.needQueue()
	q.fanned = false
	q.off = c.wrote(n, errno)
	c.flushQueue(&w.vector)
}

// doneWith notes that one more has sent a frame that many send. Those who no longer use it
// are taken off together, by forgetFrame.
func (w *worker) doneWith(s *shared) {
	if s != w.fan.frame {
		w.forgetFrame()
		w.fan.frame = s
	}
	w.fan.left++
}

func (w *worker) forgetFrame() {
	f := &w.fan
	if f.frame != nil {
		f.frame.release(&w.engine.pool, f.left)
		f.frame, f.left = nil, 0
	}
}
