// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"container/list"
	"context"
	"libws/core/lock"
	"net"
	"net/netip"
)

// maxLibc is how many threads look-ups of libc may hold at once.
const maxLibc = 16

// libc has names looked up by libc, in the order in which they were asked for. A look-up
// cannot be interrupted: one that has begun keeps its thread until libc gives up.
type libc struct {
	ask      func(host string) ([]netip.Addr, error)
	wanted   func(host string) bool // Go's resolver does not do what libc does for this name
	assisted bool                   // Go's resolver may be asked as well

	mu      lock.Mutex[lock.Libc] // guards all that follows
	calls   map[string]*call
	waiting list.List // in the order of coming
	running int
}

// call is a look-up that some attempts wait for, or have waited for.
type call struct {
	host  string
	done  chan struct{} // closed when found and err are set, which never change then
	found []netip.Addr
	err   error

	askers int           // guarded by libc.mu
	at     *list.Element // in waiting, nil: it has begun; guarded by libc.mu
}

func newLibc(ask func(string) ([]netip.Addr, error), wanted func(string) bool, assisted bool) *libc {
	return &libc{ask: ask, wanted: wanted, assisted: assisted, calls: map[string]*call{}}
}

// systemLibc is what package net takes for libc; where it has none, what it has.
func systemLibc() *libc {
	return newLibc(func(host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(context.Background(), "ip", host)
	}, wantsLibc, goAssists)
}

// join has host looked up. Who joins has to leave.
func (l *libc) join(host string) *call {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.calls[host]
	if c == nil {
		c = &call{host: host, done: make(chan struct{})}
		l.calls[host] = c
		c.at = l.waiting.PushBack(c)
		l.begin()
	}
	c.askers++
	return c
}

// leave forgets a look-up that nobody waits for, unless it has begun.
func (l *libc) leave(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.askers--; c.askers == 0 && c.at != nil {
		l.waiting.Remove(c.at)
		c.at = nil
		delete(l.calls, c.host)
	}
}

// begin starts what may run. l.mu is held.
func (l *libc) begin() {
	for l.running < maxLibc && l.waiting.Len() > 0 {
		c := l.waiting.Remove(l.waiting.Front()).(*call)
		c.at = nil
		l.running++
		go l.run(c)
	}
}

// run is one look-up, on a goroutine of its own that holds a thread.
func (l *libc) run(c *call) {
	defer guard(func(err error) { l.ended(c, nil, err) })
	found, err := l.ask(c.host)
	l.ended(c, found, err)
}

func (l *libc) ended(c *call, found []netip.Addr, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	delete(l.calls, c.host)
	c.found, c.err = found, err
	close(c.done)
	l.begin()
}
