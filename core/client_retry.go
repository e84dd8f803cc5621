// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/connect"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/reconnect"
)

// retry connects a client again after its connection was lost or could not be made.
// The loop's, but for what Conn.mu guards.
type retry struct {
	c       *Conn
	policy  *config.Reconnect // never changes
	backoff reconnect.Backoff
	timer   loop.Timer
	since   time.Time         // when the last connection was open
	last    fault.Error       // why the try before has failed, or the connection was lost
	code    uint16            // the close code of that connection; 0: there was none
	denied  bool              // the credentials were not good
	plan    *connect.Plan     // guarded by Conn.mu
	done    border.Completion // of ws_connect, until it is called; guarded by Conn.mu
	waiting bool              // for the timer; guarded by Conn.mu
	asked   bool              // the host is, and the timer is for its answer; guarded by Conn.mu
}

func newRetry(c *Conn, p *connect.Plan, done border.Completion) *retry {
	policy := p.Options.Reconnect
	return &retry{c: c, plan: p, policy: policy, backoff: reconnect.Backoff{Policy: policy.Policy}, done: done}
}

// final says why no other try may follow a failed one, "" when one may.
func (r *retry) final(e *fault.Error) string {
	switch {
	case reconnect.FinalStatus(e.Status) && !r.forgives(reconnect.DeniedStatus(e.Status)):
		return "the answer is final"
	case e.Certificate && !r.backoff.Policy.RetryCertificate:
		return "the certificate will be no better"
	}
	return ""
}

// opened is called when a connection opened. c.mu is held.
func (r *retry) opened() {
	if r.backoff.Tries() > 0 {
		r.c.needTally().reconnects.Add(1)
	}
	r.backoff.Opened()
	r.since, r.code = time.Now(), 0
	r.done = border.Completion{}
}

// ended is called at the end of that connection, and tells whether another follows. c.mu is held.
func (r *retry) ended(code uint16) bool {
	if r.backoff.Lasted(time.Since(r.since)) {
		r.denied = false
	}
	if r.finalClose(code) {
		return false
	}
	r.code = code
	return true
}

// cancel ends it, and gives the completion that was not called. c.mu is held.
func (r *retry) cancel() border.Completion {
	if r.waiting || r.asked {
		r.waiting, r.asked = false, false
		r.c.w.loop.Post(func() { r.c.w.loop.Disarm(&r.timer) })
	}
	done := r.done
	r.done = border.Completion{}
	return done
}

// wait waits for the next try, or gives up; last is why the one before has failed.
func (r *retry) wait(last *fault.Error) {
	c := r.c
	delay, ok := r.backoff.Next(last.RetryAfter)
	locked := take(&c.mu)
	defer locked.end()
	if c.rare.client().retry != r {
		return // cancelled meanwhile
	}
	var dropped []early
	done := r.done
	if ok {
		r.waiting = true
	} else {
		c.rare.client().retry = nil
		c.block.SetState(border.StateClosed)
		dropped = c.takeEarly()
	}
	locked.end()
	if !ok {
		c.w.failEarly(c.block, dropped, last)
		r.gaveUp(done, last)
		return
	}
	r.last = *last
	r.last.Fields, r.last.Body = nil, nil
	r.denied = reconnect.DeniedStatus(last.Status) || reconnect.DeniedClose(r.code)
	d := c.w.detail()
	d.Attempt, d.Delay = int32(r.backoff.Tries()), delay.Milliseconds() // fits: one takes time
	c.w.notice(c.block.Slot, border.EventReconnecting, 0, d)
	c.w.loop.After(&r.timer, delay, r)
}

// gaveUp tells that no other try follows.
func (r *retry) gaveUp(done border.Completion, last *fault.Error) {
	c := r.c
	e := &fault.Error{ID: last.ID, Stage: dial.StageReconnect, Status: last.Status, Errno: last.Errno,
		Fields: last.Fields, Body: last.Body}
	e.Text = fmt.Sprintf("gave up connecting after %d tries: %s", r.backoff.Tries(), last.Text)
	if why := r.final(last); why != "" {
		e.Text = fmt.Sprintf("gave up connecting, %s: %s", why, last.Text)
	}
	c.w.complete(c.block.Slot, border.OpConnect, done, e)
	c.w.report(c.block.Slot, e)
}

// Expired begins the next try, or asks before it; see loop.Expirer.
func (r *retry) Expired(*loop.Timer) {
	if !r.now() {
		r.unanswered()
	}
}

