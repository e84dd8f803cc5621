// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/shelf"
	"libws/core/wire"
)

// place is Conn.place over TLS: the frame is encrypted into the queue, then the
// kernel gets what it takes. s is locked for output, so the connection does not end before
// that is over; c.mu is held, and given up while s encrypts.
func (s *secure) place(first byte, data []byte, size int, done border.Completion) *fault.Error {
	c := s.c
	if c.mustWait() {
		return c.shelve(shelf.Message{First: first, Data: data, Size: size, Done: done})
	}
	if !c.options().Takes(int64(c.block.Buffered()), size) { // fits: queues are in memory
		c.sendHeld(s) // what waits for a callback fills no queue
	}
	switch { // as claim does, without claiming: the bytes on the wire are known when they are encrypted
	case !c.w.engine.lets(c.block, size):
		return errSendMemory
	case !c.block.Open():
		return errNotOpen
	case !c.options().Takes(int64(c.block.Buffered()), size): // fits: queues are in memory
		c.high = true
		return errFull
	}
	var err *fault.Error
	if c.takeGathered(); c.block.Corked() {
		return s.follow(first, data, size, done)
	}
	unlocked(&c.mu, func() { err = s.encrypt(first, data, size) })
	if err != nil {
		return err
	}
	c.sent(first, len(data), done)
	c.flushNow()
	return nil
}

// secureStep is how much of a frame is encrypted at a time: the largest record
// (RFC 8446 5.1), so that a large message is not in memory twice.
const secureStep = 16 << 10

// encrypt puts a frame into the queue. It fails only before the first byte: some of it may
// have left when it returns, so behind that a frame is lost with its connection or not at
// all, as one that waits in a queue. s is locked for output; c.mu is not held.
func (s *secure) encrypt(first byte, data []byte, size int) *fault.Error {
	pool := &s.c.w.engine.pool
	piece, err := pool.Force(min(size, secureStep))
	if err != nil {
		return errSendMemory
	}
	defer pool.Put(piece)
	k := wire.Cutter{First: first, Data: data, Most: s.c.options().Frame()}
	for begun := false; ; begun = true {
		first, payload, more := k.Next()
		if refused, whole := s.encryptFrame(piece, first, payload, more); !whole {
			if refused && !begun {
				return errNotOpen
			}
			return nil
		}
		if !more {
			return nil
		}
	}
}

// encryptFrame is encrypt for one frame, through piece; more: others follow. refused: nothing of
// it has left.
func (s *secure) encryptFrame(piece []byte, first byte, data []byte, more bool) (refused, whole bool) {
	c := s.c
	var mask [4]byte
	if c.server == nil {
		mask = wire.NewMask()
		piece = wire.AppendMaskedHeader(piece, wire.OpCode(first), first&wire.Fin != 0, len(data), mask)
	} else {
		piece = wire.AppendHeader(piece, wire.OpCode(first), first&wire.Fin != 0, len(data))
	}
	for at := 0; ; piece = piece[:0] {
		start := len(piece)
		n := min(len(data)-at, secureStep-start)
		piece = append(piece, data[at:at+n]...)
		if c.server == nil {
			wire.Mask(piece[start:], mask, at)
		}
		if s.write(piece) != nil {
			// It has failed while reading and takes no more: the end is about to be reported.
			s.brokeOff()
			return at == 0, false
		}
		at += n
		if (at < len(data) || more) && s.pointless() {
			s.brokeOff() // what follows must not take the place of the rest
			return false, false
		}
		if at == len(data) {
			return false, true
		}
	}
}

// pointless tells whether the connection is to end at once, whatever of a frame has still
// to be encrypted: the loop would wait for that. c.mu is not held.
func (s *secure) pointless() bool {
	c := s.c
	if c.block.Open() {
		return false
	}
	return c.block.State() == border.StateOpen || atomic.LoadUint32(&c.block.Life)&(border.LifeKilled|border.LifePostedAbort) != 0
}

// brokeOff is Conn.breakOff for who could not encrypt all of a frame. c.mu is not held.
func (s *secure) brokeOff() {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	s.lost = true
	c.breakOff()
}

// lacks tells whether some of what was accepted is not in the queue. s is nil for a plain
// connection. Conn.mu is held.
func (s *secure) lacks() bool { return s != nil && s.lost }
