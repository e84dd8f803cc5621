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

// unsubscribeAll ends all subscriptions of a connection that has ended, so that there will
// be no others. Those that are left when it returns get nothing any more, and released
// waits for them: until then the slot is nobody else's. The loop's.
func (c *Conn) unsubscribeAll() {
	r := c.rare.Load()
	if r == nil || !r.subscribed {
		return
	}
	t := &c.server.topics
	if t.tryLeave(r) {
		return
	}
	l := &t.leaver
	l.mu.Lock()
	defer l.mu.Unlock()
	r.leaves = true
	l.leaving = append(l.leaving, c)
	if !l.runs {
		l.runs = true
		go t.leaveAll(c.w.engine)
	}
}

// tryLeave is leaveSome, unless somebody publishes.
func (t *topics) tryLeave(r *rare) (all bool) {
	if !t.mu.TryLock() {
		return false
	}
	defer t.mu.Unlock()
	return t.leave(r)
}

// leaveSome ends leaveStep subscriptions of a connection at most; true: all have ended.
func (t *topics) leaveSome(r *rare) (all bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.leave(r)
}

// leave is leaveSome; t.mu is held.
func (t *topics) leave(r *rare) bool {
	for range leaveStep {
		if r.subscriptions == nil {
			return true
		}
		t.remove(r.subscriptions)
	}
	return r.subscriptions == nil
}

// leaveAll is the goroutine of a leaver.
func (t *topics) leaveAll(e *Engine) {
	defer e.guard("ending subscriptions", nil)
	for c := t.leaver.next(); c != nil; c = t.leaver.next() {
		r := c.rare.Load()
		for !t.leaveSome(r) {
		}
		if t.leaver.left(r) {
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
func (l *leaver) left(r *rare) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.leaves = false
	return r.lingers
}

// lingers tells whether the connection has still subscriptions; then released comes again.
// The loop's.
func (c *Conn) lingers() bool {
	r := c.rare.Load()
	if c.server == nil || r == nil {
		return false
	}
	l := &c.server.topics.leaver
	l.mu.Lock()
	defer l.mu.Unlock()
	r.lingers = r.leaves
	return r.leaves
}
