// SPDX-License-Identifier: Apache-2.0

package core

import (
	"slices"
	"unsafe"

	"libws/core/lock"
	"libws/core/wire"
)

// A callback often sends the message that it got. What the kernel does not take of a large one is
// not copied: it is passed on, which is that the output queue holds the buffer of the message as well.
// The buffer goes back to the pool when neither the batch nor a queue needs it, so it stays as it is
// until the callback has returned, however soon it has left; and nobody writes to it any more.

// passable is from how many bytes on that is done. A copy of less costs no more.
const passable = 64 << 10

// passing knows the large messages of the batches that the host has. Any thread; mu is taken
// inside Conn.mu.
type passing struct {
	mu   lock.Mutex[lock.Passing]
	lent []*shared // each batch is a user of its own; guarded by mu
}

// lend gives the buffer of a message to the batch. Until that is over it may be passed on.
func (w *worker) lend(message []byte) {
	w.reads.large += len(message)
	if len(message) < passable {
		w.release = append(w.release, message)
		return
	}
	s := newShared(message, 1)
	w.lent = append(w.lent, s)
	w.engine.passing.add(s)
}

// takeBack ends what lend began: the host has got the batch.
func (w *worker) takeBack() {
	w.reads.large = 0
	if len(w.lent) == 0 {
		return
	}
	w.engine.passing.remove(w.lent)
	for _, s := range w.lent {
		s.release(&w.engine.pool, 1)
	}
	clear(w.lent)
	w.lent = w.lent[:0]
}

func (p *passing) add(s *shared) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent = append(p.lent, s)
}

func (p *passing) remove(all []*shared) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent = slices.DeleteFunc(p.lent, func(s *shared) bool { return slices.Contains(all, s) })
}

// holds makes the caller a user of the buffer that data lies in. nil: data is not of a message that the
// host has, or so small a part of it that the queue would hold more than twice what it counts.
func (p *passing) holds(data []byte) *shared {
	if len(data) < passable {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.lent {
		if 2*len(data) >= cap(s.frame) && lies(data, s.frame) {
			s.users.Add(1) // the batch is one, so it is not given back just now
			return s
		}
	}
	return nil
}

// lies tells whether data is a part of whole.
func lies(data, whole []byte) bool {
	at, from := uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(unsafe.Pointer(unsafe.SliceData(whole)))
	return at >= from && at+uintptr(len(data)) <= from+uintptr(len(whole))
}

// pass queues the end of a frame that is to be passed on; false: it has to be copied. c.mu is held.
func (c *Conn) pass(data []byte) bool {
	s := c.w.engine.passing.holds(data)
	if s != nil {
		c.needQueue().put(chunk{bytes: data, from: s})
	}
	return s != nil
}

// passFrame is pass for a whole frame of a server. c.mu is held.
func (c *Conn) passFrame(first byte, data []byte) bool {
	if len(data) < passable || c.server == nil || wire.CutFrames(len(data), c.options().Frame()) > 1 {
		return false
	}
	s := c.w.engine.passing.holds(data)
	if s == nil {
		return false
	}
	var head [wire.MaxHeader]byte
	header := wire.AppendHeader(head[:0], wire.OpCode(first), first&wire.Fin != 0, len(data))
	if !c.needQueue().append(&c.w.engine.pool, header) {
		s.release(&c.w.engine.pool, 1)
		return false
	}
	c.tx.put(chunk{bytes: data, from: s})
	return true
}
