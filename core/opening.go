// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"

	"libws/core/border"
	"libws/core/deflate"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

// An accepted connection until it is open: its request is read, within limits, and
// answered (RFC 6455 4.2).

// readHead collects the upgrade request (RFC 6455 4.2.1), at most 16 KiB.
func (c *Conn) readHead() {
	if c.end.proxied && !c.readProxy() {
		return
	}
	p := c.w.room()
	if c.phase != phaseHead {
		return
	}
	n, errno := c.recv(p)
	if n <= 0 {
		if errno != loop.EAGAIN {
			c.wentAway()
		}
		return
	}
	head, e := p[:n], c.end
	c.w.fill += n + 1 // as in readFrames: a message may be right behind the request
	if e.head != nil {
		bigger, err := c.w.engine.pool.Grow(e.head, len(e.head)+n)
		if err != nil {
			c.reject(&handshake.Rejection{Status: 503, Text: err.Error()})
			return
		}
		e.head = append(bigger, head...)
		head = e.head
	}
	c.headCame(head)
}

// headTime starts the time in which a request has to be complete.
func (c *Conn) headTime() {
	timeout := c.server.serving.Load().HeadTimeout
	if c.end.refusal != nil {
		timeout = refuseTimeout
	}
	if timeout > 0 {
		c.w.loop.After(&c.end.timer, timeout, c)
	} else {
		c.w.loop.Disarm(&c.end.timer)
	}
}

// headCame looks for the end of the head, and then of the body, in all that has come of
// a request.
func (c *Conn) headCame(all []byte) {
	e, ok := c.end, true
	if e.headSize == 0 {
		if all, ok = c.pastBlank(all); !ok || onlyBlank(all) {
			return
		}
		if e.idle {
			e.idle = false
			c.headTime()
		}
		end, bad := handshake.FindHead(all, e.searched, c.server.serving.Load().MaxHead)
		switch {
		case bad != nil:
			c.malformed(bad)
			return
		case end > 0 && e.refusal != nil:
			c.refuse(e.refusal)
			return
		case end == 0:
			e.searched = len(all)
			c.keepHead(all)
			return
		}
		e.headSize, e.bodiless = end, bytes.HasPrefix(all, []byte("HEAD "))
	}
	if e.chunks != nil {
		if all, ok = c.unchunk(all); !ok {
			return
		}
	}
	if len(all) >= e.whole {
		c.requested(all)
	}
}

// pastBlank skips blank lines before a request. False when there are too many; then the
// client was told.
func (c *Conn) pastBlank(all []byte) (request []byte, ok bool) {
	e := c.end
	n := handshake.BlankLines(all)
	if e.blank += n / len("\r\n"); e.blank > handshake.MaxBlankLines {
		c.malformed(&handshake.Rejection{Status: 400, Text: "blank lines came where a request should be"})
		return nil, false
	}
	request = all[n:]
	if n > 0 || onlyBlank(request) {
		if !c.keepRest(request) {
			return nil, false
		}
		request = e.head
	}
	return request, true
}

// onlyBlank tells whether no byte of a request has come: a CR may be half of a blank line.
func onlyBlank(b []byte) bool { return len(b) == 0 || len(b) == 1 && b[0] == '\r' }

// malformed answers what is no request, or that it may not come in anyway.
func (c *Conn) malformed(bad *handshake.Rejection) {
	if r := c.end.refusal; r != nil {
		c.refuse(r)
		return
	}
	c.reject(bad)
}

// keepHead keeps what has come of a request until there is more.
func (c *Conn) keepHead(all []byte) {
	e := c.end
	if e.head != nil {
		return // all is that
	}
	kept, err := c.w.engine.pool.Get(len(all))
	if err != nil {
		c.reject(&handshake.Rejection{Status: 503, Text: err.Error()})
		return
	}
	e.head = append(kept, all...)
}

// upgrade answers a complete request; rest are the frames right behind it.
func (c *Conn) upgrade(head, rest []byte) {
	if c.overRate() {
		return
	}
	req, reply, bad := handshake.Accept(c.w.scratch[:0], head, &c.server.serving.Load().Handshake)
	c.w.scratch = reply
	if bad != nil {
		c.answer(reply, bad)
		return
	}
	if c.adopted() {
		c.keepRequest(&req, fieldLines(req.Fields))
		c.open(reply, &req, rest)
	}
}

