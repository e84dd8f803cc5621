// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/handshake"
)

// early phases are those of a connection of which nobody has heard, or that is not open.
type earlyPhase struct {
	phase  phase
	secure bool
	says   string
	asks   bool // the host answers requests
	answer bool // and has, so that an answer is on its way
}

const getRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

var earlyPhases = map[string]earlyPhase{
	"securing":                {phase: phaseSecuring, secure: true},
	"in a ClientHello":        {phase: phaseSecuring, secure: true, says: "\x16\x03\x01\x01"},
	"before the head":         {phase: phaseHead},
	"in the head":             {phase: phaseHead, says: "GET / HTTP/1.1\r\nHo"},
	"in the body":             {phase: phaseHead, says: "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc", asks: true},
	"asked about a request":   {phase: phaseAsked, says: getRequest, asks: true},
	"asked about an upgrade":  {phase: phaseAsked, says: request, asks: true},
	"waiting for the next":    {phase: phaseHead, says: getRequest, asks: true, answer: true},
	"refused, not yet closed": {phase: phaseLingering, says: "GARBAGE\r\n\r\n"},
}

// waysToEnd a connection, or its server. They are called on its loop.
var waysToEnd = map[string]func(t *testing.T, server *handle, c *Conn){
	"stop": func(t *testing.T, server *handle, c *Conn) {
		must2(t, server.stopServerWith(config.CloseOptions{Code: 1001, Timeout: 100 * time.Millisecond}, func(event) {}))
	},
	"stop listening, then stop": func(t *testing.T, server *handle, c *Conn) {
		done := server.host.completion(func(event) {})
		must2(t, server.server.StopListening(done))
		must2(t, server.stopServerWith(config.CloseOptions{Code: 1001, Timeout: 100 * time.Millisecond}, func(event) {}))
	},
	"destroy of the server": func(t *testing.T, server *handle, c *Conn) { server.destroy() },
	"destroy": func(t *testing.T, server *handle, c *Conn) {
		if c.block != nil {
			c.block.Kill()
			c.Destroy()
		} else {
			c.w.loop.Post(func() { c.meets(onDestroy, &occasion{why: errDestroyed}) })
		}
	},
	"abort": func(t *testing.T, server *handle, c *Conn) {
		if c.block != nil {
			must2(t, c.Abort())
		} else {
			c.w.loop.Post(func() { c.meets(onDestroy, &occasion{why: errAborted}) })
		}
	},
	"close": func(t *testing.T, server *handle, c *Conn) {
		if err := c.CloseWith(config.CloseOptions{Code: 1000}, border.Completion{}); err == nil {
			t.Error("a connection that is not open was closed")
		}
		c.comes(onStop, &occasion{how: config.CloseOptions{Code: 1001, Timeout: time.Second}})
	},
	"stop that has listed it": func(t *testing.T, server *handle, c *Conn) {
		c.comes(onStop, &occasion{how: config.CloseOptions{Code: 1001, Timeout: time.Second}})
	},
	"deadline": func(t *testing.T, server *handle, c *Conn) { c.w.loop.Post(func() { c.Expired(nil) }) },
	"limits": func(t *testing.T, server *handle, c *Conn) {
		c.w.loop.Post(func() { c.meets(onShort, &occasion{err: errRelieved}) })
		c.w.listAll()
		server.server.cut(errRelieved)
	},
	"lost": func(t *testing.T, server *handle, c *Conn) { c.w.loop.Post(func() { c.lost(errLost) }) },
	"a panic": func(t *testing.T, server *handle, c *Conn) {
		server.host.panics.Store(true)
		c.w.loop.Post(func() {
			c.w.current = c
			panic("on purpose")
		})
	},
}

// Every way to end ends a connection in every phase before it is open, also when it has
// gone before its loop comes to it.
func TestEveryEndMeetsEveryPhaseBeforeOpen(t *testing.T) {
	t.Parallel()
	for name, p := range earlyPhases {
		for way, end := range waysToEnd {
			for _, gone := range []bool{false, true} {
				title := name + ", " + way
				if gone {
					title += ", and it has gone"
				}
				t.Run(title, func(t *testing.T) {
					t.Parallel()
					p.meets(t, end, gone)
				})
			}
		}
	}
}

func (p earlyPhase) meets(t *testing.T, end func(*testing.T, *handle, *Conn), gone bool) {
	h := start(t, config.Library{})
	server, port := p.server(h)
	raw := rawTo(t, port)
	_, err := raw.Write([]byte(p.says))
	must(t, err)
	c := p.waits(t, server.server)
	done := make(chan struct{})
	c.w.loop.Post(func() {
		defer close(done)
		if c.phase != p.phase {
			t.Errorf("it is in phase %d, not %d", c.phase, p.phase)
		}
		c.w.current = c
		end(t, server, c)
		if gone {
			c.drop()
		}
	})
	<-done
	must(t, raw.end())
}

func (p earlyPhase) server(h *testHost) (server *handle, port int) {
	answer := func(_ *dispatcher, x *handle, e event) {
		if p.answer && e.kind == border.EventRequest {
			if err := x.conn.Respond(handshake.Reply{Status: 204}); err != nil {
				h.t.Error(err)
			}
		}
	}
	switch {
	case p.secure:
		return h.secureServer(config.ConnOptions{}, certs().good, answer)
	case p.asks:
		return h.asking(config.ListenOptions{}, answer)
	}
	return h.listening(config.ConnOptions{}, answer)
}

// waits gives the connection when it has come so far.
func (p earlyPhase) waits(t *testing.T, s *Server) *Conn {
	t.Helper()
	late := time.Now().Add(deadline)
	for time.Now().Before(late) {
		for _, c := range s.list() {
			there := make(chan bool, 1)
			c.w.loop.Post(func() { there <- c.phase == p.phase && p.hasRead(c) })
			if <-there {
				return c
			}
		}
	}
	t.Fatal("no connection has come so far")
	return nil
}

// hasRead tells whether the loop has seen what the peer said.
func (p earlyPhase) hasRead(c *Conn) bool {
	switch {
	case p.phase != phaseHead:
		return true
	case p.answer:
		return c.ends.begin.idle
	}
	return p.says == "" || len(c.ends.begin.in.Kept) > 0 && strings.HasPrefix(p.says, string(c.ends.begin.in.Kept))
}
