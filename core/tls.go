// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"libws/core/lock"
	"libws/core/loop"
	"libws/core/tlsbuf"
	"libws/core/turns"
)

// secure is TLS on a loop: crypto/tls over an adapter that never blocks.
//
// The handshake of a server runs in a coroutine of the loop, if it is brief (server_shake.go), any
// other on a goroutine over a blocking net.Conn; then the descriptor moves to the loop. Behind the
// handshake the adapter changes over: Read takes what the socket has, or says "later" by an error
// that crypto/tls does not remember; Write only appends to the connection's queue, so it never
// fails halfway.
//
// Locks: out, then Conn.mu. Nobody calls tls with Conn.mu held. TLS begins and ends with its
// connection, with both held: so nothing ends while somebody encrypts, and what is sent is
// all in the queue when it does.
type secure struct {
	conn tlsbuf.Conn
	c    *Conn    // nil while the handshake runs on a goroutine
	raw  net.Conn // only while it does
	// shaker is the coroutine in which the handshake runs; nil: it does not. The loop's.
	shaker *shaker
	heard  []byte // of a handshake that was begun on a loop: comes before what raw has
	// turns are the tokens of the handshakes that may compute at once, one of which
	// this one has, but for the time that it waits for the peer. Only while the handshake
	// runs.
	turns *turns.Turns
	once  *tls.Config // of this handshake alone. Only while the handshake and the upgrade of a client run
	asks  *inquiry    // whom the handshake asks; nil: nobody. Only while the handshake and the upgrade run
	out   lock.Mutex[lock.Output]
	more  bool  // there may be other bytes inside tls. The loop's
	err   error // why reading failed. The loop's
	done  bool  // close_notify is sent. The loop's
	// wrote: the adapter has queued something that nobody has flushed, such as
	// the answer to a key update.
	wrote atomic.Bool
	// answers is how many bytes of such answers were queued since the queue was
	// last empty; guarded by Conn.mu. sending tells them from what write encrypts.
	answers int
	sending atomic.Bool
	// lost: some of what was sent is not in the queue and never will be, so what was accepted
	// since has not left when the queue has. Guarded by Conn.mu.
	lost bool
	// behind is what has to go behind what callbacks have corked (tls_cork.go); nil: nothing has. Guarded by Conn.mu.
	behind *queue
}

// later is what the adapter says when the socket is empty. crypto/tls keeps its
// state over an error that is Temporary.
type later struct{}

func (later) Error() string   { return "no bytes now" }
func (later) Timeout() bool   { return true }
func (later) Temporary() bool { return true }

// secureRounds bounds how many records one turn reads, so that a fast peer does
// not hold up the others of the loop.
const secureRounds = 32

// maxAnswers bounds the bytes of answers, as maxPongs does: RFC 8446 4.6.3 wants
// one for each key update that asks, also when the peer reads none.
const maxAnswers = maxPongs

var errAnswers = errors.New("tls: the peer asks for key updates and does not read the answers")

func (s *secure) Read(p []byte) (int, error) {
	switch {
	case len(s.heard) > 0:
		n := copy(p, s.heard)
		s.heard = s.heard[n:]
		return n, nil
	case s.c == nil:
		defer s.pass()()
		return s.raw.Read(p)
	case s.shaker != nil:
		return s.shaker.read(p)
	}
	n, errno := s.c.sock.Read(p)
	if errno == loop.EAGAIN {
		return 0, later{}
	}
	return came(n, errno)
}

