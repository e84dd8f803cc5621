// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/lock"

// locking is a lock that a function gives back in its middle. It says "defer locked.end()" first
// of all, so that a panic before that does not leave it locked: panics are caught, and others
// would wait for ever.
type locking struct {
	mu  lock.Any
	out *secure // whose lock is held as well; nil: none
}

func take(mu lock.Any) locking {
	mu.Lock()
	return locking{mu: mu}
}

// takeBoth is take of c for output, too.
func takeBoth(c *Conn) locking {
	s := c.lockBoth()
	return locking{&c.mu, s}
}

// end gives the lock back, once.
func (h *locking) end() {
	if mu := h.mu; mu != nil {
		h.mu = nil
		mu.Unlock()
		h.out.unlockOut()
	}
}
