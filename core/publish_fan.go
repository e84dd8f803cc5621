// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync"
	"sync/atomic"

	"libws/core/lock"
	"libws/core/loop"
)

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

// fanAhead is how many connections are looked at together before each is given, or sends, what is published.
const fanAhead = 16

// lookAhead looks at the connections that come next. Nothing of thousands is in the cache any more when it is
// their turn, and what many need comes from memory at once, not one after the other.
func lookAhead(all []*Conn) {
	for _, c := range all[:min(fanAhead, len(all))] {
		c.tls.Load() // in the line with mu and tx
		c.block.Load()
	}
}

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
		if f.at%fanAhead == 0 {
			lookAhead(f.now[f.at:end])
		}
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

// shared is a frame that many connections send: one buffer of the pool, which goes
// back when the last of them has sent it, or has ended.
type shared struct {
	frame  []byte // never changes while somebody holds it
	users  atomic.Int32
	common queue // of each connection that has nothing else to send; as unchanging as frame
}

var sharedFrames = sync.Pool{New: func() any { return new(shared) }}

// newShared takes over a buffer of the pool for that many users.
func newShared(frame []byte, users int) *shared {
	s := sharedFrames.Get().(*shared)
	s.frame = frame
	s.users.Store(int32(users)) // fits: each is a connection
	s.common = queue{fanned: true, common: true, few: [1]chunk{{frame, s}}}
	s.common.chunks = s.common.few[:]
	return s
}

// release is for n users that need it no longer. Any thread.
func (s *shared) release(pool *loop.Pool, n int) {
	if n > 0 && s.users.Add(int32(-n)) == 0 { // fits: each is a connection
		pool.Put(s.frame)
		s.frame = nil
		sharedFrames.Put(s)
	}
}

// chunk is a run of bytes in a queue: a buffer of its own, or one that it shares.
type chunk struct {
	bytes []byte
	from  *shared // nil: bytes is the queue's own
}

func (b *chunk) free(pool *loop.Pool) {
	if b.from != nil {
		b.from.release(pool, 1)
	} else {
		pool.Put(b.bytes)
	}
	*b = chunk{}
}

// others is how much of the queue falls to others that send it as well.
func (q *queue) others() (n int) {
	for i := q.first; i < len(q.chunks); i++ {
		if b := &q.chunks[i]; b.from != nil {
			n += len(b.bytes) - len(b.bytes)/int(b.from.users.Load())
		}
	}
	if q.off > 0 && q.chunks[q.first].from != nil { // it is counted as far as it waits
		n = max(0, n-q.off)
	}
	return n
}

// spare is how many bytes can be appended.
func (b *chunk) spare() int {
	if b.from != nil {
		return 0
	}
	return cap(b.bytes) - len(b.bytes)
}