// adopted gets a handle for the connection; false when none is left, and then the
// client was told.
func (c *Conn) adopted() bool {
	if c.block != nil || c.w.engine.host.Adopt(c, c.server.block) {
		return true
	}
	c.reject(&handshake.Rejection{Status: 503, Text: "no handle is left"})
	return false
}

// open sends the 101 and begins the exchange of frames; rest are those right behind
// the request.
func (c *Conn) open(reply []byte, req *handshake.Request, rest []byte) {
	e := c.end
	c.w.loop.Disarm(&e.timer)
	c.switches(reply, req)
	d := c.w.detail()
	d.Target, d.Protocol = c.w.text(req.URI), c.w.text(req.Protocol)
	c.w.notice(c.block.Slot, border.EventOpen, 0, d)
	c.feed(rest)
	if e.head != nil {
		c.w.release = append(c.w.release, e.head) // rest lies in it
	}
	c.handshakeOver(e)
	c.w.endings.keep(e)
}

// switches is open as far as other threads take part in it.
func (c *Conn) switches(reply []byte, req *handshake.Request) {
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if o := c.server.serving.Load().Compression; o != nil && req.Extensions != "" {
		c.compresses(req.Extensions, deflate.Agreed(req.Extensions), o)
	}
	c.emit(s, reply)
	c.opened() // behind the answer: from here on other threads may send
	c.server.sweeps[c.w.index].begin(c)
	c.end = nil
}

// Bind gives an accepted connection its block, before the host makes the handle
// known. Only from Host.Adopt.
func (c *Conn) Bind(block *border.Block) {
	block.Prepare(c.w.index, c.options().MaxBuffered)
	block.SetState(border.StateConnecting)
	if c.options().Pings {
		block.HearPings()
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.block = block
}

func (c *Conn) reject(r *handshake.Rejection) { c.answer(r.AppendReply(nil), r) }

// answer is what a request gets that is no fault of a limit.
func (c *Conn) answer(reply []byte, r *handshake.Rejection) {
	c.server.figures.rejects(r)
	c.lastAnswer(reply, r)
}

// lastAnswer sends an HTTP answer and lets the peer read it before the socket is closed.
func (c *Conn) lastAnswer(reply []byte, r *handshake.Rejection) {
	c.w.engine.log(journal.Info, "%s: %v", c.peer.addr(), r)
	if c.end.bodiless { // RFC 9110 9.3.2
		head, _, _ := bytes.Cut(reply, []byte("\r\n\r\n"))
		reply = reply[:len(head)+len("\r\n\r\n")]
	}
	if c.block != nil {
		c.lastReply(reply)
		return
	}
	c.write(reply)
	c.notifyClose()
	c.sock.ShutdownWrite()
	c.phase = phaseDraining
	c.w.loop.After(&c.end.timer, drainTimeout, c)
}

// notifyClose sends close_notify behind an answer to who has no handle.
func (c *Conn) notifyClose() {
	if s := c.lockOut(); s != nil {
		defer s.unlockOut()
		s.conn.CloseWrite()
	}
}

// headTimeout answers a client that did not complete its request in time.
func (c *Conn) headTimeout() {
	if r := c.end.refusal; r != nil {
		c.refuse(r)
		return
	}
	if c.end.proxied {
		c.unproxied("it did not come in time")
		return
	}
	if c.end.idle {
		c.drop() // it had no other request
		return
	}
	c.reject(&handshake.Rejection{Status: 408, Text: "the request was not complete in time"})
}

var errNotOpened = &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageUpgrade, Text: "the connection ended before it was open"}

// drop closes a connection that never was open. Nobody has heard of it, unless it has
// a handle because of a request.
func (c *Conn) drop() {
	if c.phase >= phaseGone {
		return
	}
	if c.block != nil {
		c.finish(errNotOpened, 0)
		return
	}
	c.phase = phaseGone
	held := take(&c.mu)
	defer held.end()
	e := c.end
	c.end = nil
	c.forgetTLS()
	c.sock.Close()
	held.end()
	if e.cancel != nil {
		e.cancel()
	}
	c.w.loop.Disarm(&e.timer)
	c.w.engine.pool.Put(e.head)
	c.left(e)
	c.handshakeOver(e)
	c.w.endings.keep(e)
	c.server.remove(c)
	c.server.settle()
}
