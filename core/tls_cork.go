// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync"
	"sync/atomic"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/shelf"
)

// What callbacks of a batch send over TLS waits in the outbox as it does over a plain connection,
// unencrypted, and is encrypted when the batch ends: records are full, and leave in one system
// call. What is sent in other ways meanwhile must not be encrypted before it, so it follows.

// follow takes a message over that secure.uncork sends. From here on the host corks nothing more.
// Conn.mu is held.
func (s *secure) follow(first byte, data []byte, size int, done border.Completion) *fault.Error {
	if !s.goesBehind(first, data, size, done) {
		return errSendMemory
	}
	s.c.sent(first, len(data), border.Completion{})
	return nil
}

// goesBehind copies a message, or a piece of one, whose frames have size bytes. Conn.mu is held.
func (s *secure) goesBehind(first byte, data []byte, size int, done border.Completion) bool {
	q := s.needBehind()
	if !q.frame(s.c, first, data, size) {
		return false
	}
	if done.Wanted() {
		q.waiting = append(q.waiting, waiting{never, done})
	}
	s.c.claim(size, true)
	return true
}

// followFrames is follow for control frames. Conn.mu is held.
func (s *secure) followFrames(frames []byte) bool {
	if !s.needBehind().append(&s.c.w.engine.pool, frames) {
		return false
	}
	s.c.claim(len(frames), true)
	return true
}

// needBehind makes what goes behind. Conn.mu is held.
func (s *secure) needBehind() *queue {
	if s.behind == nil {
		s.behind = queues.Get().(*queue)
	}
	return s.behind
}

// takeBehind takes away what will never be sent; s may be nil. Conn.mu is held.
func (s *secure) takeBehind() (all []shelf.Message) {
	if s == nil || s.behind == nil {
		return nil
	}
	q := s.behind
	s.behind = nil
	s.c.block.Taken(q.bytes())
	q.release(&s.c.w.engine.pool)
	for _, w := range q.waiting {
		all = append(all, shelf.Message{Done: w.done})
	}
	q.recycle()
	return all
}

// bytes is how many bytes the buffers of a queue have of which nothing is sent.
func (q *queue) bytes() (n int) {
	for _, b := range q.chunks[q.first:] {
		n += len(b.bytes)
	}
	return n
}

// uncork is Conn.uncork over TLS, and ends what callbacks held. The loop's thread.
func (s *secure) uncork(segments []border.Segment, head uint32) {
	c := s.c
	s.out.Lock()
	defer s.out.Unlock()
	r := c.w.recordBuffer()
	total := r.addCorked(s, segments, head)
	c.mu.Lock()
	defer c.mu.Unlock()
	s.sendFollowers(r, total)
}

// sendFollowers sends what r has left of total corked bytes, and what follows them. It is locked for output;
// Conn.mu is held, and given up while it encrypts.
func (s *secure) sendFollowers(r *recordBuffer, total int) {
	c := s.c
	c.pulse.spoke = true
	c.block.Set(border.OutQueued) // before the host may cork again
	c.block.LetGo()
	c.block.Taken(total) // what is encrypted was counted anew
	followers := s.behind
	s.behind = nil
	s.await(followers)
	unlocked(&c.mu, func() { r.addFollowers(s, followers) })
	if q := c.tx; q != nil { // the loop may have completed those before them meanwhile, so they are counted from the end
		for i := len(q.waiting) - 1; i >= 0 && q.waiting[i].target == never; i-- {
			q.waiting[i].target = q.target(c)
		}
	}
	c.flushNow()
}

// takeGathered makes what the host has gathered what a queue holds. When that fits a record it goes to r, which
// is empty, and total is its size; else, and when r is nil, it goes behind. Conn.mu is held.
func (s *secure) takeGathered(r *recordBuffer) (total int) {
	c := s.c
	handed, ok := c.block.TakesGatheredSecure(lookAgain)
	if !ok {
		return 0
	}
	d := c.w.direct(c.block)
	if handed {
		atomic.AddUint32(&d.lane.Epoch, 1) // SentGathered finds nothing any more
	}
	segments, head := d.gathered()
	size := 0
	for i := head; i != 0; i = segments[i].Next {
		size += int(segments[i].Size)
	}
	if r != nil && size < cap(r.plain) {
		for i := head; i != 0; i = segments[i].Next {
			r.plain = append(r.plain, border.Memory(segments[i].Data, segments[i].Size)...)
		}
		total = size
	} else if rest, err := c.w.engine.pool.Force(size); err == nil {
		s.needBehind().add(appendTail(rest, segments, head, size))
	} else { // there is no way back
		c.block.Taken(size)
		s.lost = true
		c.breakOff()
	}
	c.block.HoldGathered()
	return total
}

