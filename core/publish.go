// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math/bits"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/relay"
	"libws/core/shelf"
	"libws/core/topics"
	"libws/core/wire"
)

// Publish sends one message to the connections that have subscribed to a topic, but for
// except, and tells how many took it. data is the caller's again when it returns. Any
// thread.
func (s *Server) Publish(topic, data []byte, op ws.OpCode, except *Conn) (recipients int, err *fault.Error) {
	return s.PublishWith(topic, data, op, except, shelf.Rank{})
}

// PublishWith is Publish for a message with a key, a priority or both, as Conn.SendWith.
func (s *Server) PublishWith(topic, data []byte, op ws.OpCode, except *Conn, rank shelf.Rank) (recipients int, err *fault.Error) {
	if err := topics.CheckName(topic); err != nil {
		return 0, err
	}
	if err := s.mayPublish(data, op); err != nil {
		return 0, err
	}
	var leaving relay.Leaving
	if r := s.relay.Load(); r != nil {
		returns := r.queue.Returns(topic)
		if returns && except != nil {
			return 0, fault.Refused(fault.IDParameter, "except: messages of this topic come back from the relay (ws_relay.returning), for all who have subscribed")
		}
		if leaving, err = r.leaving(topic, data, op, rank); err != nil {
			return 0, err
		}
		if returns && leaving.Is() { // else the relay ends, and the server is alone
			s.leavesOnly(leaving)
			return 0, nil
		}
	}
	return s.publish(topic, data, op, except, rank, leaving)
}

// publish is PublishWith for what was checked; leaving goes to the relay with it.
func (s *Server) publish(topic, data []byte, op ws.OpCode, except *Conn, rank shelf.Rank, leaving relay.Leaving) (recipients int, err *fault.Error) {
	t := &s.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	if leaving.Is() {
		defer leaving.Goes(&err)
	}
	if t.HasPatterns() {
		all := t.Audience(topic)
		if len(all) == 0 { // then there is nothing to forget, either
			return 0, nil
		}
		defer t.Quiet()
		return s.fanOut(all, data, op, except, rank)
	}
	return s.fanOut(t.Members(topic), data, op, except, rank)
}

// Broadcast is Publish to all open connections.
func (s *Server) Broadcast(data []byte, op ws.OpCode, except *Conn) (recipients int, err *fault.Error) {
	return s.BroadcastWith(data, op, except, shelf.Rank{})
}

// BroadcastWith is PublishWith to all open connections.
func (s *Server) BroadcastWith(data []byte, op ws.OpCode, except *Conn, rank shelf.Rank) (recipients int, err *fault.Error) {
	if err := s.mayPublish(data, op); err != nil {
		return 0, err
	}
	var leaving relay.Leaving
	if r := s.relay.Load(); r != nil {
		if leaving, err = r.leaving(nil, data, op, rank); err != nil {
			return 0, err
		}
	}
	return s.broadcast(data, op, except, rank, leaving)
}

// broadcast is BroadcastWith for what was checked; leaving goes to the relay with it.
func (s *Server) broadcast(data []byte, op ws.OpCode, except *Conn, rank shelf.Rank, leaving relay.Leaving) (recipients int, err *fault.Error) {
	t := &s.topics
	t.Mu.Lock()
	defer t.Mu.Unlock()
	if leaving.Is() {
		defer leaving.Goes(&err)
	}
	locked := take(&s.mu)
	defer locked.end()
	all := t.Everybody[:0]
	for c := s.first; c != nil; c = c.next {
		if s.known(c) {
			all = append(all, c)
		}
	}
	locked.end()
	t.Everybody = all
	defer t.Quiet()
	return s.fanOut(all, data, op, except, rank)
}

// mayPublish checks a message as Conn.Send does. After a stop, with which who publishes may be in a
// race, nobody gets it; who publishes before the first start has made a mistake.
func (s *Server) mayPublish(data []byte, op ws.OpCode) *fault.Error {
	if s.serving.Load() == nil {
		return fault.Refused(fault.IDState, "server: was never started")
	}
	return s.options.Carries(op == ws.OpText, data)
}

