// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/topics"
)

// member is what an accepted connection has of its subscriptions.
type member struct {
	topics.Member[*Conn] // guarded by topics.Mu

	some bool // there may be some; changed under Conn.mu while the connection is open
	// leaves: the server's leaver ends them; lingers: and the slot waits for that. Guarded by
	// leaver.mu.
	leaves, lingers bool
}

// Subscribe lets an accepted connection get what is published to a topic from now on.
// Once more is no error. Any thread.
func (c *Conn) Subscribe(name []byte) *fault.Error {
	if err := topics.CheckName(name); err != nil {
		return err
	}
	return c.rare.need().member.subscribe(c, name, false)
}

// SubscribePattern is Subscribe for all topics that a pattern fits.
func (c *Conn) SubscribePattern(pattern []byte) *fault.Error {
	if err := topics.CheckPattern(pattern); err != nil {
		return err
	}
	return c.rare.need().member.subscribe(c, pattern, true)
}

// subscribe is Subscribe of c, and SubscribePattern.
func (m *member) subscribe(c *Conn, name []byte, pattern bool) *fault.Error {
	t := &c.server.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	if err := m.begins(c); err != nil {
		return err
	}
	return t.Subscribe(&m.Member, name, pattern, c.options().MaxSubscriptions)
}

// unsubscribe undoes it. m is nil for who has never subscribed.
func (m *member) unsubscribe(s *Server, name []byte, pattern bool) {
	if m == nil {
		return
	}
	s.topics.Mu.Lock()
	defer s.topics.Mu.Unlock()
	s.topics.Unsubscribe(&m.Member, name, pattern)
}

// begins notes that the end of the connection has to look for subscriptions. topics.Mu is held.
func (m *member) begins(c *Conn) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		return c.server.stale()
	case !c.block.Open():
		return errNotOpen
	}
	m.some, m.Is, m.Slot = true, c, c.block.Slot
	return nil
}

// Unsubscribe undoes Subscribe. Any thread.
func (c *Conn) Unsubscribe(name []byte) *fault.Error {
	if err := topics.CheckName(name); err != nil {
		return err
	}
	c.rare.member().unsubscribe(c.server, name, false)
	return nil
}

// UnsubscribePattern undoes SubscribePattern with the same pattern. Any thread.
func (c *Conn) UnsubscribePattern(pattern []byte) *fault.Error {
	if err := topics.CheckPattern(pattern); err != nil {
		return err
	}
	c.rare.member().unsubscribe(c.server, pattern, true)
	return nil
}

// ---- who has subscribed -------------------------------------------------------------------------

// Subscribers fills handles with those of the open connections that get what is published to a
// topic now, by it or by a pattern, and tells how many there are; when there are more, nothing is
// filled in. Any thread.
func (s *Server) Subscribers(topic []byte, handles []uint64) (count int, err *fault.Error) {
	if err := topics.CheckName(topic); err != nil {
		return 0, err
	}
	t := &s.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	defer t.Quiet()
	all := t.Audience(topic)
	for _, c := range all {
		if c.block.Open() {
			count++
		}
	}
	if count > len(handles) {
		return count, nil
	}
	handles, count = handles[:count], 0
	for _, c := range all {
		if count < len(handles) && c.block.Open() {
			handles[count] = c.block.Handle
			count++
		}
	}
	return count, nil
}

// How a connection gets what is published to a topic; the numbers are those of WS_BY_.
const (
	ByTopic   = 1
	ByPattern = 2
)

// Subscribed tells how the connection gets what is published to a topic; 0: not at all. Any
// thread.
func (c *Conn) Subscribed(topic []byte) (how int, err *fault.Error) {
	if err := topics.CheckName(topic); err != nil {
		return 0, err
	}
	t := &c.server.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	m := c.rare.member()
	if m == nil {
		return 0, nil
	}
	exact, pattern := t.By(&m.Member, topic)
	if exact {
		how = ByTopic
	}
	if pattern {
		how |= ByPattern
	}
	return how, nil
}

// Subscriptions fills a buffer with what the connection has subscribed to, newest first, and
// tells how many bytes that takes; when there is less room, nothing is filled in. Each is a byte
// that is 1 for a pattern, the size of its name as a byte, the name, and a NUL. Any thread.
func (c *Conn) Subscriptions(buffer []byte) (size int) {
	t := &c.server.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	m := c.rare.member()
	if m == nil {
		return 0
	}
	for name := range m.Names() {
		size += 3 + len(name)
	}
	if size > len(buffer) {
		return size
	}
	buffer = buffer[:0]
	for name, isPattern := range m.Names() {
		pattern := byte(0)
		if isPattern {
			pattern = 1
		}
		buffer = append(buffer, pattern, byte(len(name))) // fits: topics.MaxName
		buffer = append(append(buffer, name...), 0)
	}
	return size
}

// ---- the end of a subscriber --------------------------------------------------------------------

// leaver ends the subscriptions of connections that have ended. A loop does that itself when
// they are few and nobody is publishing, which may take long; all others are left to a
// goroutine of the server, which ends when nobody is left. mu is taken with no other lock
// held, nor any inside it.
type leaver struct {
	mu      lock.Mutex[lock.Leaver]
	leaving []*Conn // guarded by mu
	runs    bool    // the goroutine does; guarded by mu
}

// leaveStep is how many subscriptions are ended in one go, while others wait to publish.
const leaveStep = 256

// unsubscribeAll ends all subscriptions of c, which has ended, so that there will be no
// others. Those that are left when it returns get nothing any more, and released
// waits for them: until then the slot is nobody else's. The loop's.
func unsubscribeAll(c *Conn) {
	s, m := c.server, c.rare.member()
	if m == nil || !m.some {
		return
	}
	if s.tryLeave(m) {
		return
	}
	l := &s.leaver
	l.mu.Lock()
	defer l.mu.Unlock()
	m.leaves = true
	l.leaving = append(l.leaving, c)
	if !l.runs {
		l.runs = true
		go s.leaveAll()
	}
}

// tryLeave is leaveSome, unless somebody publishes.
func (s *Server) tryLeave(m *member) (all bool) {
	if !s.topics.Mu.TryLock() {
		return false
	}
	defer s.topics.Mu.Unlock()
	return s.topics.Leave(&m.Member, leaveStep)
}

// leaveSome ends leaveStep subscriptions of a connection at most; true: all have ended.
func (s *Server) leaveSome(m *member) (all bool) {
	s.topics.Mu.Lock()
	defer s.topics.Mu.Unlock()
	return s.topics.Leave(&m.Member, leaveStep)
}

// leaveAll is the goroutine of a leaver.
func (s *Server) leaveAll() {
	defer s.engine.guard("ending subscriptions", nil)
	for c := s.leaver.next(); c != nil; c = s.leaver.next() {
		m := &c.rare.Load().member
		for !s.leaveSome(m) {
		}
		if s.leaver.left(m) {
			c.w.releaseBehind(c.released)
		}
	}
}

// next is who leaves next, nil for nobody: then the goroutine ends.
func (l *leaver) next() *Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.leaving) == 0 {
		l.leaving, l.runs = nil, false
		return nil
	}
	c := l.leaving[0]
	l.leaving[0] = nil
	l.leaving = l.leaving[1:]
	return c
}

// left notes that a connection has no subscriptions any more, and tells whether its slot
// waits for that.
func (l *leaver) left(m *member) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.leaves = false
	return m.lingers
}

// lingers tells whether a connection has still subscriptions; then released comes again.
// The loop's.
func (l *leaver) lingers(m *member) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.lingers = m.leaves
	return m.leaves
}