// came is what crypto/tls is told of a read.
func came(n int, errno syscall.Errno) (int, error) {
	switch {
	case errno != 0:
		return 0, errno
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// pass gives the token of a handshake to others, because a peer that says nothing, or
// reads nothing, must not hold them up; the result takes it back.
func (s *secure) pass() (back func()) {
	turns := s.turns
	if turns == nil {
		return func() {}
	}
	turns.Give()
	return func() { turns.Take(nil) }
}

// forget ends TLS, on the loop's thread. It is locked for output; Conn.mu is held. s is nil for
// a plain connection.
func (s *secure) forget() {
	if s != nil {
		s.c.tls.Store(nil)
		s.conn.Forget(&s.c.w.engine.pool)
	}
}

func (s *secure) Write(p []byte) (int, error) {
	if s.c == nil {
		defer s.pass()()
		return s.raw.Write(p)
	}
	if s.shaker != nil {
		return s.shaker.write(p)
	}
	c := s.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.block == nil { // a refused upgrade: the answer fits the empty send buffer
		c.sock.Write(p)
		return len(p), nil
	}
	if c.failed || !c.sock.Open() || c.tls.Load() != s {
		s.lost = true
		return len(p), nil
	}
	c.block.ClaimRecord(len(p))
	if !c.needQueue().fill(&c.w.engine.pool, p) {
		s.lost = true
		c.breakOff()
	}
	s.wrote.Store(true)
	if !s.sending.Load() {
		s.answers += len(p)
	}
	return len(p), nil
}

// write encrypts p into the queue. s is locked for output.
func (s *secure) write(p []byte) error {
	s.sending.Store(true)
	defer s.sending.Store(false)
	_, err := s.conn.Write(p)
	return err
}

// Close ends a handshake that takes too long; later closing the descriptor is
// the loop's business.
func (s *secure) Close() error {
	if s.c == nil {
		return s.raw.Close()
	}
	return nil
}

func (s *secure) LocalAddr() net.Addr                { return nil }
func (s *secure) RemoteAddr() net.Addr               { return nil }
func (s *secure) SetDeadline(t time.Time) error      { return s.deadline(t) }
func (s *secure) SetReadDeadline(t time.Time) error  { return s.deadline(t) }
func (s *secure) SetWriteDeadline(t time.Time) error { return s.deadline(t) }

func (s *secure) deadline(t time.Time) error {
	if s.c == nil {
		return s.raw.SetDeadline(t)
	}
	return nil
}

// attach changes over to the loop's socket of c, on the loop's thread. When other
// threads know c, c.mu is held.
func (s *secure) attach(c *Conn) {
	s.c, s.raw, s.turns = c, nil, nil
	c.tls.Store(s)
}

// lockOut orders what is encrypted and queued; s, which it returns, is nil for a plain connection.
// Before Conn.mu, under which another thread than the loop's asks whether s is still Conn.tls.
func (s *secure) lockOut() *secure {
	if s != nil {
		s.out.Lock()
	}
	return s
}

func (s *secure) unlockOut() {
	if s != nil {
		s.out.Unlock()
	}
}

// lockBoth locks c for output and then c.mu, of the connection that c is now.
func (c *Conn) lockBoth() *secure {
	for {
		s := c.tls.Load().lockOut()
		c.mu.Lock()
		if c.tls.Load() == s {
			return s
		}
		c.mu.Unlock()
		s.unlockOut()
	}
}

func (c *Conn) unlockBoth(s *secure) {
	c.mu.Unlock()
	s.unlockOut()
}

// emit is Conn.emit over TLS. s is locked for output. Conn.mu is held, and given up while s
// encrypts.
func (s *secure) emit(frames []byte) {
	c := s.c
	if c.takeGathered(); !c.block.Corked() {
		unlocked(&c.mu, func() { s.write(frames) })
		c.flushNow()
	} else if !s.followFrames(frames) {
		c.breakOff()
	}
	c.sendHeld(s)
}

// recv takes bytes of the stream, decrypted if need be; the results are those of
// loop.Socket.Read.
func (c *Conn) recv(p []byte) (int, syscall.Errno) {
	s := c.tls.Load()
	if s == nil {
		return c.sock.Read(p)
	}
	return s.recv(p)
}

func (s *secure) recv(p []byte) (int, syscall.Errno) {
	w := s.c.w
	w.lender.Lend(&s.conn, &w.engine.pool)
	n, err := s.conn.Read(p)
	w.lender.Settle(&s.conn, &w.engine.pool)
	s.more = n > 0 && (err != nil || s.conn.Inside())
	if s.wrote.Load() {
		if s.flushAnswers() > maxAnswers {
			n, err = 0, errAnswers
		}
	}
	var number syscall.Errno
	switch {
	case n > 0:
		return n, 0
	case err == nil || isLater(err):
		return 0, loop.EAGAIN
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // the latter inside a record
		return 0, 0
	case errors.As(err, &number):
		return 0, number
	}
	s.err = err
	return 0, syscall.EPROTO
}

// flushAnswers writes what crypto/tls has queued by itself; how many bytes of that wait.
func (s *secure) flushAnswers() int {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.flushNow()
	return s.answers
}

// flushNow writes the queue from any thread. c.mu is held.
func (c *Conn) flushNow() {
	if s := c.tls.Load(); s != nil {
		s.wrote.Store(false)
	}
	if c.tx != nil && !c.tx.empty() && !c.sock.WatchesOut() && c.sock.Open() {
		var v loop.Vector
		c.writeQueue(c.needQueue(), &v)
	}
	c.settleQueue()
}

// sayGoodbye sends close_notify, the last thing on a TLS stream (RFC 8446 6.1), once. False
// when more has to leave before the socket may be half-closed. s is nil for a plain connection.
func (s *secure) sayGoodbye() bool {
	if s == nil {
		return true
	}
	s.closeNotify()
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	s.c.flushNow()
	return s.c.tx == nil || s.c.tx.empty()
}

func (s *secure) closeNotify() {
	s.out.Lock()
	defer s.out.Unlock()
	if !s.done {
		s.done = true
		s.conn.CloseWrite()
	}
}

func isLater(err error) bool {
	var l later
	return errors.As(err, &l)
}
