// SPDX-License-Identifier: Apache-2.0

package core

import (
	"iter"
	"net"

	"libws/core/loop"
)

// A TLS handshake of a server runs on the loop of its connection, as long as nothing of it takes
// long. crypto/tls reads until it has what it needs, so it runs in a coroutine of the loop's
// thread, which gives up its turn where a read would wait. Against a goroutine that waits for
// itself this saves wake-ups, a second poller, and a stack that grows anew for each; a peer that
// says nothing has no coroutine.
//
// What may take long goes to a goroutine instead, before the server has said anything: keys other
// than P-256 and Ed25519, certificates of clients, questions to the host, large groups, and what
// is too much for one turn, so that other connections do not wait for a crowd of new ones, and
// other processors help.

const (
	shakesInTurn = 8  // how often a turn of a loop goes on with a handshake, which takes about 200 us
	shakersKept  = 16 // coroutines of a loop that wait for the next handshake, each with its stack
)

// shaker is a coroutine of a loop that does one handshake after the other. Only the loop's
// thread resumes it, and not in a callback of the host: Go wants the thread to be as locked as it
// was when the coroutine was made.
type shaker struct {
	resume func() (done, alive bool) // until the handshake waits, or is done
	stop   func()
	yield  func(done bool) bool
	of     *secure // whose handshake it does; nil: it rests
	err    error   // why that failed, when it is done
	over   bool    // its connection has ended
	heard  []byte  // all that has come, until the server says something
	spoke  bool    // it has
	apart  bool    // it may take long, so a goroutine begins anew with heard
}

func newShaker() *shaker {
	k := &shaker{}
	k.resume, k.stop = iter.Pull(func(yield func(bool) bool) {
		k.yield = yield
		for again := true; again; again = yield(true) {
			k.err = k.of.conn.Conn.Handshake()
		}
	})
	return k
}

// shaker is a coroutine for the handshake of s.
func (w *worker) shaker(s *secure) *shaker {
	var k *shaker
	if n := len(w.shakers) - 1; n >= 0 {
		k = w.shakers[n]
		w.shakers = w.shakers[:n]
	} else {
		k = newShaker()
	}
	k.of, s.shaker = s, k
	return k
}

// rest ends a handshake, with which the coroutine is through.
func (k *shaker) rest(w *worker) {
	k.of.shaker = nil
	k.of, k.err, k.over, k.heard, k.spoke, k.apart = nil, nil, false, nil, false, false
	if len(w.shakers) < shakersKept {
		w.shakers = append(w.shakers, k)
	} else {
		k.stop()
	}
}

// abandon ends the handshake of a connection that is gone, maybe by a callback of the host, so
// not at once.
func (k *shaker) abandon(w *worker) {
	k.over = true
	w.loop.Post(func() {
		if _, alive := k.resume(); alive {
			k.rest(w)
		}
	})
}

// stopShakers ends those that rest, behind the last turn of the loop.
func (w *worker) stopShakers() {
	for _, k := range w.shakers {
		k.stop()
	}
	w.shakers = nil
}

func (k *shaker) read(p []byte) (int, error) {
	for !k.over {
		n, errno := k.of.c.sock.Read(p)
		if errno != loop.EAGAIN {
			if !k.spoke {
				k.heard = append(k.heard, p[:n]...)
			}
			return came(n, errno)
		}
		k.yield(false)
	}
	return 0, net.ErrClosed
}

// write waits for room; a chain of certificates may be longer than the send buffer.
func (k *shaker) write(p []byte) (int, error) {
	if k.apart {
		return len(p), nil // crypto/tls says that it gives up, which the peer must not hear
	}
	k.spoke, k.heard = true, nil
	sock, written := &k.of.c.sock, 0
	for !k.over {
		n, errno := sock.Write(p[written:])
		written += n
		switch {
		case written == len(p):
			return written, nil
		case errno != 0 && errno != loop.EAGAIN && errno != loop.ENOBUFS && errno != loop.ENOMEM:
			return written, errno
		}
		sock.Watch(false, true)
		k.yield(false)
		sock.Watch(true, false)
	}
	return written, net.ErrClosed
}

// Hasty is for dial.Hasty.
func (s *secure) Hasty() bool { return s.shaker != nil }

// Apart is for dial.Hasty.
func (s *secure) Apart() { s.shaker.apart = true }

// shake begins the handshake, or goes on with it, when something has come.
func (h *handshaking) shake() {
	c := h.c
	k, spent := h.shaker, c.w.shakes >= shakesInTurn
	switch {
	case k == nil && (spent || !h.tlsServer.Brief()):
		h.apart(nil)
		return
	case spent:
		return // the poller tells of it again
	case k == nil:
		s := &secure{c: c}
		s.conn.Conn = h.tlsServer.Server(s)
		k = c.w.shaker(s)
		h.shaker = k
	}
	c.w.shakes++
	done, alive := k.resume()
	if !done || !alive {
		return
	}
	h.shaker = nil
	s, err, heard, apart := k.of, k.err, k.heard, k.apart
	k.rest(c.w)
	switch {
	case err == nil:
		h.secured(s)
	case apart:
		h.apart(heard)
	default:
		why, reply := unsecured(err)
		c.sock.Write(reply) // it fits the empty send buffer
		h.noteUnsecured(why)
		h.parts()
	}
}

// apart has a goroutine do the handshake from the beginning, with what has come.
func (h *handshaking) apart(heard []byte) {
	d, err := h.c.sock.Release()
	if err != nil {
		h.failed(err.Error())
		return
	}
	h.shakeApart(d, heard)
}