// published is a message on its way to many, in each form that some of them want.
type published struct {
	users  int // most connections that may want it
	plain  form
	packed *packedForms // nil: nobody gets it compressed

	// Since the loops were last woken: who has something for them to write, by loop, and
	// which loops these are, as bits.
	fans  [][]*Conn
	loops uint64

	now       *Conn  // who is about to get it
	mayCommon bool   // it is small enough for shared.common
	uncounted uint64 // how many got it so and are in no figure yet
}

// list notes that there is something in the queue of c, for its loop to write.
func (m *published) list(c *Conn) {
	i := c.w.index
	m.fans[i] = append(m.fans[i], c)
	m.loops |= 1 << i
}

// form is a message as it lies in a frame, which is made at first need.
type form struct {
	first byte // of the frame
	rank  shelf.Rank
	data  []byte // its payload
	size  int    // of the frame, or of those that it is cut into
	most  int    // as of wire.Cutter
	frame *shared
	taken int // by how many frame is held
}

// formOf is a message as it leaves.
func (s *Server) formOf(first byte, data []byte, rank shelf.Rank) form {
	most := s.options.Frame()
	return form{first: first, rank: rank, data: data, size: wire.CutSize(len(data), most, false), most: most}
}

// formFor is the form that c gets. No lock of c is held: TLS and compression of an accepted
// connection are what they were when it opened, until it has ended, and claim sees that.
func (m *published) formFor(c *Conn) *form {
	if m.packed != nil {
		if z := c.rare.compression(); z != nil {
			return m.packed.form(m, z.out.Bits(), &c.w.engine.pool)
		}
	}
	return &m.plain
}

// needFrame is the frame of a form, nil without memory.
func (f *form) needFrame(pool *loop.Pool, users int) *shared {
	if f.frame == nil {
		f.makeFrame(pool, users)
	}
	return f.frame
}

func (f *form) makeFrame(pool *loop.Pool, users int) {
	if b, err := pool.Force(f.size); err == nil {
		f.frame = newShared(wire.AppendCut(b, wire.Server, f.first, f.data, f.most), users+1)
	}
}

// release ends the work of fanOut on a form.
func (f *form) release(pool *loop.Pool, users int) {
	if f.frame != nil {
		f.frame.release(pool, users+1-f.taken)
	}
}

// fanOut gives a message to each of all but except: to its queue, which its loop
// writes, or the ordinary way to those that this is not enough for. The lock of the
// topics is held (topics.Mu), so that all get what is published in one order.
func (s *Server) fanOut(all []*Conn, data []byte, op ws.OpCode, except *Conn, rank shelf.Rank) (recipients int, _ *fault.Error) {
	if len(all) == 0 {
		return 0, nil
	}
	e := s.engine
	if s.fans == nil {
		s.fans = make([][]*Conn, len(e.workers))
	}
	m := published{users: len(all), fans: s.fans, plain: s.formOf(wire.FirstByte(op), data, rank)}
	m.mayCommon = m.plain.size < largeUse && int64(m.plain.size) <= s.options.HighWater
	if z := s.serving.Load().Compression; z != nil && len(data) >= z.Worth(false) {
		m.packed = &packedForms{server: s, level: z.Level}
	}
	if !e.pool.Fits(m.plain.size) {
		if int64(m.plain.size) <= e.pool.Low() { // a larger one may never fit
			e.short()
		}
		return 0, errSendMemory
	}
	defer s.fanned(&m)
	for i, c := range all {
		if i%fanAhead == 0 {
			lookAhead(all[i:])
		}
		m.now = c
		if c != except && (m.mayCommon && m.giveCommon(c) || m.give(c)) {
			recipients++
		}
		if i%fanStep == fanStep-1 {
			s.wakeFans(&m)
		}
	}
	return recipients, nil
}

// fanned ends fanOut, also when a connection panics.
func (s *Server) fanned(m *published) {
	if v := recover(); v != nil { // as in Conn.breaks
		m.now.w.loop.Post(func() { m.now.broke(v) })
		defer panic(v)
	}
	s.wakeFans(m)
	m.plain.release(&s.engine.pool, m.users)
	if m.packed != nil {
		m.packed.release(&s.engine.pool, m.users)
	}
}

