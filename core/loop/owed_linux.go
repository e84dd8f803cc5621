// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"libws/core/lock"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

const owedPause = 10 // milliseconds until what the kernel refused is tried again

// change is what an epoll descriptor has to do with a socket.
type change struct {
	op, fd     int
	slot       int32
	generation uint32
	events     uint32
}

// owed are the changes that the kernel has refused, for want of memory or by the limit of
// watched descriptors. A socket would never be reported again, so the loop tries until
// they are made, and meanwhile looks at these sockets itself. There is one at most for each
// socket, the last one. It comes and is replaced under the lock of the socket's owner, which
// the loop does not hold: when there is none for a socket, none comes while its owner makes
// a change.
type owed struct {
	any atomic.Bool // there may be some
	mu  lock.Mutex[lock.Owed]
	of  map[int32]change // by slot; guarded by mu
}

// try makes a change; false: later. What is not as the change wants it, because the one
// before was never made, is no failure.
func (p *epoll) try(c *change) bool {
	err := p.control(c.op, c.fd, c.events, c.slot, c.generation)
	switch {
	case err == unix.EEXIST && c.op == unix.EPOLL_CTL_ADD:
		err = p.control(unix.EPOLL_CTL_MOD, c.fd, c.events, c.slot, c.generation)
	case err == unix.ENOENT && c.op == unix.EPOLL_CTL_MOD:
		err = p.control(unix.EPOLL_CTL_ADD, c.fd, c.events, c.slot, c.generation)
	case err == unix.ENOENT:
		err = nil
	}
	return err == nil || err == unix.EBADF // the host has closed it
}

func (o *owed) put(c change) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		o.of = make(map[int32]change)
	}
	o.of[c.slot] = c
	o.any.Store(true)
}

// replace makes a change instead of the one that is owed for its socket, if there is one.
func (o *owed) replace(p *epoll, c change) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.of, c.slot)
	if !p.try(&c) {
		o.of[c.slot] = c
		p.wake()
	}
	o.any.Store(len(o.of) > 0)
}

// drop forgets what is owed for a socket that is about to be closed.
func (o *owed) drop(slot int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.of, slot)
	o.any.Store(len(o.of) > 0)
}

// pay makes what is owed, and tells whether nothing is left.
func (o *owed) pay(p *epoll) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for slot, c := range o.of {
		if p.try(&c) {
			delete(o.of, slot)
		}
	}
	o.any.Store(len(o.of) > 0)
	return len(o.of) == 0
}

// guess adds what could be ready among the sockets to which something is owed.
func (o *owed) guess(ready []event) []event {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.of {
		if e := found(c.events); e != 0 && len(ready) < cap(ready) {
			ready = append(ready, event{c.slot, c.generation, e})
		}
	}
	return ready
}
