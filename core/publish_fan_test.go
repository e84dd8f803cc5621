// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// A published message that is all a connection has to send lies in no queue of its own.
// Whatever follows before the loop has written it comes behind it.
func TestWhatFollowsAPublishedMessageComesBehindIt(t *testing.T) {
	t.Parallel()
	text := func(s string) []byte { return []byte(s) }
	cases := map[string]struct {
		follow func(t *testing.T, s *Server, x *handle)
		want   []string // behind "all"
		ends   bool
	}{
		"nothing": {},
		"another one": {follow: func(t *testing.T, s *Server, x *handle) {
			s.Broadcast(text("two"), ws.OpText, nil)
		}, want: []string{"two"}},
		"a message": {follow: func(t *testing.T, s *Server, x *handle) {
			x.send(ws.OpText, text("two"), nil)
		}, want: []string{"two"}},
		"a long message": {follow: func(t *testing.T, s *Server, x *handle) {
			x.send(ws.OpText, bytes.Repeat(text("x"), 50_000), nil)
		}, want: []string{string(bytes.Repeat(text("x"), 50_000))}},
		"pieces, with one more between them": {follow: func(t *testing.T, s *Server, x *handle) {
			x.conn.SendPart(ws.OpText, text("a"), false, border.Completion{})
			s.Broadcast(text("two"), ws.OpText, nil)
			x.conn.SendPart(ws.OpText, text("b"), true, border.Completion{})
		}, want: []string{"ab", "two"}},
		"a ping": {follow: func(t *testing.T, s *Server, x *handle) {
			x.conn.Ping(nil)
			x.send(ws.OpText, text("two"), nil)
		}, want: []string{"two"}},
		"a question for figures": {follow: func(t *testing.T, s *Server, x *handle) {
			x.conn.Stats()
			x.conn.output()
			s.Broadcast(text("two"), ws.OpText, nil)
		}, want: []string{"two"}},
		"a look after memory": {follow: func(t *testing.T, s *Server, x *handle) {
			x.conn.w.listAll()
		}},
		"a close":   {follow: func(t *testing.T, s *Server, x *handle) { x.close(1000, "", nil) }, ends: true},
		"a destroy": {follow: func(t *testing.T, s *Server, x *handle) { x.destroy() }, ends: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gather(t, 2, config.Library{}, config.ConnOptions{}, false, nil)
			s, x := g.server.server, g.xs[0]
			x.onLoop(func() {
				if n, err := s.Broadcast(text("all"), ws.OpText, nil); n != 2 || err != nil {
					t.Errorf("Broadcast: %d, %v", n, err)
				}
				if q := x.conn.tx; q == nil || !q.common || q != g.xs[1].conn.tx {
					t.Error("each has a queue of its own")
				}
				if c.follow != nil {
					c.follow(t, s, x)
				}
			})
			if name != "a destroy" {
				g.peers[0].expect(t, "all")
			}
			for _, want := range c.want {
				g.peers[0].expect(t, want)
			}
			if c.ends {
				for f, err := g.peers[0].read(); err == nil && f.Header.OpCode != ws.OpClose; {
					f, err = g.peers[0].read()
				}
				g.peers[0].Close()
			}
			g.peers[1].expect(t, "all")
			if c.ends {
				return
			}
			x.onLoop(func() { // nothing is left of it, and the next one is as the first was
				if x.conn.tx != nil || x.block.Buffered() != 0 || x.block.Load()&border.OutQueued != 0 {
					t.Errorf("a queue %v and %d bytes are left", x.conn.tx, x.block.Buffered())
				}
			})
			s.Broadcast(text("again"), ws.OpText, nil)
			g.peers[0].expect(t, "again")
		})
	}
}

// A completion behind a published message comes when the kernel has both.
func TestCompletionBehindAPublishedMessageComes(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	done := newMailbox[event]()
	g.xs[0].onLoop(func() {
		g.server.server.Broadcast([]byte("all"), ws.OpText, nil)
		if err := g.xs[0].send(ws.OpText, []byte("two"), done.put); err != nil {
			t.Error(err)
		}
	})
	if e := done.take(t, "completion"); e.id != 0 || e.operation != border.OpSend {
		t.Errorf("completion: %+v", e)
	}
	g.peers[0].expect(t, "all")
	g.peers[0].expect(t, "two")
}

// What is refused while a published message waits is followed by a drain event.
func TestRefusalBehindAPublishedMessageIsFollowedByADrain(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{MaxBuffered: 10_000}, false, nil)
	g.xs[0].onLoop(func() {
		g.server.server.Broadcast([]byte("all"), ws.OpText, nil)
		if err := g.xs[0].send(ws.OpBinary, make([]byte, 9_998), nil); err != errFull {
			t.Errorf("send: %v", err)
		}
	})
	g.r.next(t, border.EventDrain)
	g.peers[0].expect(t, "all")
}

// The kernel takes a part of a published message, and the rest when it has room.
func TestPublishedMessagesWaitForRoomInTheKernel(t *testing.T) {
	t.Parallel()
	const size = 15_000
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	x, n := g.xs[0], uint32(0)
	for x.block.Buffered() == 0 {
		if took, err := g.server.server.Broadcast(stamped(1, n, size), ws.OpBinary, nil); took != 1 || err != nil {
			t.Fatalf("Broadcast: %d, %v", took, err)
		}
		n++
		x.onLoop(func() {})
	}
	for i := range n {
		if got, _, err := g.peers[0].message(); err != nil || !bytes.Equal(got, stamped(1, i, size)) {
			t.Fatalf("message %d is %d others, %v", i, len(got), err)
		}
	}
}
