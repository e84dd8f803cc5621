// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/deflate"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/requests"
)

// An accepted connection until it is open: its request is read, within limits, and
// answered (RFC 6455 4.2).

// read collects the upgrade request (RFC 6455 4.2.1), at most 16 KiB.
func (h *handshaking) read() {
	c := h.c
	if h.proxied && !h.readProxy() {
		return
	}
	p := c.w.readSpace()
	if c.phase != phaseHead {
		return
	}
	n, errno := c.recv(p)
	if n <= 0 {
		if errno != loop.EAGAIN {
			h.wentAway()
		}
		return
	}
	c.w.reads.fill += n + 1 // as in readFrames: a message may be right behind the request
	all, err := h.in.Add(&c.w.engine.pool, p[:n])
	if err != nil {
		h.noMemory(err)
		return
	}
	h.came(all)
}

// headTime starts the time in which a request has to be complete.
func (h *handshaking) headTime() {
	c := h.c
	timeout := c.server.serving.Load().HeadTimeout
	if h.refusal != nil {
		timeout = refuseTimeout
	}
	if timeout > 0 {
		c.w.loop.After(&c.ends.timer, timeout, c)
	} else {
		c.w.loop.Disarm(&c.ends.timer)
	}
}

// came looks for the end of the head, and then of the body, in all that has come of a request.
func (h *handshaking) came(all []byte) {
	ok := true
	if h.in.HeadSize == 0 {
		if all, ok = h.pastBlank(all); !ok || requests.OnlyBlank(all) {
			return
		}
		if h.idle {
			h.idle = false
			h.headTime()
		}
		end, bad := h.in.FindHead(all, h.c.server.serving.Load().MaxHead)
		switch {
		case bad != nil:
			h.malformed(bad)
			return
		case end > 0 && h.refusal != nil:
			h.refuse(h.refusal)
			return
		case end == 0:
			h.keep(all)
			return
		}
		h.in.Begins(end)
	}
	if h.in.Chunks != nil {
		if all, ok = h.unchunk(all); !ok {
			return
		}
	}
	if len(all) >= h.in.Whole {
		h.requested(all)
	}
}

// pastBlank skips blank lines before a request. False when there are too many; then the
// client was answered.
func (h *handshaking) pastBlank(all []byte) (request []byte, ok bool) {
	request, keeps, bad := h.in.PastBlank(all)
	if bad != nil {
		h.malformed(bad)
		return nil, false
	}
	if keeps {
		if !h.keepRest(request) {
			return nil, false
		}
		request = h.in.Kept
	}
	return request, true
}

// keep keeps what has come of a request until there is more.
func (h *handshaking) keep(all []byte) {
	if err := h.in.Keep(&h.c.w.engine.pool, all); err != nil {
		h.noMemory(err)
	}
}

// keepRest keeps what came behind a request until it is answered; false when there is no
// memory, and then the client was answered.
func (h *handshaking) keepRest(rest []byte) bool {
	err := h.in.KeepRest(&h.c.w.engine.pool, rest)
	if err != nil {
		h.noMemory(err)
	}
	return err == nil
}

func (h *handshaking) noMemory(err error) {
	h.reject(&handshake.Rejection{Status: 503, Text: err.Error()})
}

// malformed answers what is no request, or that it may not come in anyway.
func (h *handshaking) malformed(bad *handshake.Rejection) {
	if r := h.refusal; r != nil {
		h.refuse(r)
		return
	}
	h.reject(bad)
}

// upgrade answers a complete request; rest are the frames right behind it.
func (h *handshaking) upgrade(head, rest []byte) {
	c := h.c
	if h.overRate() {
		return
	}
	req, reply, bad := handshake.Accept(c.w.scratch[:0], head, h.answers)
	c.w.scratch = reply
	if bad != nil {
		h.answer(reply, bad)
		return
	}
	if h.adopted() {
		h.keepRequest(&req, fieldLines(req.Fields))
		h.open(reply, &req, rest)
	}
}

