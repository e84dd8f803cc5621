// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
)

// A request that the host wants to hear of gives the connection its handle before it
// is open: border.EventUpgrade or border.EventRequest is told, and the connection is not read until
// the host has answered, by Accept or Respond, in this event or later, or its time is
// over. A connection that never opens ends with border.EventDestroyed alone.

// asking is a request that the host decides about.
type asking struct {
	handshake.Request        // without its fields: many short ones take ten times what came
	header            string // these, see fieldLines
	waits             bool   // for the answer; guarded by Conn.mu
}

// errUnanswered is what ws_close says while the host has to answer.
var errUnanswered = fault.Refused(fault.IDState, "handle: the connection is not open yet; answer its request by ws_accept or ws_respond")

// unanswered tells whether the connection has a handle but is not open yet, because
// its requests are the host's to answer. c.mu is held.
func (c *Conn) unanswered() bool {
	return c.server != nil && c.block != nil && c.block.State() == border.StateConnecting
}

// requested acts on a request whose head is complete; all is what has come so far.
func (c *Conn) requested(all []byte) {
	e, serving := c.end, c.server.serving.Load()
	head := all[:e.headSize]
	if !c.named(head) {
		return
	}
	upgrades, requests := c.server.block.Hears()
	if !upgrades && !requests {
		c.upgrade(head, all[len(head):])
		return
	}
	req, reply, bad := handshake.Parse(c.w.scratch[:0], head, &serving.Handshake, requests)
	if bad != nil {
		c.w.scratch = reply
		c.answer(reply, bad)
		return
	}
	if req.Upgrade && !upgrades || !req.Upgrade && !requests {
		c.upgrade(head, all[len(head):]) // the usual answer
		return
	}
	if req.Upgrade && c.overRate() {
		return
	}
	if req.Body > serving.MaxBody {
		c.reject(&handshake.Rejection{Status: 413, Text: "the body is too large"})
		return
	}
	begins := e.whole == 0
	if begins {
		e.whole = len(head) + int(req.Body) // fits: maxBody is 16 MiB at the most
	}
	if pool := &c.w.engine.pool; pool.Tight() || !pool.Room(e.whole) { // what is left is for answers
		c.reject(&handshake.Rejection{Status: 503, Text: loop.ErrBudget.Error()})
		return
	}
	whole := len(all) >= e.whole
	if begins && req.Chunked {
		e.chunks = handshake.NewChunks(serving.MaxBody, serving.MaxHead)
		all, whole = c.unchunk(all)
	}
	if whole {
		c.ask(req, all[len(head):e.whole], all[e.whole:])
		return
	}
	if c.phase == phaseHead {
		c.keepHead(all)
	}
	if req.Waits && c.phase == phaseHead {
		c.write([]byte(handshake.Continue))
	}
}

// unchunk takes the coding off what came of a body in chunks, behind the e.whole bytes
// that have lost theirs already. True when the body has ended: then all is the head, the body up to
// e.whole, and what came behind it. Else more is needed, or the client was told what is wrong.
func (c *Conn) unchunk(all []byte) (decoded []byte, ended bool) {
	e := c.end
	coded := all[e.whole:]
	n, used, bad := e.chunks.Decode(coded)
	if bad != nil {
		c.reject(bad)
		return nil, false
	}
	all = all[:e.whole+n+copy(coded[n:], coded[used:])]
	e.whole += n
	if e.head != nil {
		e.head = all
	}
	return all, e.chunks.Over()
}

// ask lets the host decide about a request; rest is what came behind it.
func (c *Conn) ask(req handshake.Request, body, rest []byte) {
	if !c.adopted() {
		return
	}
	w, e := c.w, c.end
	d := w.detail()
	d.Method, d.Target = w.text(req.Method), w.text(req.URI)
	event := border.EventRequest
	if req.Upgrade {
		event = border.EventUpgrade
		d.Protocol = w.text(strings.Join(req.Protocols, ", "))
	} else if len(body) > 0 {
		if b := w.alloc(len(body) + 1); b != nil {
			d.Body, d.BodySize = border.Address(b), uint64(copy(b, body))
			b[len(body)] = 0
		}
	}
	if !c.keepRest(rest) {
		return
	}
	a := &asking{Request: req, header: fieldLines(req.Fields), waits: true}
	a.Fields = nil
	c.setAsk(a)
	c.phase = phaseAsked
	c.setPaused(pausedByRequest, true)
	if decision := c.server.serving.Load().Decision; decision > 0 {
		w.loop.After(&e.timer, decision, c)
	} else {
		w.loop.Disarm(&e.timer)
	}
	w.tell(c.block.Slot, event, 0, d, headerBlock(req.Fields))
}

// keepRest keeps what came behind a request until it is answered.
func (c *Conn) keepRest(rest []byte) bool {
	e, pool := c.end, &c.w.engine.pool
	switch {
	case len(rest) == 0:
		pool.Put(e.head)
		e.head = nil
	case e.head != nil: // rest lies in it
		e.head = e.head[:copy(e.head, rest)]
	default:
		c.keepHead(rest)
	}
	return c.phase == phaseHead
}

