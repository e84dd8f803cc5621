// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math/bits"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"libws/core/wire"
)

// Publish sends one message to the connections that have subscribed to a topic, but for
// except, and tells how many took it. data is the caller's again when it returns. Any
// thread.
func (s *Server) Publish(topic, data []byte, op ws.OpCode, except *Conn) (recipients int, err *Error) {
	if err := checkTopic(topic); err != nil {
		return 0, err
	}
	if err := s.mayPublish(data, op); err != nil {
		return 0, err
	}
	t := &s.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	if named := t.named[string(topic)]; named != nil {
		return s.fanOut(named.members, data, op, except)
	}
	return 0, nil
}

// Broadcast is Publish to all open connections.
func (s *Server) Broadcast(data []byte, op ws.OpCode, except *Conn) (recipients int, err *Error) {
	if err := s.mayPublish(data, op); err != nil {
		return 0, err
	}
	t := &s.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	s.mu.Lock()
	all := t.everybody[:0]
	for c := s.first; c != nil; c = c.next {
		if c.listed() {
			all = append(all, c)
		}
	}
	s.mu.Unlock()
	defer clear(all)
	t.everybody = all
	return s.fanOut(all, data, op, except)
}

// mayPublish checks a message as Conn.Send does.
func (s *Server) mayPublish(data []byte, op ws.OpCode) *Error {
	if int64(len(data)) > s.options.MaxSend {
		return s.options.tooLarge(int64(len(data)))
	}
	if op == ws.OpText && !utf8.Valid(data) {
		return errNoText
	}
	return nil
}

// published is a message on its way to many. It is encoded once for each way in which
// they want it.
type published struct {
	op    ws.OpCode
	data  []byte // the caller's
	size  int    // of the frame
	users int    // most connections that may want it
	plain *shared
	taken int    // by how many plain is held
	loops uint64 // which have something to write, as bits
}

// frame is the message as c wants it, nil without memory. All have it unmasked and
// uncompressed so far; who gets it compressed will find it here, made once for each set
// of parameters (RFC 7692 7.1).
func (m *published) frame(c *Conn) *shared {
	if m.plain == nil {
		b, err := c.w.engine.pool.Force(m.size)
		if err != nil {
			return nil
		}
		m.plain = newShared(wire.AppendFrame(b, wire.Server, m.op, m.data), m.users+1)
	}
	return m.plain
}

// fanOut gives a message to each of all but except: to its queue, which its loop
// writes, or the ordinary way to those that this is not enough for. The lock of the
// topics is held, so that all get what is published in one order.
func (s *Server) fanOut(all []*Conn, data []byte, op ws.OpCode, except *Conn) (recipients int, _ *Error) {
	if len(all) == 0 {
		return 0, nil
	}
	e := s.engine
	m := published{op: op, data: data, size: wire.HeaderSize(len(data), false) + len(data), users: len(all)}
	if !e.pool.Room(m.size) {
		if int64(m.size) <= e.pool.Low() { // a larger one may never fit
			e.short()
		}
		return 0, errSendMemory
	}
	for i, c := range all {
		if c != except && c.publish(&m) {
			recipients++
		}
		if i%fanStep == fanStep-1 {
			e.wakeFans(&m)
		}
	}
	e.wakeFans(&m)
	if m.plain != nil {
		m.plain.release(&e.pool, m.users+1-m.taken)
	}
	return recipients, nil
}

// wakeFans asks the loops to write what is in the queues of their connections.
func (e *Engine) wakeFans(m *published) {
	for ; m.loops != 0; m.loops &= m.loops - 1 {
		e.workers[bits.TrailingZeros64(m.loops)].wakeFan()
	}
}

// publish gives the connection a message; false when it has no room, or is not open.
func (c *Conn) publish(m *published) bool {
	if c.tls.Load() != nil || c.options().Full != FullRefuse {
		return c.publishAlone(m)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return false
	}
	if c.midMessage() {
		return c.publishLater(m)
	}
	behind, status := c.block.claim(m.size, false)
	switch {
	case status == claimClosed:
		return false
	case status == claimFull:
		c.high = true // a drain event follows
		return c.noRoom()
	case c.failed:
		c.block.taken(m.size) // the read side is about to report the end
		return true
	}
	q := c.needQueue()
	if !c.share(q, m) {
		c.block.taken(m.size)
		c.settleQueue()
		return c.noRoom()
	}
	if !q.fanned && !(behind && c.sock.WatchesOut()) {
		q.fanned = true
		c.list()
		m.loops |= 1 << c.w.index
	}
	c.sent(firstByte(m.op), len(m.data), Completion{})
	c.settleQueue()
	return true
}

// Who has sharedMost chunks in its queue copies small frames, so that the list of what
// waits for a slow peer takes less than that itself.
const (
	sharedMost = 16
	smallFrame = 512
)

// share puts a message into the queue. c.mu is held.
func (c *Conn) share(q *queue, m *published) bool {
	if m.size <= smallFrame && len(q.chunks)-q.first >= sharedMost {
		return c.room(m.size) && c.enqueue(firstByte(m.op), m.data, m.size)
	}
	frame := m.frame(c)
	if frame == nil {
		return false
	}
	m.taken++
	q.put(chunk{frame.frame, frame})
	return true
}

// noRoom counts a message that the connection does not get. c.mu is held.
func (c *Conn) noRoom() bool {
	c.countDropped(1)
	return false
}

// publishAlone gives the connection a message as Conn.Send does.
func (c *Conn) publishAlone(m *published) bool {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	switch {
	case c.destroyed:
		return false
	case c.midMessage():
		return c.publishLater(m)
	}
	var err *Error
	if s != nil {
		err = c.placeSecure(s, firstByte(m.op), m.data, m.size, Completion{})
	} else {
		err = c.place(firstByte(m.op), m.data, m.size, Completion{})
	}
	switch {
	case err == nil:
		return true
	case err.ID == IDFull || err.ID == IDMemory:
		return c.noRoom()
	}
	return false
}
