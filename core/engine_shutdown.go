// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"libws/core/border"
	"libws/core/debug"
)

// The end of the engine.

// Shutdown lets stops of servers that have begun go on to their end, destroys what is alive
// then, waits until its last event was delivered, and ends the loops. wait < 0 waits for ever. False when
// it took longer; it may be called again. Never from a callback.
func (e *Engine) Shutdown(wait time.Duration) bool {
	var late <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	e.Refuse()
	locked := take(&e.mu)
	defer locked.end()
	clients, servers := make([]*Conn, 0, e.clients.Len()), make([]*Server, 0, len(e.servers))
	for c := range e.clients.All() {
		clients = append(clients, c)
	}
	for s := range e.servers {
		servers = append(servers, s)
	}
	e.checkEmpty()
	locked.end()
	for _, s := range servers {
		if over := s.stopping(); over != nil && !inTime(over, late) {
			return false
		}
	}
	e.endPosts()
	for _, c := range clients {
		if !c.closing() { // else finish does it
			c.Destroy()
		}
	}
	for _, s := range servers {
		s.Destroy()
	}
	if !inTime(e.empty, late) {
		return false
	}
	e.relief.stop()
	for _, w := range e.workers {
		w.loop.Stop()
	}
	for _, w := range e.workers {
		if !inTime(w.loop.Done(), late) {
			return false
		}
	}
	e.tellSuppressed()
	return true
}

// inTime waits for done; what is done already is in time whatever the clock says.
func inTime(done <-chan struct{}, late <-chan time.Time) bool {
	select {
	case <-done:
		return true
	default:
	}
	select {
	case <-done:
		return true
	case <-late:
		return false
	}
}

// Refuse lets nobody make a client or server any more. Shutdown begins with it; a host calls it
// before that when something of its own has to be behind the last handle that was made.
func (e *Engine) Refuse() {
	debug.Point("stopping")
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ending = true
}

// closing tells whether the closing handshake has begun. Any thread.
func (c *Conn) closing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.destroyed && c.closeSent && c.block.State() == border.StateClosing
}

// checkEmpty wakes Shutdown when nothing is left. e.mu is held.
func (e *Engine) checkEmpty() {
	if e.ending && e.clients.Len()+len(e.servers)+e.unposted == 0 {
		select {
		case <-e.empty:
		default:
			close(e.empty)
		}
	}
}
