// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
	"libws/core/requests"
)

// A request that the host wants gives the connection its handle before it
// is open: border.EventUpgrade or border.EventRequest is recorded, and the connection is not read until
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

// requested acts on a request whose head is complete; all is what has come so far.
func (h *handshaking) requested(all []byte) {
	c := h.c
	serving := c.server.serving.Load()
	head := all[:h.in.HeadSize]
	if !h.named(head) || h.healthy(head) {
		return
	}
	upgrades, requests := c.server.block.WantsRequests()
	if !upgrades && !requests {
		h.upgrade(head, all[len(head):])
		return
	}
	req, reply, bad := handshake.Parse(c.w.scratch[:0], head, h.answers, requests)
	if bad != nil {
		c.w.scratch = reply
		h.answer(reply, bad)
		return
	}
	if req.Upgrade && !upgrades || !req.Upgrade && !requests {
		h.upgrade(head, all[len(head):]) // the usual answer
		return
	}
	if req.Upgrade && h.overRate() {
		return
	}
	if req.Body > serving.MaxBody {
		h.reject(&handshake.Rejection{Status: 413, Text: "the body is too large"})
		return
	}
	begins := h.in.Whole == 0
	if begins {
		h.in.Whole = len(head) + int(req.Body) // fits: maxBody is 16 MiB at the most
	}
	if pool := &c.w.engine.pool; pool.Tight() || !pool.Fits(h.in.Whole) { // what is left is for answers
		h.reject(&handshake.Rejection{Status: 503, Text: loop.ErrBudget.Error()})
		return
	}
	whole := len(all) >= h.in.Whole
	if begins && req.Chunked {
		h.in.Chunks = handshake.NewChunks(serving.MaxBody, serving.MaxHead)
		all, whole = h.unchunk(all)
	}
	if whole {
		h.asks(req, all[len(head):h.in.Whole], all[h.in.Whole:])
		return
	}
	if c.phase == phaseHead {
		h.keep(all)
	}
	if req.Waits && c.phase == phaseHead {
		h.write([]byte(handshake.Continue))
	}
}

// healthy answers a health check; false: it is none.
func (h *handshaking) healthy(head []byte) bool {
	path := h.c.server.serving.Load().Health
	if path == "" {
		return false
	}
	reply, is := handshake.AppendHealth(h.c.w.scratch[:0], head, path)
	if is {
		h.c.w.scratch = reply
		h.lastWords(reply)
	}
	return is
}

// unchunk is requestBytes.unchunk; not ended as well when the client was answered what is wrong.
func (h *handshaking) unchunk(all []byte) (decoded []byte, ended bool) {
	decoded, ended, bad := h.in.Unchunk(all)
	if bad != nil {
		h.reject(bad)
	}
	return decoded, ended
}

// asks lets the host decide about a request; rest is what came behind it.
func (h *handshaking) asks(req handshake.Request, body, rest []byte) {
	if !h.adopted() {
		return
	}
	c := h.c
	w := c.w
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
	if !h.keepRest(rest) {
		return
	}
	a := &asking{Request: req, header: fieldLines(req.Fields), waits: true}
	a.Fields = nil
	h.setAsk(a)
	c.phase.become(phaseAsked)
	c.setPaused(pausedByRequest, true)
	if decision := c.server.serving.Load().Decision; decision > 0 {
		w.loop.After(&c.ends.timer, decision, c)
	} else {
		w.loop.Disarm(&c.ends.timer)
	}
	w.tell(c.block.Slot, event, 0, d, handshake.Block(req.Fields))
}

// decisionTimeout answers for a host that did not, or ends a connection whose client
// does not read its answer.
func (h *handshaking) decisionTimeout() {
	switch h.reply() {
	case missing:
		h.answerFor("there was no decision in time")
	case sent:
		h.c.drop()
	}
}

