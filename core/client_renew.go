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
	"libws/core/reconnect"
)

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
	if c.client().retry != r || !r.asked || r.plan != plan {
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
	r := c.client().retry
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
	if c.destroyed || c.client().retry != r {
		return
	}
	c.w.loop.Disarm(&r.timer)
	c.client().begin(r.plan, r.done)
}

// unanswered is a try that fails because the host has said nothing in time. Going on with what it
// had would do what it wanted to prevent. The loop's.
func (r *retry) unanswered() {
	c := r.c
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	if c.client().retry != r || !r.asked {
		return
	}
	r.asked = false
	c.client().failed(&locked, r.done, &fault.Error{ID: fault.IDTimeout, Stage: dial.StageTimeout,
		Text: fmt.Sprintf("connecting again: answer_timeout_ms of %d ms is over, and nobody has answered WS_EVENT_BEFORE_RECONNECT by ws_reconnect_with", r.policy.Answer/time.Millisecond)})
}

// forgives tells whether another try follows one that was denied: the host may have other
// credentials for it. When two in a row were denied, others will be, too.
func (r *retry) forgives(denied bool) bool { return denied && r.policy.Ask && !r.denied }

// finalClose tells whether a close code of the peer ends it.
func (r *retry) finalClose(code uint16) bool {
	return r.policy.FinalClose(code) && !r.forgives(reconnect.DeniedClose(code))
}
