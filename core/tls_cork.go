// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/fault"
	"libws/core/shelf"
	"libws/core/wire"
)

// What callbacks of a batch send over TLS waits in the outbox as it does over a plain connection,
// unencrypted, and is encrypted when the batch ends: records are full, and leave in one system
// call. What is sent in other ways meanwhile must not be encrypted before it, so it follows.

// follower is a message, a piece of one or some frames that follow what is corked.
type follower struct {
	shelf.Message
	frames bool // data are whole frames, which nobody waits for
}

// follow takes a message over that secure.uncork sends. From here on the host corks nothing more.
// Conn.mu is held.
func (s *secure) follow(first byte, data []byte, size int, done border.Completion) *fault.Error {
	e := shelf.Message{First: first, Data: data, Size: size, Done: done}
	if e.Keep(&s.c.w.engine.pool) != nil {
		return errSendMemory
	}
	s.goesBehind(follower{Message: e})
	s.c.sent(first, len(data), border.Completion{})
	return nil
}

// followFrames is follow for control frames. Conn.mu is held.
func (s *secure) followFrames(frames []byte) bool {
	e := shelf.Message{Data: frames, Size: len(frames)}
	if e.Keep(&s.c.w.engine.pool) != nil {
		return false
	}
	s.goesBehind(follower{e, true})
	return true
}

// goesBehind takes a follower over, whose data are the pool's. Conn.mu is held.
func (s *secure) goesBehind(f follower) {
	s.c.claim(f.Size, true)
	s.behind = append(s.behind, f)
}

// takeBehind takes away what will never be sent; s may be nil. Conn.mu is held.
func (s *secure) takeBehind() (all []shelf.Message) {
	if s == nil {
		return nil
	}
	for _, f := range s.behind {
		all = append(all, f.Message)
	}
	s.behind = nil
	return all
}

// uncork is Conn.uncork over TLS, and ends what callbacks held. The loop's thread.
func (s *secure) uncork(segments []border.Segment, head uint32) {
	c := s.c
	s.out.Lock()
	defer s.out.Unlock()
	total := s.addCorked(segments, head)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulse.spoke = true
	c.block.Set(border.OutQueued) // before the host may cork again
	c.block.Clear(border.OutCorked | border.OutHeld)
	c.block.Taken(total) // what is encrypted was counted anew
	followers := s.behind
	s.behind = nil
	from := s.await(followers)
	unlocked(&c.mu, func() { s.encryptFollowers(followers) })
	if from >= 0 {
		for i := range c.tx.waiting[from:] {
			c.tx.waiting[from+i].target = c.tx.target(c)
		}
	}
	c.flushNow()
}

// await notes who waits for them: from here on the end of the connection reports what became
// of it. It returns where they stand among those that wait, -1: nobody does. Conn.mu is held.
func (s *secure) await(followers []follower) (from int) {
	c := s.c
	from = -1
	for _, f := range followers {
		c.block.Taken(f.Size) // what is encrypted was counted anew
		if !f.Done.Wanted() {
			continue
		}
		q := c.needQueue()
		if from < 0 {
			from = len(q.waiting)
		}
		q.waiting = append(q.waiting, waiting{never, f.Done})
	}
	return from
}

// addCorked encrypts the segments of a connection, but for what does not fill a record yet; how many
// bytes they have. It is locked for output.
func (s *secure) addCorked(segments []border.Segment, head uint32) (total int) {
	r, takes := s.c.w.recordBuffer(), true
	r.plain = r.plain[:0] // a panic may have left what is another's
	for i := head; i != 0; i = segments[i].Next {
		total += int(segments[i].Size)
		takes = takes && r.add(s, border.Memory(segments[i].Data, segments[i].Size))
	}
	return total
}

// encryptFollowers encrypts what follows, and all that addCorked has left. It is locked for output.
func (s *secure) encryptFollowers(followers []follower) {
	r, takes := s.c.w.recordBuffer(), true
	for _, f := range followers {
		takes = takes && r.addFollower(s, f)
		f.Free(&s.c.w.engine.pool)
	}
	if takes {
		r.end(s)
	}
	r.plain = r.plain[:0]
}

// recordBuffer puts short frames together to the largest record (RFC 8446 5.1).
type recordBuffer struct{ plain []byte }

// recordBuffer is that of the loop; what it holds is encrypted before anybody else may use it.
func (w *worker) recordBuffer() *recordBuffer {
	if w.plain.plain == nil {
		w.plain.plain = make([]byte, 0, secureStep)
	}
	return &w.plain
}

// addFollower adds the frames of a follower, of a server; false: s takes no more.
func (r *recordBuffer) addFollower(s *secure, f follower) bool {
	if f.frames {
		return r.add(s, f.Data)
	}
	k := wire.Cutter{First: f.First, Data: f.Data, Most: s.c.options().Frame()}
	for {
		first, payload, more := k.Next()
		var head [wire.MaxHeader]byte
		header := wire.AppendHeader(head[:0], wire.OpCode(first), first&wire.Fin != 0, len(payload))
		if !r.add(s, header) || !r.add(s, payload) {
			return false
		}
		if !more {
			return true
		}
	}
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
