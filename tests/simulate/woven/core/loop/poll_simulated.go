// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package loop

import (
	"time"

	"libws/tests/simulate/world"
)

const (
	hasEpoll    = true
	defaultKind = Epoll
)

func newEpoll() (poller, error) { return &simulated{rings: world.Forever}, nil }

// simulated is a poller like epoll: level-triggered, events come in any order, and not all
// of them at once.
type simulated struct {
	list  []*interest
	woken bool
	rings time.Duration
	rung  bool
	ready []event
}

// interest is a socket that is watched.
type interest struct {
	fd     int
	socket *world.Socket
	event
	silent bool
}

func (p *simulated) find(fd handle) *interest {
	for _, i := range p.list {
		if i.fd == int(fd) {
			return i
		}
	}
	world.Fail("the poller is told of descriptor %d, which it does not watch", fd)
	return nil
}

func (p *simulated) add(d Descriptor, slot int32, generation uint32) (handle, error) {
	if world.Refused() {
		d.Close()
		return -1, ENOMEM
	}
	s := world.File(int(d))
	p.list = append(p.list, &interest{fd: int(d), socket: s, event: event{slot, generation, In}})
	return handle(d), nil
}

func (p *simulated) watch(fd handle, slot int32, generation, events uint32) {
	world.Yield()
	if i := p.find(fd); i != nil {
		i.event = event{slot, generation, events}
	}
}

func (p *simulated) suspend(fd handle, _ int32) {
	if i := p.find(fd); i != nil {
		i.silent = true
	}
}

func (p *simulated) restore(fd handle, slot int32, generation, events uint32) {
	if i := p.find(fd); i != nil {
		i.event, i.silent = event{slot, generation, events}, false
	}
}

func (p *simulated) release(fd handle, _ int32) (Descriptor, error) {
	for n, i := range p.list {
		if i.fd == int(fd) {
			p.list = append(p.list[:n], p.list[n+1:]...)
			return Descriptor(fd), nil
		}
	}
	world.Fail("descriptor %d is taken back, which the poller does not watch", fd)
	return -1, ENOMEM
}

func (p *simulated) remove(fd handle, _ int32) {
	for n, i := range p.list {
		if i.fd == int(fd) {
			p.list = append(p.list[:n], p.list[n+1:]...)
			i.socket.Close()
			return
		}
	}
	world.Fail("descriptor %d is closed, which the poller does not watch", fd)
}

// found is what there is to tell of a socket.
func (i *interest) found() (events uint32) {
	if i.silent {
		return 0
	}
	if i.events&In != 0 && i.socket.Readable() {
		events |= In
	}
	if i.events&Out != 0 && i.socket.Writable() {
		events |= Out
	}
	if i.socket.HungUp() {
		events |= Hup
	}
	return events
}

func (p *simulated) something() bool {
	if p.woken || p.rings <= world.Now() {
		return true
	}
	for _, i := range p.list {
		if i.found() != 0 {
			return true
		}
	}
	return false
}

func (p *simulated) wait(milliseconds int) []event {
	world.Yield()
	until := world.Forever
	if milliseconds >= 0 {
		until = world.Now() + time.Duration(milliseconds)*time.Millisecond
	}
	until = min(until, p.rings)
	if !p.something() && until > world.Now() {
		world.Block("waits in its poller", until, p.something)
	}
	p.woken = false
	if p.rings <= world.Now() {
		p.rings, p.rung = world.Forever, true
	}
	p.ready = p.ready[:0]
	n := len(p.list)
	first := world.Draw(n)
	for k := range n {
		i := p.list[(first+k)%n]
		if events := i.found(); events != 0 && !world.Rarely(10) {
			p.ready = append(p.ready, event{i.slot, i.generation, events})
		}
	}
	return p.ready
}

func (p *simulated) alarm(d time.Duration) bool {
	p.rings = world.Now() + max(d, 1)
	world.Current().At(p.rings, nil)
	return true
}

func (p *simulated) rang() bool {
	rung := p.rung
	p.rung = false
	return rung
}

func (p *simulated) wake() {
	world.Yield()
	p.woken = true
}

func (p *simulated) close() {
	if len(p.list) > 0 {
		world.Fail("a poller is closed that watches %d descriptors", len(p.list))
	}
}