// goUnanswered ends a connection because of a stop of its server: with 503 when its
// request has no answer yet, else behind the answer that is on its way.
func (h *handshaking) goUnanswered(o config.CloseOptions) {
	switch h.reply() {
	case missing:
		h.answerFor("the server is going away")
	case given:
		h.c.comes(onStop, &occasion{how: o}) // again, behind it
	case sent:
		h.lastReply(nil)
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
func (h *handshaking) reply() replyState {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	switch a := h.ask; {
	case a == nil:
		return sent
	case !a.waits:
		return given
	}
	h.ask, h.late = nil, true
	return missing
}

func (h *handshaking) answerFor(text string) { h.reject(&handshake.Rejection{Status: 503, Text: text}) }

// write sends bytes of HTTP.
func (h *handshaking) write(p []byte) {
	c := h.c
	if c.block == nil {
		if s := c.tls.Load().lockOut(); s != nil {
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
func (h *handshaking) setAsk(a *asking) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.ask = a
}

// lastReply sends an answer that ends a connection with a handle.
func (h *handshaking) lastReply(reply []byte) {
	c := h.c
	if len(reply) > 0 {
		h.write(reply)
	}
	locked := take(&c.mu)
	defer locked.end()
	h.ask = nil
	c.ends.close.patience = replyTimeout
	locked.end()
	c.setPaused(pausedByRequest, false)
	c.startLingering()
}

// stillAnswers tells whether a client that has ended its half of the stream, as it may
// behind a request (RFC 9112 9.6), still gets its answer; then nothing more is read.
func (h *handshaking) stillAnswers() bool {
	c := h.c
	locked := take(&c.mu)
	defer locked.end()
	still := c.unanswered() && c.tx != nil && !c.tx.empty()
	locked.end()
	if still {
		c.ends.close.half = true
		c.setPaused(pausedByRequest, true)
	}
	return still
}

// answerLost tells whether an answer is leaving to a client that has hung up. The
// connection is not read then, so reading would not tell.
func (h *handshaking) answerLost() bool {
	c := h.c
	switch c.phase {
	case phaseAsked:
		c.mu.Lock()
		defer c.mu.Unlock()
		return h.ask == nil
	case phaseLingering:
		return c.ends.close.half
	}
	return false
}

// replyLeft goes on when an answer that keeps the connection alive has left.
func (h *handshaking) replyLeft() {
	c := h.c
	locked := take(&c.mu)
	defer locked.end()
	wait := h.ask != nil || c.tx != nil && !c.tx.empty()
	locked.end()
	if wait {
		return
	}
	h.in.Next()
	c.phase.become(phaseHead)
	if _, ok := h.pastBlank(h.in.Kept); !ok {
		return
	}
	h.idle = requests.OnlyBlank(h.in.Kept)
	if h.idle && h.awaited { // the server has stopped listening since the answer was given
		c.drop()
		return
	}
	if h.idle {
		c.w.loop.After(&c.ends.timer, c.server.serving.Load().KeepAlive, c)
	} else {
		h.headTime()
	}
	c.setPaused(pausedByRequest, false)
	if !h.idle {
		h.came(h.in.Kept)
	}
}

// keptRequest is what is remembered of an upgrade request. It never changes.
type keptRequest struct {
	target, protocol, header string
}

// keepRequest remembers what may be asked for later; for most connections nothing.
func (h *handshaking) keepRequest(req *handshake.Request, header string) {
	c := h.c
	if req.Protocol == "" && !c.options().KeepRequest {
		return
	}
	k := &keptRequest{protocol: req.Protocol}
	if c.options().KeepRequest {
		k.target, k.header = strings.Clone(req.URI), header
	}
	c.rare.need().request.Store(k)
}

// requestInfo is what is known of the request of an accepted connection: the one that waits for
// its answer, or what was kept. e and r are its ends and rare; Conn.mu is held.
func (e *ends) requestInfo(r *rare) keptRequest {
	if e != nil && e.begin.ask != nil {
		a := e.begin.ask
		return keptRequest{a.URI, "", a.header}
	}
	if r != nil {
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
