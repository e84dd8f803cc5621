// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
)

// placeSecure is place over TLS: the frame is encrypted into the queue, then the
// kernel gets what it takes. s is locked for output; c.mu is held, and given up
// while s encrypts.
func (c *Conn) placeSecure(s *secure, first byte, data []byte, size int, done border.Completion) *fault.Error {
	if waits, err := c.waitEarly(first, data, size, done); waits {
		return err
	}
	if err := c.maySend(size); err != nil {
		return err
	}
	var err *fault.Error
	c.unlocked(func() { err = s.encrypt(first, data, size) })
	if err != nil {
		return err
	}
	if c.tls.Load() != s || c.failed {
		return errNotOpen // it has ended meanwhile, and the frame with it
	}
	c.sent(first, len(data), done)
	c.flushNow()
	return nil
}

// secureStep is how much of a frame is encrypted at a time: the largest record
// (RFC 8446 5.1), so that a large message is not in memory twice.
const secureStep = 16 << 10

// encrypt puts a frame into the queue. s is locked for output.
func (s *secure) encrypt(first byte, data []byte, size int) *fault.Error {
	c := s.c
	pool := &c.w.engine.pool
	piece, err := pool.Force(min(size, secureStep))
	if err != nil {
		return errSendMemory
	}
	defer func() { pool.Put(piece) }()
	var mask [4]byte
	if c.server == nil {
		mask = wire.NewMask()
		piece = wire.AppendMaskedHeader(piece, opcode(first), first&finBit != 0, len(data), mask)
	} else {
		piece = wire.AppendHeader(piece, opcode(first), first&finBit != 0, len(data))
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
			return errNotOpen
		}
		if at += n; at == len(data) {
			return nil
		}
	}
}

// brokeOff is Conn.breakOff for who holds no lock, unless the connection has ended.
func (s *secure) brokeOff() {
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tls.Load() == s {
		c.breakOff()
	}
}

// maySend checks what claim does, without claiming: the bytes on the wire are
// known only when they are encrypted. c.mu is held.
func (c *Conn) maySend(size int) *fault.Error {
	switch {
	case !c.room(size):
		return errSendMemory
	case c.block.Load()&border.OutOpen == 0:
		return errNotOpen
	case !c.fits(size):
		c.high = true
		return errFull
	}
	return nil
}
