// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"os"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/lock"
)

// What the TLS handshake of a connection asks the host: whether a certificate is good, and
// signatures by a key that only the host has. A question is an event with a token, of the client or,
// because an accepted connection has no handle yet, of the server; the answer names the token. The
// goroutine of the handshake waits for it, without a token of those that compute, until the time of
// the handshake is over or its connection ends.

// questions are those that wait for an answer.
type questions struct {
	mu      lock.Mutex[lock.Questions] // guards all that follows
	last    uint64
	waiting map[uint64]*question
}

// question never changes.
type question struct {
	handle uint64 // who may answer
	event  border.Event
	answer chan Answer // has room for it
}

// Answer is what a host says to a question.
type Answer struct {
	Accepts   bool
	Signature []byte // nil: the host does not sign
}

func (q *questions) add(handle uint64, event border.Event) (uint64, *question) {
	one := &question{handle, event, make(chan Answer, 1)}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == nil {
		q.waiting = map[uint64]*question{}
	}
	q.last++
	q.waiting[q.last] = one
	return q.last, one
}

// take gives a question to who answers it; nil: there is none.
func (q *questions) take(handle, token uint64, event border.Event) *question {
	q.mu.Lock()
	defer q.mu.Unlock()
	one := q.waiting[token]
	if one == nil || one.handle != handle || one.event != event {
		return nil
	}
	delete(q.waiting, token)
	return one
}

// forget is for who waits no longer.
func (q *questions) forget(token uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, token)
}

// Answer answers the question of a handle that has this token. Any thread.
func (e *Engine) Answer(handle, token uint64, event border.Event, a Answer) *fault.Error {
	q := e.questions.take(handle, token, event)
	if q == nil {
		return errNoQuestion
	}
	q.answer <- a
	return nil
}

var errNoQuestion = fault.Refused(fault.IDState, "token: no question of this handle and kind waits for an answer by it: it was answered, or its handshake has ended, also because its time was over")

// inquiry is whom the handshake of a connection asks.
type inquiry struct {
	engine *Engine
	ctx    context.Context // ends with the time of the handshake, and with the connection
	handle uint64
	who    string // the peer of a server
	// tell runs a function on the loop of the handle, unless its events are over.
	tell func(func(w *worker, slot uint32))
}

// hostSilent is a question that nobody has answered in time.
type hostSilent struct{ event string }

func (e *hostSilent) Error() string { return "the host program has not answered " + e.event }

// Unwrap makes it the end of a time, and is reported as that.
func (e *hostSilent) Unwrap() error { return os.ErrDeadlineExceeded }

// ask waits for the answer to a question; record is filled in on the loop.
func (s *secure) ask(event border.Event, name string, record func(w *worker) (border.Detail, []byte)) (Answer, error) {
	i := s.asks
	if i == nil {
		return Answer{}, &hostSilent{name} // a handshake within an open connection, which there is none of
	}
	token, q := i.engine.questions.add(i.handle, event)
	defer i.engine.questions.forget(token)
	i.tell(func(w *worker, slot uint32) {
		if i.ctx.Err() != nil {
			return
		}
		d, payload := record(w)
		d.Token = token
		w.tell(slot, event, 0, d, payload)
	})
	defer s.pass()()
	select {
	case a := <-q.answer:
		return a, nil
	case <-i.ctx.Done():
		return Answer{}, &hostSilent{name}
	}
}

// Verify is for dial.Asker.
func (s *secure) Verify(v *dial.Verification) (bool, error) {
	name := v.Name
	if s.asks != nil && name == "" {
		name = s.asks.who
	}
	a, err := s.ask(border.EventVerify, "WS_EVENT_VERIFY", func(w *worker) (border.Detail, []byte) {
		d := w.detail()
		d.Target = w.text(name)
		if v.Refusal != "" {
			d.Error, d.Stage, d.Text = fault.IDConnectFailed, int32(dial.StageTLS), w.text(v.Refusal)
		}
		if len(v.Staple) > 0 {
			if b := w.alloc(len(v.Staple) + 1); b != nil {
				d.Body, d.BodySize = border.Address(b), uint64(copy(b, v.Staple))
				b[len(v.Staple)] = 0
			}
		}
		return d, v.Chain
	})
	return a.Accepts, err
}

// Sign is for dial.Asker.
func (s *secure) Sign(g *dial.Signing) ([]byte, error) {
	a, err := s.ask(border.EventSign, "WS_EVENT_SIGN", func(w *worker) (border.Detail, []byte) {
		d := w.detail()
		d.Scheme, d.Target = int32(g.Scheme), w.text(g.Subject)
		return d, g.Digest
	})
	return a.Signature, err
}

// asksHost is the inquiry of an attempt. ctx ends with its time for TLS.
func (q *client) asksHost(ctx context.Context, a *attempt) *inquiry {
	c := q.c
	return &inquiry{engine: c.w.engine, ctx: ctx, handle: c.block.Handle, tell: func(tell func(*worker, uint32)) {
		c.w.loop.Post(func() {
			if c.phase != phaseReleased && q.attempts(a) {
				c.w.current = c
				tell(c.w, c.block.Slot)
			}
		})
	}}
}

// attempts tells whether a is still the attempt.
func (q *client) attempts(a *attempt) bool {
	q.c.mu.Lock()
	defer q.c.mu.Unlock()
	return q.attempt == a && !q.c.destroyed
}

// asksHost is the inquiry of the handshake of an accepted connection.
func (t *securing) asksHost() *inquiry {
	c, s := t.c, t.c.server
	c.mu.Lock()
	defer c.mu.Unlock()
	return &inquiry{engine: s.engine, ctx: t.ctx, handle: s.handle, who: c.peer.String(), tell: func(tell func(*worker, uint32)) {
		s.home.loop.Post(func() {
			if s.isStarted() {
				tell(s.home, s.block.Slot)
			}
		})
	}}
}