// wakeFans asks the loops to write what is in the queues of their connections.
func (s *Server) wakeFans(m *published) {
	if m.uncounted > 0 { // all in one shard: nobody sees them one by one
		s.figures.shards[0].out.add(m.uncounted, m.uncounted*uint64(len(m.plain.data)))
		m.uncounted = 0
	}
	for ; m.loops != 0; m.loops &= m.loops - 1 {
		i := bits.TrailingZeros64(m.loops)
		s.engine.workers[i].wakeFan(m.fans[i])
		clear(m.fans[i])
		m.fans[i] = m.fans[i][:0]
	}
}

// give gives a connection the message, whatever it is doing; false when it has no room,
// or is not open.
func (m *published) give(c *Conn) bool {
	f := m.formFor(c)
	if c.tls.Load() != nil || c.options().Full != config.FullRefuse {
		return f.sendTo(c)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return false
	}
	if c.rare.Load().midMessage() {
		return f.later(c)
	}
	if f.mustWait(c) {
		return f.shelve(c)
	}
	behind, status := c.claim(f.size, false)
	switch {
	case status == border.ClaimClosed:
		return false
	case status == border.ClaimFull:
		c.high = true // a drain event follows
		return f.dropFor(c)
	case c.failed:
		c.block.Taken(f.size) // the read side is about to report the end
		return true
	}
	q := c.needQueue()
	if !f.share(c, q, m.users) {
		c.block.Taken(f.size)
		c.settleQueue()
		return f.dropFor(c)
	}
	if !q.fanned && !(behind && c.sock.WatchesOut()) {
		q.fanned = true
		m.list(c)
	}
	f.placed(c)
	c.sent(f.first, len(f.data), border.Completion{})
	c.settleQueue()
	return true
}

// giveCommon is give for a connection that has nothing else to send, nor anything that
// few have, as nearly all: so it needs no queue of its own, and is listed and counted with
// the others. False: it did nothing.
func (m *published) giveCommon(c *Conn) bool {
	if !c.block.Fast() {
		return false
	}
	locked := take(&c.mu)
	defer locked.end()
	took := c.tx == nil && !c.high && !c.destroyed && c.block.ClaimFast(m.plain.size)
	if took {
		if frame := m.plain.needFrame(&c.w.engine.pool, m.users); frame != nil {
			c.tx = &frame.common
			c.pulse.spoke = true
		} else {
			c.block.Idle(m.plain.size)
			took = false
		}
	}
	locked.end()
	if took {
		m.plain.taken++
		m.uncounted++
		m.list(c)
	}
	return took
}

// placed notes that a form has its place. c.mu is held.
func (f *form) placed(c *Conn) {
	if f.first&rsv1 != 0 {
		c.rare.compression().published()
	}
}

// Who has sharedMost chunks in its queue copies small frames, so that the list of what
// waits for a slow peer takes less than that itself.
const (
	sharedMost = 16
	smallFrame = 512
)

// share puts the message of so many users into the queue of c. c.mu is held.
func (f *form) share(c *Conn, q *queue, users int) bool {
	if f.size <= smallFrame && len(q.chunks)-q.first >= sharedMost {
		return c.w.engine.lets(c.block, f.size) && c.needQueue().frame(c, f.first, f.data, f.size)
	}
	frame := f.needFrame(&c.w.engine.pool, users)
	if frame == nil {
		return false
	}
	f.taken++
	q.put(chunk{frame.frame, frame})
	return true
}

// dropFor counts the message as one that c does not get. c.mu is held.
func (f *form) dropFor(c *Conn) bool {
	c.rare.need().shelf.Dropped++
	c.w.engine.counters.drops(c.server, 1)
	return false
}

// sendTo gives a connection the message as Conn.Send does.
func (f *form) sendTo(c *Conn) bool {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	switch {
	case c.destroyed:
		return false
	case c.rare.Load().midMessage():
		return f.later(c)
	case f.mustWait(c):
		return f.shelve(c)
	}
	var err *fault.Error
	if s != nil {
		err = s.place(f.first, f.data, f.size, border.Completion{})
	} else {
		err = c.place(f.first, f.data, f.size, border.Completion{})
	}
	c.sendHeld(s)
	switch {
	case err == nil:
		f.placed(c)
		return true
	case err.ID == fault.IDFull || err.ID == fault.IDMemory:
		return f.dropFor(c)
	}
	return false
}
