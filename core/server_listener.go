// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net/netip"
	"syscall"
	"time"

	"libws/core/admit"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

const (
	acceptBurst = 64                    // connections taken per round
	acceptTries = 16                    // that may fail in a row, each for its own connection
	acceptPause = 50 * time.Millisecond // when the process has no descriptors left, or all of those failed

	shutDownPause = time.Second // when the socket does not listen any more
)

// listener is a listening socket of a server. What has no remark belongs to its loop.
type listener struct {
	server  *Server         // never changes, as the next six
	serving *config.Serving // of its start
	answers *handshake.ServerOptions
	place   *config.Place   // where it listens
	w       *worker         // on whose loop it accepts
	workers []*worker       // whose loops its connections go to
	file    loop.SocketFile // of a Unix socket that is ours

	d       loop.Descriptor // sock's, also before that is registered; guarded by Server.mu
	listens bool            // d is open; guarded by Server.mu
	handed  bool            // others have d as well; guarded by Server.mu

	sock  loop.Socket // changed under Server.mu
	spare loop.Spare  // given up to refuse a connection when no descriptor is left
	timer loop.Timer  // pause of accepting
	next  int         // round-robin over workers
	fails int         // in a row
}

func (l *listener) open(begin *starting) {
	s := l.server
	locked := take(&s.mu)
	defer locked.end()
	err := l.sock.Register(l.w.loop, l.d, l)
	if err != nil {
		begin.failed.Store(&fault.Error{ID: fault.IDUnknown, Text: err.Error()})
		l.file.Remove()
		l.listens = false
		s.listening--
	}
	// Posted under the lock: who settles the server meanwhile comes behind it.
	last := begin.left.Add(-1) == 0
	if last && l.w != s.home {
		s.home.loop.Post(func() { s.started(begin) })
	}
	locked.end()
	if err == nil {
		l.spare.Take()
	}
	if last && l.w == s.home {
		s.started(begin)
	}
}

// close ends listening. The file goes first: while the socket listens nobody else
// takes its name. It leaves the poller before it is closed, because others may have a
// duplicate, and then epoll would tell of it for ever.
func (l *listener) close() {
	s := l.server
	l.w.loop.Disarm(&l.timer)
	l.spare.Give()
	locked := take(&s.mu)
	defer locked.end()
	if l.listens {
		if !l.handed {
			l.file.Remove()
		}
		l.sock.Suspend()
		l.sock.Close()
		l.listens = false
		s.listening--
	}
	s.silent()
	locked.end()
	s.settle()
}

// Ready accepts; see loop.Handler. The spare descriptor may be missing since who was refused
// by it had it: then there is one again, or soon.
func (l *listener) Ready(int) {
	defer l.spare.Take()
	for range acceptBurst {
		d, peer, errno := l.sock.Accept()
		switch errno {
		case 0:
			l.fails = 0
			l.hand(d, peer)
		case loop.EAGAIN:
			l.fails = 0
			return
		case loop.EMFILE, loop.ENFILE, loop.ENOBUFS, loop.ENOMEM:
			l.exhausted(errno)
			return
		case loop.EINVAL:
			l.server.tell(shutDown(errno))
			l.pause(shutDownPause)
			return
		default:
			// Errors of the new connection itself (accept(2)): the next one may do.
			if l.failed(errno) {
				return
			}
		}
	}
}

// exhausted refuses one connection by the spare descriptor and pauses, so that
// the loop does not spin on a listener that stays readable.
func (l *listener) exhausted(errno syscall.Errno) {
	s := l.server
	l.spare.Give()
	if d, peer, err := l.sock.Accept(); err == 0 {
		s.engine.counters.refused.Add(1)
		s.figures.limited[admit.LimitDescriptors].Add(1)
		s.turnAway(d, admit.DescriptorsRefusal, admit.EndpointOf(peer), l.tlsServer() == nil)
	}
	l.spare.Take()
	if s.admission.Refused(admit.LimitDescriptors, time.Now()) > 0 {
		s.tell(acceptFailed(errno))
	}
	l.pause(acceptPause)
}

// failed counts what failed in a row, such as all that a filter of system calls refuses, and
// pauses when nothing else comes.
func (l *listener) failed(errno syscall.Errno) (paused bool) {
	l.fails++
	if l.fails == 1 {
		l.server.engine.log(journal.Info, "%s", acceptFailed(errno).Text)
	}
	if l.fails < acceptTries {
		return false
	}
	if l.fails == acceptTries {
		l.server.engine.log(journal.Warn, "%s, and so did %d in a row", acceptFailed(errno).Text, l.fails)
	}
	l.pause(acceptPause)
	return true
}

// pause takes the socket out of the poller, which would go on telling of a hang-up.
func (l *listener) pause(d time.Duration) {
	l.sock.Suspend()
	l.w.loop.After(&l.timer, d, l)
}

// shutDown is what to tell when others have done that to a socket they share with us.
func shutDown(errno syscall.Errno) *fault.Error {
	return &fault.Error{ID: fault.IDUnknown, Stage: dial.StageIO, Errno: errno, Text: fmt.Sprintf(
		"accepting a connection: %v: somebody who shares the socket has shut it down", errno)}
}

// Expired ends a pause of accepting; see loop.Expirer.
func (l *listener) Expired(*loop.Timer) {
	l.spare.Take()
	l.sock.Watch(true, false)
}

// tlsServer does the TLS handshakes of its connections; nil: they are plain. Any thread.
func (l *listener) tlsServer() *dial.TLSServer {
	if l.place.Plain {
		return nil
	}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	return l.server.tls
}

// hand gives a new connection to the next loop.
func (l *listener) hand(d loop.Descriptor, peer netip.AddrPort) {
	w := l.workers[l.next%len(l.workers)]
	l.next++
	if w == l.w {
		l.welcome(w, d, peer)
	} else if !w.loop.Post(func() { l.welcome(w, d, peer) }) {
		d.Close()
	}
}

// welcome makes a connection that waits for its upgrade request. On w's thread.
func (l *listener) welcome(w *worker, d loop.Descriptor, peer netip.AddrPort) {
	s, tlsServer := l.server, l.tlsServer()
	first := phaseHead
	if tlsServer != nil {
		first = phaseSecuring
	}
	c := &Conn{w: w, server: s, peer: admit.EndpointOf(peer), phase: first, ends: w.ends.take()}
	c.ends.begin.c, c.ends.begin.answers, c.ends.begin.tlsServer = c, l.answers, tlsServer
	c.ends.begin.arrives()
	refused, added := s.admit(c, l)
	if refused != nil {
		s.refused(refused, c.peer)
	}
	if !added {
		if refused != nil {
			s.turnAway(d, refused, c.peer, tlsServer == nil)
		} else {
			d.Close()
		}
		return
	}
	if l.place.KeepAlive > 0 {
		d.KeepAlive(l.place.KeepAlive)
	}
	// On its goroutine a proxy's header comes before the handshake.
	if h := &c.ends.begin; tlsServer != nil && (h.proxied || !w.loop.Releases()) {
		h.shakeApart(d, nil)
	} else if err := c.sock.Register(w.loop, d, c); err != nil {
		s.engine.log(journal.Warn, "%s: %v", peer, err)
		c.drop() // a stop may have it on its list already, and drops it as well
		return
	}
	c.ends.begin.headTime()
}
