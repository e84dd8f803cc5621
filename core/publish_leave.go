// SPDX-License-Identifier: Apache-2.0

package core

import "sync"

// leaver ends the subscriptions of connections that have ended. A loop does that itself when
// they are few and nobody is publishing, which may take long; all others are left to a
// goroutine of the server, which ends when nobody is left. mu is taken with no other lock
// held, nor any inside it.
type leaver struct {
	mu      sync.Mutex
	leaving []*Conn // guarded by mu
	runs    bool    // the goroutine does; guarded by mu
}

// leaveStep is how many subscriptions are ended in one go, while others wait to publish.
const leaveStep = 256

// unsubscribeAll ends all subscriptions of c, which has ended, so that there will be no
// others. Those that are left when it returns get nothing any more, and released
// waits for them: until then the slot is nobody else's. The loop's.
func unsubscribeAll(c *Conn) {
	r := c.rare.Load()
	if r == nil || !r.member.some {
		return
	}
	t, m := &c.server.topics, &r.member
	if t.tryLeave(m) {
		return
	}
	l := &t.leaver
	l.mu.Lock()
	defer l.mu.Unlock()
	m.leaves = true
	l.leaving = append(l.leaving, c)
	if !l.runs {
		l.runs = true
		go t.leaveAll(c.w.engine)
	}
}

// tryLeave is leaveSome, unless somebody publishes.
func (t *topics) tryLeave(m *member) (all bool) {
	if !t.mu.TryLock() {
		return false
	}
	defer t.mu.Unlock()
	return t.leave(m)
}

// leaveSome ends leaveStep subscriptions of a connection at most; true: all have ended.
func (t *topics) leaveSome(m *member) (all bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.leave(m)
}

// leave is leaveSome; t.mu is held.
func (t *topics) leave(m *member) bool {
	for range leaveStep {
		if m.first == nil {
			return true
		}
		t.remove(m.first)
	}
	return m.first == nil
}

// leaveAll is the goroutine of a leaver.
func (t *topics) leaveAll(e *Engine) {
	defer e.guard("ending subscriptions", nil)
	for c := t.leaver.next(); c != nil; c = t.leaver.next() {
		m := &c.rare.Load().member
		for !t.leaveSome(m) {
		}
		if t.leaver.left(m) {
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
