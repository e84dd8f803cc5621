// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/fault"
)

// What callbacks of a batch send over TLS waits in the outbox as it does over a plain connection,
// unencrypted, and is encrypted when the batch ends: records are full, and leave in one system
// call. What is sent in other ways meanwhile must not be encrypted before it, so it follows.

// follower is a message, a piece of one or some frames that follow what is corked.
type follower struct {
	early
	frames bool // data are whole frames, which nobody waits for
}

// corked tells whether frames of c wait in the outbox. Until they have left nothing else may be
// encrypted. c.mu is held.
func (c *Conn) corked() bool { return c.block != nil && c.block.Load()&border.OutCorked != 0 }

// follow takes a message over that uncorkSecure sends. From here on the host corks nothing more.
// Conn.mu is held.
func (s *secure) follow(first byte, data []byte, size int, done border.Completion) *fault.Error {
	b, err := s.c.w.engine.pool.Force(len(data))
	if err != nil {
		return errSendMemory
	}
	s.c.claim(size, true)
	s.behind = append(s.behind, follower{early: early{first, append(b, data...), size, done}})
	s.c.sent(first, len(data), border.Completion{})
	return nil
}

// followFrames is follow for control frames. Conn.mu is held.
func (s *secure) followFrames(frames []byte) bool {
	b, err := s.c.w.engine.pool.Force(len(frames))
	if err != nil {
		return false
	}
	s.c.claim(len(frames), true)
	s.behind = append(s.behind, follower{early{data: append(b, frames...), size: len(frames)}, true})
	return true
}

// takeBehind takes away what will never be sent; s may be nil. Conn.mu is held.
func (s *secure) takeBehind() (all []early) {
	if s == nil {
		return nil
	}
	for _, f := range s.behind {
		all = append(all, f.early)
	}
	s.behind = nil
	return all
}

// uncorkSecure is uncork over TLS. The loop's thread.
func (c *Conn) uncorkSecure(s *secure, segments []border.Segment, head uint32) {
	s.out.Lock()
	defer s.out.Unlock()
	total := s.encryptCorked(segments, head)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulse.spoke = true
	c.block.Set(border.OutQueued) // before the host may cork again
	c.block.Clear(border.OutCorked)
	c.block.Taken(total) // what is encrypted was counted anew
	for len(s.behind) > 0 && !c.failed && c.sock.Open() {
		c.sendFollower(s)
	}
	c.flushNow()
}

// encryptCorked puts the segments of a connection into its queue; how many bytes they have. It is
// locked for output.
func (s *secure) encryptCorked(segments []border.Segment, head uint32) (total int) {
	records, takes := s.c.w.recordBuffer(), true
	for i := head; i != 0; i = segments[i].Next {
		total += int(segments[i].Size)
		takes = takes && records.add(s, border.Memory(segments[i].Data, segments[i].Size))
	}
	if takes {
		records.end(s)
	}
	return total
}

// sendFollower sends the first of those that follow. s is locked for output; Conn.mu is held, and
// given up while s encrypts.
func (c *Conn) sendFollower(s *secure) {
	f := s.behind[0]
	s.behind[0] = follower{}
	if s.behind = s.behind[1:]; len(s.behind) == 0 {
		s.behind = nil
	}
	c.block.Taken(f.size) // it is counted anew
	if !f.frames {
		c.sendOne(s, f.early)
		return
	}
	c.unlocked(func() { s.write(f.data) })
	c.w.engine.pool.Put(f.data)
}

// recordBuffer puts short frames together to the largest record.
type recordBuffer struct{ plain []byte }

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
			p = p[secureStep:]
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
	s.brokeOff() // it has failed while reading: the end is about to be reported
	return false
}
