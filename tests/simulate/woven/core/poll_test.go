// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"libws/core/border"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

// The twin of ws_queue_poll: events are handed out, and the host looks at them when it has
// returned. What they point to, and the handles of connections whose close is among them, are
// good until the next poll.

// polled is an event that was handed out.
type polled struct {
	place *seat
	of    *thing
	node  *node
	ends  bool // the handle ends when the host polls again
}

// forgetPolled is forget_polled. q.mu is held.
func (q *queueTwin) forgetPolled() {
	for _, e := range q.polled {
		if e.ends {
			if e.place.owner != e.of {
				world.Fail("%v is released before the host has polled again behind its close", e.of)
			}
			q.host.closed(e.place)
		}
		q.host.engine.pool.Count(-e.node.cost())
	}
	q.polled = nil
}

// poll is wsx_queue_poll without end; nil: the queue is closed.
func (q *queueTwin) poll(capacity int) []polled {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.forgetPolled()
	q.turn++
	for {
		for len(q.ready) == 0 {
			if q.ended {
				return nil
			}
			q.mu.Unlock()
			world.Block("waits to poll", world.Forever, func() bool { return len(q.ready) > 0 || q.ended })
			q.mu.Lock()
		}
		for len(q.polled) < capacity && len(q.ready) > 0 && q.ready[0].turn != q.turn {
			ended, heard := q.fill(capacity - len(q.polled))
			if ended|heard != 0 {
				q.mu.Unlock()
				q.host.heardAndEnded(heard, ended)
				q.mu.Lock()
			}
			q.whenFull()
		}
		if len(q.polled) > 0 {
			return q.polled
		}
	}
}

// fill is that of queue_dispatch.c. q.mu is held.
func (q *queueTwin) fill(capacity int) (ended, heard uint64) {
	h := q.host
	s, line := q.take(min(capacity, turn))
	p := s.place
	before := len(q.polled)
	for len(line) > 0 && s.turn != q.turn {
		n := line[0]
		if n.kind == border.EventMark && len(q.polled) > before {
			s.turn = q.turn // heard is what was told when the host polls again
			break
		}
		line = line[1:]
		if n.kind == border.EventMark {
			heard = atomic.LoadUint64(&p.block.Handle)
			continue
		}
		if !cutOffByPause(p, &border.Record{Type: n.kind, Flags: n.flags}) && h.begins(p, n.told) {
			e := polled{place: p, of: p.owner, node: n}
			if n.kind == border.EventClose && p.server != 0 {
				e.ends = true
				s.turn = q.turn // destroyed comes by another poll
			}
			n.nth = h.model.hands(p, n.told)
			q.polled = append(q.polled, e)
		} else {
			if n.kind == border.EventClose {
				h.closed(p)
			}
			h.engine.pool.Count(-n.cost())
		}
		if n.kind == border.EventDestroyed {
			ended = atomic.LoadUint64(&p.block.Handle)
			q.ends(s)
		}
	}
	q.giveBack(s, line)
	return ended, heard
}

// heardAndEnded tells core how far the host has come.
func (h *host) heardAndEnded(heard, ended uint64) {
	if heard != 0 {
		if c := h.connection(heard); c != nil {
			c.Delivered()
		}
	}
	if ended != 0 {
		h.lastTold(ended)
	}
}

// pollOn is a thread of the host that polls its queue.
func (q *queueTwin) pollOn() {
	var g *gatherer // with WS_QUEUE_GATHER
	if world.Draw(2) == 0 {
		g = newGatherer(q.host)
		defer g.leave()
	}
	defer delete(q.host.gathers, world.Self())
	for {
		events := q.poll(1 + world.Draw(40))
		if events == nil {
			return
		}
		if g != nil {
			q.host.gathers[world.Self()] = g
		}
		for _, e := range events {
			world.Yield()
			q.host.model.react(&dispatcher{host: q.host, polls: true}, e.of, e.node.told)
		}
		if g != nil {
			delete(q.host.gathers, world.Self())
			g.leave()
		}
	}
}