// adopted gets a handle for the connection; false when none is left, and then the
// client was answered.
func (h *handshaking) adopted() bool {
	c := h.c
	if c.block != nil || c.w.engine.host.Adopt(c, c.server.block) {
		return true
	}
	h.reject(&handshake.Rejection{Status: 503, Text: "no handle is left"})
	return false
}

// open sends the 101 and begins the exchange of frames; rest are those right behind
// the request.
func (h *handshaking) open(reply []byte, req *handshake.Request, rest []byte) {
	c := h.c
	ends := c.ends
	c.w.loop.Disarm(&ends.timer)
	h.switches(reply, req)
	d := c.w.detail()
	d.Target, d.Protocol = c.w.text(req.URI), c.w.text(req.Protocol)
	c.w.notice(c.block.Slot, border.EventOpen, 0, d)
	if req.Protocol == "" && req.Offered > 0 {
		c.log(journal.Info, "%s offers %d subprotocols, and the answer has none of them: a browser ends such a connection without a word; config.protocol has those that the server speaks", c.peer.String(), req.Offered)
	}
	if c.w.engine.journal.Wants(journal.Debug) {
		c.log(journal.Debug, "connected from %s", c.peer.String())
	}
	c.feed(rest)
	if h.in.Kept != nil {
		c.w.release = append(c.w.release, h.in.Kept) // rest lies in it
	}
	h.over()
	c.w.ends.keep(ends)
}

// switches is open as far as other threads take part in it.
func (h *handshaking) switches(reply []byte, req *handshake.Request) {
	c := h.c
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if o := c.server.serving.Load().Compression; o != nil && req.Extensions != "" {
		compresses(c, req.Extensions, deflate.Agreed(req.Extensions), o)
	}
	if len(reply) > 0 { // else the host has sent it
		c.emit(s, reply)
	}
	c.opened() // behind the answer: from here on other threads may send
	c.server.sweeps[c.w.index].begin(c)
	c.ends = nil
}

func (h *handshaking) reject(r *handshake.Rejection) { h.answer(r.AppendReply(nil), r) }

// answer is what a request gets that is no fault of a limit.
func (h *handshaking) answer(reply []byte, r *handshake.Rejection) {
	h.c.server.figures.rejects(r)
	h.lastAnswer(reply, r)
}

// lastAnswer is an answer that refuses, and ends the connection.
func (h *handshaking) lastAnswer(reply []byte, r *handshake.Rejection) {
	c := h.c
	c.log(journal.Info, "%s: %v", c.peer.String(), r)
	h.lastWords(h.fitting(reply))
}

// fitting is an answer as the request gets it.
func (h *handshaking) fitting(reply []byte) []byte {
	if h.in.Bodiless {
		return handshake.HeadOf(reply)
	}
	return reply
}

// lastWords sends an HTTP answer and lets the peer read it before the socket is closed.
func (h *handshaking) lastWords(reply []byte) {
	c := h.c
	if c.block != nil {
		h.lastReply(reply)
		return
	}
	h.write(reply)
	h.notifyClose()
	c.sock.ShutdownWrite()
	c.phase.become(phaseLingering)
	c.w.loop.After(&c.ends.timer, lingerTimeout, c)
}

// notifyClose sends close_notify behind an answer to who has no handle.
func (h *handshaking) notifyClose() {
	if s := h.c.tls.Load().lockOut(); s != nil {
		defer s.unlockOut()
		s.conn.CloseWrite()
	}
}

// headTimeout answers a client that did not complete its request in time.
func (h *handshaking) headTimeout() {
	if r := h.refusal; r != nil {
		h.refuse(r)
		return
	}
	if h.proxied {
		h.unproxied("it did not come in time")
		return
	}
	if h.idle {
		h.c.drop() // it had no other request
		return
	}
	h.reject(&handshake.Rejection{Status: 408, Text: "the request was not complete in time"})
}
