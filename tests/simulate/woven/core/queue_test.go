// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"libws/core/border"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/shim/sync"
	"libws/tests/simulate/world"
)

// The twin of capi/queue_*.c: streams, and a queue of those that have something to tell.

const (
	nodeCost    = 64
	controlCost = 256
	share       = 8  // one stream may fill this part of a queue
	turn        = 16 // events of one stream in a row
)

// node is an event that waits.
type node struct {
	told
	flags uint16
}

func (n *node) passes() bool { return n.flags&border.RecordFinal != 0 || comesAnyway(n.kind) }

func (n *node) cost() int {
	switch n.kind {
	case border.EventMessage:
		return len(n.data) + nodeCost
	case border.EventPing, border.EventPong:
		return len(n.data) + controlCost
	case border.EventUpgrade, border.EventRequest:
		return len(n.data) + n.body + len(n.target) + nodeCost
	}
	return 0
}

func costs(line []*node) (sum int) {
	for _, n := range line {
		sum += n.cost()
	}
	return sum
}

type streamPlace uint8

const (
	streamIdle streamPlace = iota
	streamReady
	streamTaken
)

// stream is the line of one handle. Guarded by queueTwin.mu.
type stream struct {
	queue         *queueTwin
	place         *seat
	waiting, held []*node // held is older
	at            streamPlace
	full          bool // it has to be told when there is room
	turn          int  // the last poll that may not take more of it
	counted       bool
}

type queueTwin struct {
	host  *host
	most  int
	mu    sync.Mutex
	ready []*stream
	full  []*stream
	bytes int
	users int
	ended bool

	turn   int      // polls so far
	polled []polled // by the last one
}

func (h *host) join(p *seat, q *queueTwin) {
	p.stream.Store(&stream{queue: q, place: p, counted: true})
	q.mu.Lock()
	q.users++
	q.mu.Unlock()
	atomic.OrUint32(&p.block.Life, border.LifeQueued)
}

func (h *host) leave(p *seat) {
	if atomic.LoadUint32(&p.block.Life)&border.LifeQueued == 0 {
		return
	}
	s := p.stream.Load()
	p.stream.Store(nil)
	atomic.AndUint32(&p.block.Life, ^uint32(border.LifeQueued))
	q := s.queue
	q.mu.Lock()
	if len(s.waiting) > 0 {
		world.Fail("%v is released and %d events wait in its queue", p.owner, len(s.waiting))
	}
	q.ends(s)
	q.mu.Unlock()
}

// ends is wsx_stream_ends.
func (q *queueTwin) ends(s *stream) {
	if s.counted {
		q.users--
	}
	s.counted = false
	q.host.engine.pool.Count(-costs(s.held))
	s.held = nil
	q.notFull(s)
}

func (q *queueTwin) notFull(s *stream) {
	if !s.full {
		return
	}
	s.full = false
	for i := range q.full {
		if q.full[i] == s {
			q.full = append(q.full[:i], q.full[i+1:]...)
			return
		}
	}
}

// pushing gathers the records of a run of one stream, as wsx_pushing.
type pushing struct {
	stream  *stream
	line    []*node
	message *border.Record
	resumed bool
	marked  uint32
}

func (p *pushing) add(h *host, at *seat, r *border.Record) {
	if p.stream == nil || p.stream.place != at {
		p.hand(h)
		if p.stream = at.stream.Load(); p.stream == nil {
			return
		}
	}
	if r.Type == border.EventResumed {
		p.resumed = true
		return
	}
	p.line = append(p.line, &node{copied(r), r.Flags})
	if r.Type == border.EventMessage || r.Type == border.EventPing || r.Type == border.EventPong {
		p.message = r
	}
}

// hand is wsx_pushed.
func (p *pushing) hand(h *host) uint32 {
	if s := p.stream; s != nil {
		q := s.queue
		size := costs(p.line)
		if size > 0 {
			h.engine.pool.Count(size)
		}
		q.mu.Lock()
		q.bytes += size
		s.waiting = append(s.waiting, p.line...)
		if p.resumed {
			q.inFront(s, s.held)
			s.held = nil
		}
		if len(s.waiting) > 0 && s.at == streamIdle {
			q.stand(s)
		}
		if p.message != nil && !s.full && (q.bytes > q.most || costs(s.waiting)+costs(s.held) > q.most/share || h.engine.pool.Tight()) {
			s.full = true
			q.full = append([]*stream{s}, q.full...)
			p.message.Flags |= border.RecordFull
			p.marked++
		}
		q.mu.Unlock()
	}
	marked := p.marked
	*p = pushing{marked: marked}
	return marked
}

