// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
	"libws/core/lock"
)

// compression is what a connection needs that has agreed on permessage-deflate.
type compression struct {
	c      *Conn
	answer string // as in the handshake
	unpacker
	packer
}

// packer is the side that sends.
type packer struct {
	minSize int
	// mu guards out when messages depend on those before them, so that they leave in the
	// order in which they were compressed. Taken before secure.out and Conn.mu.
	mu   lock.Mutex[lock.Compression]
	out  *deflate.Encoder
	sent coderMemory // of out
	seen uint32      // of others, by out; guarded by mu

	// others counts what the peer got compressed, and remembers, of which out knows nothing:
	// what was published. It changes with Conn.mu held, when a message gets its place, so
	// that publishing never waits for mu, behind which somebody compresses.
	others atomic.Uint32
}

// compresses begins compression on a connection that is about to open. c.mu is held, or
// nobody else knows of it.
func compresses(c *Conn, answer string, p deflate.Params, o *config.Compression) {
	e := c.w.engine
	z := &compression{c: c, answer: answer}
	z.minSize, z.memory, z.sent = o.MinSize, coderMemory{pool: &e.pool}, coderMemory{pool: &e.pool, spare: &e.relief.spare}
	limits := deflate.DecoderOptions{Limit: c.options().MaxMessage, Ratio: int64(o.Ratio)}
	if o.Ratio == 0 {
		limits.Ratio, limits.RatioFrom = config.DefaultRatio, config.DefaultRatioFrom
	}
	z.in = deflate.NewDecoder(&z.memory, c.role(), p, limits)
	z.out = deflate.NewEncoder(&z.sent, c.role(), p, o.Level)
	c.rare.need().compression.Store(z)
}

// close gives the history of the encoder back. No lock is held.
func (z *compression) close() {
	if z != nil {
		locked := take(&z.mu)
		defer locked.end()
		z.out.Drop()
		locked.end()
	}
}

// rsv1 marks the first frame of a compressed message, RFC 7692 6.
const rsv1 = 0x40

// errPlain says that a message has to go uncompressed.
var errPlain = &fault.Error{ID: fault.IDState}

// send sends a message compressed, or a piece of one when p is not nil; errPlain when
// it has to go as it is: it does not shrink, there is no memory, or it has to wait whole,
// maybe for another connection. first is that of its frame.
func (z *compression) send(first byte, data []byte, done border.Completion, p *part) *fault.Error {
	c := z.c
	pool := &c.w.engine.pool
	size := deflate.PartSize(len(data))
	buffer, bad := pool.Get(size)
	if bad != nil && !p.mayBePlain() && c.w.engine.lets(c.block, size) {
		buffer, bad = pool.Force(size)
	}
	if bad != nil {
		return p.orPlain(errSendMemory)
	}
	defer pool.Put(buffer)
	if z.out.Takeover() {
		z.mu.Lock()
		defer z.mu.Unlock()
	}
	for {
		z.catchUp()
		payload, ok := z.pack(buffer, data, p)
		if !ok {
			return errPlain
		}
		err := c.send(z, first, payload, done, p)
		if err == errOutdated {
			continue // once: now it refers to nothing
		}
		if err == nil {
			z.remembers(data)
		}
		return err
	}
}

// errOutdated says that something was published since a message was compressed that refers
// to what was before that.
var errOutdated = &fault.Error{ID: fault.IDState}

// catchUp forgets the history when something was published since. Keeping it would take a
// copy of each published message for each connection, under its lock. z.mu is held, with
// takeover.
func (z *packer) catchUp() {
	if !z.out.Takeover() {
		return
	}
	if n := z.others.Load(); n != z.seen {
		z.out.Forget()
		z.seen = n
	}
}

// outdated tells whether what was compressed since catchUp can no longer be inflated.
// Conn.mu is held, and z.mu with takeover.
func (z *packer) outdated() bool {
	return z.out.Takeover() && z.out.Remembers() && z.others.Load() != z.seen
}

// published notes that a compressed message has its place that out has not made. z may be nil.
// c.mu is held.
func (z *compression) published() {
	if z != nil {
		z.others.Add(1)
	}
}

// mayLeave tells whether what z compressed since catchUp may have its place now. c.mu is
// held, and z.mu with takeover.
func (z *compression) mayLeave(p *part) *fault.Error {
	switch {
	case z.c.rare.compression() != z:
		return p.orPlain(errOthersPieces)
	case p.mayBePlain() && z.c.mustWait():
		return errPlain
	case z.outdated():
		return errOutdated
	}
	return nil
}

// remembers tells the encoder what was sent, unless memory is short. z.mu is held, with
// takeover.
func (z *compression) remembers(sent []byte) {
	if e := z.c.w.engine; e.pool.Tight() {
		z.out.Drop()
		e.shedAll(nil)
	} else {
		z.out.Sent(sent)
	}
}

// extends is what answers the offers of clients, for handshake.ServerOptions; o may be nil.
// Who comes while memory is short gets no takeover.
func (e *Engine) extends(o *config.Compression) func(offer string) (string, error) {
	if o == nil {
		return deflate.Decline
	}
	return func(offer string) (string, error) {
		options := o.Options
		if e.pool.Tight() {
			options.OutTakeover, options.InTakeover = false, false
		}
		_, answer, err := options.Answer(offer)
		return answer, err
	}
}
