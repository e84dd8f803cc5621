// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"time"

	"libws/core/admit"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// A client that is one too many is not met with silence: its TLS handshake is done,
// its request read, and then answered by 503 or 429 with Retry-After, so that no reset
// destroys the answer. As these connections take from the descriptors of the host, there are
// few of them; a client beyond is answered at once, without TLS, and closed.
const (
	maxRefused    = 64              // of all servers at once
	refuseTimeout = 5 * time.Second // for the handshake and the request
)

// admit puts a new connection on the list, be it to be refused; else it has to go at
// once. In one step with the look at the state: who entered is there until a stop is over,
// and who is late for that does not come in by the next start.
func (s *Server) admit(c *Conn, by *listener) (r *admit.Refusal, added bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != serverStarted || s.serving.Load() != by.serving {
		return nil, false
	}
	if r = s.enters(c); r != nil && !s.engine.counters.mayRefuse() {
		return r, false
	}
	c.ends.begin.refusal = r
	s.add(c)
	return r, true
}

// enters counts a connection, or tells why it may not come in. s.mu is held.
func (s *Server) enters(c *Conn) *admit.Refusal {
	if s.engine.full() {
		return admit.CeilingRefusal
	}
	if r := s.admission.Enter(c.peer, time.Now()); r != nil {
		return r
	}
	s.engine.counters.sockets.Add(1)
	s.engine.counters.accepted.Add(1)
	s.figures.accepted.Add(1)
	return nil
}

// left is called when the socket of a connection is closed; refused: it was one that may not come
// in.
func (w *worker) left(c *Conn, refused bool) {
	n := &w.engine.counters
	if refused {
		n.refusing.Add(-1)
		return
	}
	n.sockets.Add(-1)
	if c.server != nil {
		c.server.admission.Leave(c.peer, time.Now())
	}
}

// refused counts a refusal, and tells the host once a second.
func (s *Server) refused(r *admit.Refusal, from admit.Endpoint) {
	s.engine.counters.refused.Add(1)
	s.figures.limited[r.Limit].Add(1)
	if n := s.admission.Refused(r.Limit, time.Now()); n > 0 {
		s.tell(&fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageLimit, Status: r.Status,
			Text: fmt.Sprintf("%s; %s gets HTTP %d (%d refused by this limit since it was told last)", s.admission.Reached(r.Limit), from.String(), r.Status, n)})
	}
}

// tell reports an error of the server from any thread, unless it is not started.
func (s *Server) tell(e *fault.Error) {
	s.home.loop.Post(func() {
		if s.isStarted() {
			s.report(e)
		}
	})
}

func (s *Server) isStarted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == serverStarted
}

// mayRefuse tells whether one more may be refused with patience; then it is counted.
func (n *counters) mayRefuse() bool {
	if n.refusing.Add(1) <= maxRefused {
		return true
	}
	n.refusing.Add(-1)
	return false
}

// turnAway answers a connection at once, as far as that can be done, and closes it.
func (s *Server) turnAway(d loop.Descriptor, r *admit.Refusal, from admit.Endpoint, plain bool) {
	s.engine.log(journal.Info, "%s: %v", from.String(), &r.Rejection)
	if plain {
		d.Answer(r.AppendBusy(nil, r.Retry))
	}
	d.Close()
}

// refuse answers the request of a connection that may not come in.
func (h *handshaking) refuse(r *admit.Refusal) {
	h.lastAnswer(r.AppendBusy(nil, r.Retry), &r.Rejection)
}

// wentAway is the end of a stream whose request is not complete. Who was refused is counted
// for that, and who was answered and asks for nothing more has not left too early.
func (h *handshaking) wentAway() {
	c := h.c
	if h.refusal == nil && !h.idle {
		c.log(journal.Info, "%s left before its upgrade request was complete", c.peer.String())
		c.server.figures.left.Add(1)
	}
	c.drop()
}

// overRate refuses a request of an address that asks too often.
func (h *handshaking) overRate() bool {
	c := h.c
	r := c.server.admission.Request(c.peer, time.Now())
	if r == nil {
		return false
	}
	c.server.refused(r, c.peer)
	h.refuse(r)
	return true
}