// decisionTimeout answers for a host that did not, or ends a connection whose client
// does not read its answer.
func (c *Conn) decisionTimeout() {
	switch c.reply() {
	case missing:
		c.answerFor("there was no decision in time")
	case sent:
		c.drop()
	}
}

// goUnanswered ends a connection because of a stop of its server: with 503 when its
// request has no answer yet, else behind the answer that is on its way.
func (c *Conn) goUnanswered(o config.CloseOptions) {
	switch c.reply() {
	case missing:
		c.answerFor("the server is going away")
	case given:
		c.goAway(o) // again, behind it
	case sent:
		c.lastReply(nil)
	}
}

// replyState is how far the answer to a request is.
type replyState uint8

const (
	missing replyState = iota
	given              // and posted to the loop, which does it next
	sent
)

// reply takes the decision from a host that has not made it yet.
func (c *Conn) reply() replyState {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch a := c.end.ask; {
	case a == nil:
		return sent
	case !a.waits:
		return given
	}
	c.end.ask, c.end.late = nil, true
	return missing
}

func (c *Conn) answerFor(text string) { c.reject(&handshake.Rejection{Status: 503, Text: text}) }

// write sends bytes of HTTP.
func (c *Conn) write(p []byte) {
	if c.block == nil {
		if s := c.lockOut(); s != nil {
			defer s.unlockOut()
			s.conn.Write(p)
			return
		}
		c.sock.Write(p) // it fits the empty send buffer, or the peer is gone
		return
	}
	s := c.lockBoth()
	defer c.unlockBoth(s)
	c.emit(s, p)
}

// setAsk changes the request that the host decides about.
func (c *Conn) setAsk(a *asking) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end.ask = a
}

// lastReply sends an answer that ends a connection with a handle.
func (c *Conn) lastReply(reply []byte) {
	if len(reply) > 0 {
		c.write(reply)
	}
	held := take(&c.mu)
	defer held.end()
	c.end.ask = nil
	c.end.patience = replyTimeout
	held.end()
	c.setPaused(pausedByRequest, false)
	c.startDraining()
}

// stillAnswers tells whether a client that has ended its half of the stream, as it may
// behind a request (RFC 9112 9.6), still gets its answer; then nothing more is read.
func (c *Conn) stillAnswers() bool {
	held := take(&c.mu)
	defer held.end()
	still := c.unanswered() && c.tx != nil && !c.tx.empty()
	held.end()
	if still {
		c.end.half = true
		c.setPaused(pausedByRequest, true)
	}
	return still
}

// answerLost tells whether an answer is leaving to a client that has hung up. The
// connection is not read then, so reading would not tell.
func (c *Conn) answerLost() bool {
	switch c.phase {
	case phaseAsked:
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.end.ask == nil
	case phaseDraining:
		return c.end.half
	}
	return false
}

// replyLeft goes on when an answer that keeps the connection alive has left.
func (c *Conn) replyLeft() {
	if c.phase != phaseAsked {
		return
	}
	held := take(&c.mu)
	defer held.end()
	e := c.end
	wait := e.ask != nil || c.tx != nil && !c.tx.empty()
	held.end()
	if wait {
		return
	}
	e.headSize, e.searched, e.whole, e.blank, e.chunks, e.bodiless = 0, 0, 0, 0, nil, false
	c.phase = phaseHead
	if _, ok := c.pastBlank(e.head); !ok {
		return
	}
	e.idle = onlyBlank(e.head)
	if e.idle && e.awaited { // the server has stopped listening since the answer was given
		c.drop()
		return
	}
	if e.idle {
		c.w.loop.After(&e.timer, c.server.serving.Load().KeepAlive, c)
	} else {
		c.headTime()
	}
	c.setPaused(pausedByRequest, false)
	if !e.idle {
		c.headCame(e.head)
	}
}

// keptRequest is what is remembered of an upgrade request. It never changes.
type keptRequest struct {
	target, protocol, header string
}

// keepRequest remembers what may be asked for later; for most connections nothing.
func (c *Conn) keepRequest(req *handshake.Request, header string) {
	if req.Protocol == "" && !c.options().KeepRequest {
		return
	}
	k := &keptRequest{protocol: req.Protocol}
	if c.options().KeepRequest {
		k.target, k.header = strings.Clone(req.URI), header
	}
	c.needRare().request.Store(k)
}

// request is what can be told about the request of an accepted connection: the one
// that waits for its answer, or what was kept. c.mu is held.
func (c *Conn) request() keptRequest {
	if c.end != nil && c.end.ask != nil {
		a := c.end.ask
		return keptRequest{a.URI, "", a.header}
	}
	if r := c.rare.Load(); r != nil {
		if k := r.request.Load(); k != nil {
			return *k
		}
	}
	return keptRequest{}
}

// fieldLines writes fields as they are in a head, a line each.
func fieldLines(fields []handshake.Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}