// sentGathered is SentGathered over TLS: somebody came by while the host gathered. Its list, if it has one, is all
// that it has gathered. s is locked for output; Conn.mu is held.
func (s *secure) sentGathered(size int) {
	c := s.c
	if size == 0 {
		c.block.Clear(border.OutSending | border.OutHanding | border.OutDeferred)
		c.flushNow()
		return
	}
	s.takeGathered(nil)
	if !c.destroyed { // else finish sends it
		c.sendHeld(s)
	}
}

// await notes who waits for them, nil: there are none. From here on the end of the connection reports what
// became of it. Conn.mu is held.
func (s *secure) await(followers *queue) {
	if followers == nil {
		return
	}
	s.c.block.Taken(followers.bytes()) // what is encrypted was counted anew
	if len(followers.waiting) > 0 {
		q := s.c.needQueue()
		q.waiting = append(q.waiting, followers.waiting...)
	}
}

// addCorked encrypts the segments of a connection, but for what does not fill a record yet; how many
// bytes they have. s is locked for output.
func (r *recordBuffer) addCorked(s *secure, segments []border.Segment, head uint32) (total int) {
	takes := true
	r.plain = r.plain[:0] // a panic may have left what is another's
	for i := head; i != 0; i = segments[i].Next {
		total += int(segments[i].Size)
		takes = takes && r.add(s, border.Memory(segments[i].Data, segments[i].Size))
	}
	return total
}

// addFollowers encrypts what follows, nil: nothing does, and all that addCorked has left. s is locked for
// output.
func (r *recordBuffer) addFollowers(s *secure, followers *queue) {
	takes := true
	if followers != nil {
		for _, b := range followers.chunks[followers.first:] {
			takes = takes && r.add(s, b.bytes)
		}
		followers.release(&s.c.w.engine.pool)
		followers.recycle()
	}
	if takes {
		r.end(s)
	}
	r.plain = r.plain[:0]
}

// recordBuffer puts short frames together to the largest record (RFC 8446 5.1).
type recordBuffer struct{ plain []byte }

// recordBuffers are those of threads that are no loop's.
var recordBuffers = sync.Pool{New: func() any { return &recordBuffer{make([]byte, 0, secureStep)} }}

// recordBuffer is that of the loop; what it holds is encrypted before anybody else may use it.
func (w *worker) recordBuffer() *recordBuffer {
	if w.plain.plain == nil {
		w.plain.plain = make([]byte, 0, secureStep)
	}
	return &w.plain
}

// add encrypts p behind what is there; false: s takes no more.
func (r *recordBuffer) add(s *secure, p []byte) bool {
	for len(p) > 0 {
		if len(r.plain) == 0 && len(p) >= secureStep {
			if s.write(p[:secureStep]) != nil {
				return r.broke(s)
			}
			if p = p[secureStep:]; len(p) > 0 && s.pointless() {
				return r.broke(s) // what follows must not take the place of the rest
			}
			continue
		}
		n := min(len(p), cap(r.plain)-len(r.plain))
		r.plain = append(r.plain, p[:n]...)
		p = p[n:]
		if len(r.plain) == cap(r.plain) && !r.end(s) {
			return false
		}
	}
	return true
}

// end encrypts what is left; false: s takes no more.
func (r *recordBuffer) end(s *secure) bool {
	if len(r.plain) > 0 && s.write(r.plain) != nil {
		return r.broke(s)
	}
	r.plain = r.plain[:0]
	return true
}

func (r *recordBuffer) broke(s *secure) bool {
	r.plain = r.plain[:0]
	s.brokeOff() // it has failed while reading, or is to end: that is about to be reported
	return false
}
