// SPDX-License-Identifier: Apache-2.0

package loop

import "fmt"

// Socket is a non-blocking descriptor registered with a loop. The zero value is
// not registered. Its methods belong to the loop's thread, but for Watch, Write,
// WriteTwo, WriteVector and the shutdowns, which any thread may use that holds
// the lock under which the owner calls Register and Close.
type Socket struct {
	loop       *Loop
	fd         handle // valid while loop is not nil
	slot       int32
	generation uint32
	events     uint32 // what the poller watches: In, Out
}

// Register hands d to the loop, which reports In. The socket owns d from now
// on; when an error is returned, d is closed.
func (s *Socket) Register(l *Loop, d Descriptor, h Handler) error {
	slot, generation := l.sockets.put(h)
	fd, err := l.poll.add(d, slot, generation)
	if err != nil {
		l.sockets.release(slot)
		return fmt.Errorf("watching a socket: %w", err)
	}
	*s = Socket{loop: l, fd: fd, slot: slot, generation: generation, events: In}
	return nil
}

// Each calls f with the handler of every registered socket. On the loop's thread;
// f registers and closes none.
func (l *Loop) Each(f func(Handler)) { l.sockets.each(f) }

// Places is how many places for sockets the loop has made so far. On the loop's thread.
func (l *Loop) Places() int { return int(l.sockets.made) }

// At is the handler of the socket at a place, nil for none. A socket keeps its place.
// On the loop's thread.
func (l *Loop) At(place int) Handler { return l.sockets.at(int32(place)).handler } // fits: below Places

// Open tells whether the socket has a descriptor.
func (s *Socket) Open() bool { return s.loop != nil }

// Watch sets what is reported beside Hup. (Windows: a socket that is not watched
// reports nothing.)
func (s *Socket) Watch(in, out bool) {
	var events uint32
	if in {
		events |= In
	}
	if out {
		events |= Out
	}
	if s.loop == nil || events == s.events {
		return
	}
	if s.events == suspended {
		if !in {
			return // the hang-up would be reported again and again
		}
		s.events = events
		s.loop.poll.restore(s.fd, s.slot, s.generation, events)
		return
	}
	s.events = events
	s.loop.poll.watch(s.fd, s.slot, s.generation, events)
}

// suspended as Socket.events: the poller reports nothing.
const suspended = 1 << 31

// Suspend reports nothing more, not even Hup, until Watch asks for In again.
func (s *Socket) Suspend() {
	if s.loop != nil && s.events != suspended {
		s.events = suspended
		s.loop.poll.suspend(s.fd, s.slot)
	}
}

// releaser is a poller that can let go of a descriptor.
type releaser interface {
	// release gives the descriptor back; nothing of it is reported any more. On failure it is closed.
	release(fd handle, slot int32) (Descriptor, error)
}

// Releases tells whether Release works: with epoll.
func (l *Loop) Releases() bool {
	_, is := l.poll.(releaser)
	return is
}

// Release takes the descriptor away from the loop. The caller owns it; on failure it is closed.
func (s *Socket) Release() (Descriptor, error) {
	s.loop.sockets.release(s.slot)
	d, err := s.loop.poll.(releaser).release(s.fd, s.slot)
	*s = Socket{}
	if err != nil {
		return d, fmt.Errorf("taking back a socket: %w", err)
	}
	return d, nil
}

// WatchesOut tells whether Out is being reported.
func (s *Socket) WatchesOut() bool { return s.events&Out != 0 }

// Close closes the descriptor; harmless when there is none. The caller holds
// the lock that writers of other threads hold.
func (s *Socket) Close() {
	if s.loop == nil {
		return
	}
	s.loop.sockets.release(s.slot)
	s.loop.poll.remove(s.fd, s.slot)
	*s = Socket{}
}