// now ends the wait; false: there is none. The loop's.
func (r *retry) now() bool {
	c := r.c
	locked := take(&c.mu)
	defer locked.end()
	if c.destroyed || c.rare.client().retry != r || !r.waiting {
		return false
	}
	r.waiting = false
	c.w.loop.Disarm(&r.timer)
	if !r.policy.Ask {
		c.rare.client().begin(r.plan, r.done)
		return true
	}
	r.asked = true
	locked.end()
	c.w.current = c
	r.ask()
	return true
}

// NetworkChanged tells that the network has changed: clients that wait try at once, those
// that try begin anew, and open connections are asked for a sign of life. Any thread.
func (e *Engine) NetworkChanged() {
	e.networks.Add(1)
	for _, w := range e.workers {
		if !w.changing.Swap(true) {
			w.loop.Post(w.networkChanged)
		}
	}
}

// networkChanged is NetworkChanged for the clients of a loop. The loop's.
func (w *worker) networkChanged() {
	w.changing.Store(false)
	for _, c := range w.clients() {
		c.rare.client().networkChanged()
	}
}

// clients are those of the loop.
func (w *worker) clients() (mine []*Conn) {
	e := w.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.clients.All() {
		if c.w == w {
			mine = append(mine, c)
		}
	}
	return mine
}

func (q *client) networkChanged() {
	c := q.c
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	r := q.retry
	if a := q.attempt; a != nil && a.plan.Options.Descriptor == nil && a.network != c.w.engine.networks.Load() {
		a.cancel() // what it waits for may be behind the old network
		q.begin(a.plan, a.done)
	}
	locked.end()
	if r != nil {
		r.now()
	}
	if v := c.rare.watched(); v != nil && c.phase == phaseOpen {
		v.doubt()
	}
}

// Before each try of a reconnect the host may be asked what has changed, because tokens expire:
// border.EventBeforeReconnect comes when the wait is over, and ReconnectWith answers, in this
// event or later. The retry's timer is the deadline.

// ask tells the host. The caller has set r.asked. The loop's.
func (r *retry) ask() {
	c := r.c
	d := c.w.fail(c.w.detail(), &r.last)
	if d.Attempt = int32(r.backoff.Tries()); r.code != 0 { // fits: each took time
		d.Code = int32(r.code)
	}
	c.w.notice(c.block.Slot, border.EventBeforeReconnect, 0, d)
	if answer := r.policy.Answer; answer > 0 {
		c.w.loop.After(&r.timer, answer, r)
	}
}

// ReconnectWith answers border.EventBeforeReconnect. It reads the files that the changes name, and
// blocks as long as that takes. Any thread.
func (c *Conn) ReconnectWith(changes *config.Changes) *fault.Error {
	r, plan, err := c.askedRetry()
	if err != nil {
		return err
	}
	next, err := plan.With(gated{e: c.w.engine}, changes)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare.client().retry != r || !r.asked || r.plan != plan {
		return errNotAsked
	}
	r.asked, r.plan = false, next
	c.w.loop.Post(r.answered)
	return nil
}

// askedRetry is what waits for an answer, and its plan so far.
func (c *Conn) askedRetry() (*retry, *connect.Plan, *fault.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rare.client().retry
	switch {
	case c.destroyed:
		return nil, nil, errGone
	case r == nil || !r.asked:
		return nil, nil, errNotAsked
	}
	return r, r.plan, nil
}

var errNotAsked = fault.Refused(fault.IDState, "client: waits for no answer; WS_ASK_BEFORE_RECONNECT of the reconnect options asks for one before each try, within answer_timeout_ms")

// answered begins the try that the host has answered for. The loop's.
func (r *retry) answered() {
	c := r.c
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed || c.rare.client().retry != r {
		return
	}
	c.w.loop.Disarm(&r.timer)
	c.rare.client().begin(r.plan, r.done)
}

// unanswered is a try that fails because the host has said nothing in time. Going on with what it
// had would do what it wanted to prevent. The loop's.
func (r *retry) unanswered() {
	c := r.c
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	if c.rare.client().retry != r || !r.asked {
		return
	}
	r.asked = false
	c.rare.client().failed(&locked, r.done, &fault.Error{ID: fault.IDTimeout, Stage: dial.StageTimeout,
		Text: fmt.Sprintf("connecting again: answer_timeout_ms of %d ms is over, and nobody has answered WS_EVENT_BEFORE_RECONNECT by ws_reconnect_with", r.policy.Answer/time.Millisecond)})
}

// forgives tells whether another try follows one that was denied: the host may have other
// credentials for it. When two in a row were denied, others will be, too.
func (r *retry) forgives(denied bool) bool { return denied && r.policy.Ask && !r.denied }

// finalClose tells whether a close code of the peer ends it.
func (r *retry) finalClose(code uint16) bool {
	return r.policy.FinalClose(code) && !r.forgives(reconnect.DeniedClose(code))
}