func (q *queueTwin) stand(s *stream) {
	s.at = streamReady
	q.ready = append(q.ready, s)
}

func (q *queueTwin) inFront(s *stream, older []*node) {
	q.bytes += costs(older)
	s.waiting = append(append([]*node(nil), older...), s.waiting...)
}

// holds is wsx_paused.
func (h *host) holds(p *seat) bool {
	life := atomic.LoadUint32(&p.block.Life)
	return life&border.LifePaused != 0 && life&border.LifeCut == 0 && !h.dead(p)
}

// take is wsx_take. q.mu is held.
func (q *queueTwin) take(most int) (s *stream, taken []*node) {
	s = q.ready[0]
	q.ready = q.ready[1:]
	s.at = streamTaken
	q.bytes -= costs(s.waiting)
	if q.host.holds(s.place) {
		for len(s.waiting) > 0 && len(taken) < most {
			n := s.waiting[0]
			s.waiting = s.waiting[1:]
			if n.passes() {
				taken = append(taken, n)
			} else {
				s.held = append(s.held, n)
			}
		}
	} else {
		s.waiting = append(s.held, s.waiting...)
		s.held = nil
		n := min(most, len(s.waiting))
		taken = append(taken, s.waiting[:n]...)
		s.waiting = s.waiting[n:]
	}
	q.bytes += costs(s.waiting)
	return s, taken
}

// tell is that of queue_dispatch.c; without the lock.
func (q *queueTwin) tell(s *stream, d *dispatcher, line []*node) (rest []*node, ended uint64) {
	h := q.host
	for len(line) > 0 && (line[0].passes() || !h.holds(s.place)) {
		n := line[0]
		line = line[1:]
		if n.kind == border.EventMark {
			if c := h.connection(atomic.LoadUint64(&s.place.block.Handle)); c != nil {
				c.Delivered()
			}
			continue
		}
		if n.kind == border.EventDestroyed {
			ended = atomic.LoadUint64(&s.place.block.Handle)
			q.mu.Lock()
			q.ends(s)
			q.mu.Unlock()
		}
		if !cutOffByPause(s.place, &border.Record{Type: n.kind, Flags: n.flags}) {
			d.deliver(s.place, n.told, nil)
		}
		if n.cost() > 0 {
			h.engine.pool.Count(-n.cost())
		}
	}
	d.end()
	return line, ended
}

// dispatch is wsx_queue_dispatch without end: it returns when the queue is closed.
func (q *queueTwin) dispatch() {
	h := q.host
	g := newGatherer(h)
	q.mu.Lock()
	for {
		if len(q.ready) == 0 {
			if q.ended {
				break
			}
			q.mu.Unlock()
			g.leave()
			world.Block("waits for its queue", world.Forever, func() bool { return len(q.ready) > 0 || q.ended })
			q.mu.Lock()
			continue
		}
		s, line := q.take(turn)
		var ended uint64
		if len(line) > 0 {
			q.mu.Unlock()
			d := &dispatcher{host: h, gather: g}
			h.enter(d)
			line, ended = q.tell(s, d, line)
			h.exit(d)
			if world.Rarely(4) {
				g.leave()
			}
			q.mu.Lock()
		}
		q.giveBack(s, line)
		if ended != 0 {
			q.mu.Unlock()
			h.lastTold(ended)
			q.mu.Lock()
		}
		q.whenFull()
	}
	q.mu.Unlock()
	g.leave()
}

// giveBack is wsx_give_back. q.mu is held.
func (q *queueTwin) giveBack(s *stream, line []*node) {
	if len(line) > 0 {
		q.inFront(s, line)
	}
	s.at = streamIdle
	if len(s.waiting) > 0 {
		q.stand(s)
	}
}

// lastTold is wsgo_queue_ended.
func (h *host) lastTold(handle uint64) {
	if c := h.connection(handle); c != nil {
		c.Ended()
	} else if l := h.server(handle); l != nil {
		l.Ended()
	}
}

// whenFull is make_room.
func (q *queueTwin) whenFull() {
	most := q.most / share / 2
	if q.host.engine.pool.Tight() {
		most = 0
	}
	for again := true; again && q.bytes <= q.most/2; {
		again = false
		for _, s := range q.full {
			if costs(s.waiting)+costs(s.held) > most {
				continue
			}
			q.notFull(s)
			handle := atomic.LoadUint64(&s.place.block.Handle)
			q.mu.Unlock()
			if c := q.host.connection(handle); c != nil {
				c.QueueNotFull()
			}
			q.mu.Lock()
			again = true
			break
		}
	}
}
