// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/lock"
)

// audience is a server with connected foreign clients; xs[i] belongs to peers[i].
type audience struct {
	h      *testHost
	server *handle
	r      recorder
	xs     []*handle
	peers  []*peer
}

func gather(t testing.TB, n int, c config.Library, o config.ConnOptions, secure bool, on callback) *audience {
	t.Helper()
	g := &audience{h: start(t, c), r: newRecorder()}
	hear := func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage && on != nil {
			on(d, x, e)
		} else {
			g.r.put(received{x, e})
		}
	}
	var port int
	if secure {
		g.server, port = g.h.secureServer(o, certs().good, hear)
	} else {
		g.server, port = g.h.listening(o, hear)
	}
	for range n {
		var p *peer
		if secure {
			p, _ = joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
		} else {
			p = join(t, port)
		}
		g.peers = append(g.peers, p)
		g.xs = append(g.xs, g.r.next(t, border.EventOpen).x)
	}
	return g
}

func (g *audience) publish(t *testing.T, topic, text string, except *handle, want int) {
	t.Helper()
	var left *Conn
	if except != nil {
		left = except.conn
	}
	n, err := g.server.server.Publish([]byte(topic), []byte(text), ws.OpText, left)
	if err != nil || n != want {
		t.Fatalf("publishing %q to %q: %d took it, %v; want %d", text, topic, n, err, want)
	}
}

func (p *peer) expect(t *testing.T, want string) {
	t.Helper()
	got, _, err := p.message()
	if err != nil || string(got) != want {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
}

// Every way to deliver: plain, TLS, and with messages that wait whole.
func everyWay(t *testing.T, test func(t *testing.T, o config.ConnOptions, secure bool)) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		for _, policy := range []config.FullPolicy{config.FullRefuse, config.FullDropOldest} {
			t.Run(fmt.Sprintf("tls %v, policy %d", secure, policy), func(t *testing.T) {
				t.Parallel()
				test(t, config.ConnOptions{Full: policy}, secure)
			})
		}
	}
}

func TestPublishedMessagesReachThoseWhoHaveSubscribed(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g := gather(t, 3, config.Library{Loops: 2}, o, secure, nil)
		topics := &g.server.server.topics
		for i, x := range g.xs {
			for range 2 { // once more is no error
				if err := x.conn.Subscribe([]byte("all")); err != nil {
					t.Fatal(err)
				}
			}
			if err := x.conn.Subscribe([]byte{0, byte(i)}); err != nil {
				t.Fatal(err)
			}
		}
		g.publish(t, "all", "to all", nil, 3)
		g.publish(t, "all", "but the first", g.xs[0], 2)
		g.publish(t, "\x00\x01", "to the second", nil, 1)
		g.publish(t, "nobody", "to nobody", nil, 0)
		for range 2 {
			if err := g.xs[1].conn.Unsubscribe([]byte("all")); err != nil {
				t.Fatal(err)
			}
		}
		g.publish(t, "all", "without the second", nil, 2)
		if n, err := g.server.server.Broadcast([]byte("end"), ws.OpText, nil); n != 3 || err != nil {
			t.Fatalf("Broadcast: %d, %v", n, err)
		}
		for i, want := range [][]string{
			{"to all", "without the second", "end"},
			{"to all", "but the first", "to the second", "end"},
			{"to all", "but the first", "without the second", "end"},
		} {
			for _, text := range want {
				g.peers[i].expect(t, text)
			}
		}
		for _, p := range g.peers {
			p.Close()
		}
		eventually(t, func() error {
			if named, members := topics.Sizes(); named+members != 0 {
				return fmt.Errorf("%d topics and %d subscriptions are left", named, members)
			}
			return nil
		})
		g.publish(t, "all", "nobody is left", nil, 0)
	})
}

func TestSubscriptionsHaveALimit(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{MaxSubscriptions: 2}, false, nil)
	c := g.xs[0].conn
	for i, want := range []*fault.Error{nil, nil, {ID: fault.IDFull}} {
		if err := c.Subscribe([]byte{byte(i)}); (err == nil) != (want == nil) || err != nil && err.ID != want.ID {
			t.Errorf("topic %d: %v", i, err)
		}
	}
	c.Unsubscribe([]byte{0})
	if err := c.Subscribe([]byte{2}); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", string(make([]byte, 256))} {
		if err := c.Subscribe([]byte(name)); err == nil || err.ID != fault.IDParameter {
			t.Errorf("a topic of %d bytes: %v", len(name), err)
		}
	}
}

// What is published, what is sent from threads and what callbacks send comes to each
// peer in the order of the calls of each sender, and what is published by one to all in
// the same order.
func TestPublishedMessagesKeepTheirPlace(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		const (
			peers    = 4
			senders  = 3
			messages = 150
			callback = 100 // what callbacks publish; 101: what they send behind it to their own
		)
		var s *Server
		published := map[*Conn]uint32{}
		count := uint32(0)
		g := gather(t, peers, config.Library{}, o, secure, func(d *dispatcher, x *handle, e event) {
			if n, err := s.Broadcast(stamped(callback, count, 300), ws.OpBinary, nil); err != nil || n != peers {
				t.Errorf("Broadcast inside a callback: %d, %v", n, err)
			}
			count++
			err := d.send(x, ws.OpBinary, stamped(callback+1, published[x.conn], 300))
			if err != nil {
				t.Errorf("send inside a callback: %v", err)
			}
			published[x.conn]++
		})
		s = g.server.server
		for _, x := range g.xs {
			if err := x.conn.Subscribe([]byte("t")); err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		for sender := range byte(senders) {
			all.Go(func() {
				for n := range uint32(messages) {
					data := stamped(sender, n, 3000)
					if n%3 == 0 { // to each alone
						for _, x := range g.xs {
							if err := x.send(ws.OpBinary, data, nil); err != nil {
								t.Errorf("send: %v", err)
							}
						}
						continue
					}
					if took, err := s.Publish([]byte("t"), data, ws.OpBinary, nil); err != nil || took != peers {
						t.Errorf("Publish: %d, %v", took, err)
					}
				}
			})
		}
		for _, p := range g.peers {
			all.Go(func() {
				go func() {
					for range messages {
						if p.send(ws.OpText, []byte("go")) != nil {
							return
						}
					}
				}()
				var order sequence
				for range senders*messages + peers*messages + messages {
					got, _, err := p.message()
					if err == nil {
						err = order.check(got)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	})
}

// What is published in the middle of a message in pieces comes behind it.
func TestPublishedMessagesWaitForTheLastPiece(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		o.MaxBuffered = 100_000
		g := gather(t, 2, config.Library{}, o, secure, nil)
		s, c := g.server.server, g.xs[0].conn
		for round := range 3 {
			text := func(what string) []byte { return fmt.Appendf(nil, "%s %d", what, round) }
			must := func(err *fault.Error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(c.SendPart(ws.OpText, text("begin"), false, border.Completion{}))
			for _, what := range []string{"one", "two"} {
				if n, err := s.Broadcast(text(what), ws.OpText, nil); n != 2 || err != nil {
					t.Fatalf("Broadcast: %d, %v", n, err)
				}
			}
			if round == 1 { // it is bounded
				if n, _ := s.Broadcast(make([]byte, 99_990), ws.OpBinary, g.xs[1].conn); n != 0 {
					t.Fatal("more than max_buffered was taken in the middle of a message")
				}
				if n := c.Stats().Dropped; n != 1 {
					t.Fatalf("%d messages were dropped", n)
				}
			}
			if round < 2 {
				must(c.SendPart(ws.OpText, text(" end"), true, border.Completion{}))
				g.peers[0].expect(t, fmt.Sprintf("begin %d end %d", round, round))
				for _, what := range []string{"one", "two"} {
					g.peers[0].expect(t, string(text(what)))
				}
			}
		}
		g.peers[0].Close() // in the middle: what waits is given back, which testHost checks
		if err := s.engine.pool.Used(); err < 0 {
			t.Error(err)
		}
	})
}

// Nobody is delayed by one who never reads, who holds no more than may be buffered, and
// less than that where the frames are shared.
func TestPublishingDoesNotWaitForWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	const messages, size = 3000, 3000
	g := gather(t, 5, config.Library{}, config.ConnOptions{MaxBuffered: 300_000}, false, nil)
	s := g.server.server
	var reading sync.WaitGroup
	for _, p := range g.peers[1:] {
		reading.Go(func() {
			var order sequence
			for range messages {
				got, _, err := p.message()
				if err == nil {
					err = order.check(got)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	missed := 0
	for n := range uint32(messages) {
		// The others are given time to take it: what is missed is the first one's.
		for _, x := range g.xs[1:] {
			for x.block.Buffered() > 200_000 {
				x.onLoop(func() {})
			}
		}
		took, err := s.Broadcast(stamped(1, n, size), ws.OpBinary, nil)
		if err != nil {
			t.Fatal(err)
		}
		missed += 5 - took
		if b := g.xs[0].block.Buffered(); b > 300_000 {
			t.Fatalf("%d bytes are buffered", b)
		}
	}
	reading.Wait()
	if n := g.xs[0].conn.Stats().Dropped; n == 0 || int(n) != missed {
		t.Errorf("%d messages were dropped, %d not taken", n, missed)
	}
	last := uint32(0) // what came is whole and in order, and the drain event follows
	for range messages - missed {
		got, _, err := g.peers[0].message()
		must(t, err)
		n := binary.BigEndian.Uint32(got[1:])
		if n < last || !bytes.Equal(got, stamped(1, n, size)) {
			t.Fatalf("message %d came behind %d", n, last)
		}
		last = n + 1
	}
	g.r.next(t, border.EventDrain)
}

// A message to many makes no garbage for each. Not parallel: it counts what all allocate.
func TestPublishingLeavesNoGarbage(t *testing.T) {
	const peers, messages = 100, 50
	g := gather(t, peers, config.Library{}, config.ConnOptions{}, false, nil)
	for _, p := range g.peers {
		go io.Copy(io.Discard, p.Conn)
	}
	send := func(n int) {
		for range n {
			if took, err := g.server.server.Broadcast([]byte("to all"), ws.OpText, nil); took != peers || err != nil {
				t.Fatalf("Broadcast: %d, %v", took, err)
			}
			g.xs[0].onLoop(func() {}) // each is sent by itself
		}
	}
	send(messages)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	send(messages)
	runtime.ReadMemStats(&after)
	each := float64(after.Mallocs-before.Mallocs) / peers / messages
	if most := 0.7; each > most && !lock.Checks { // the race detector makes sync.Pool forget a quarter
		t.Errorf("%.2f allocations for each recipient", each)
	}
	t.Logf("%.3f allocations for each recipient", each)
}

// What many wait for is in memory once: together they wait for more than the budget. Over
// it nobody gets anything, as from Send.
func TestPublishedMessagesAreInMemoryOnce(t *testing.T) {
	t.Parallel()
	const budget, size = 4 << 20, 100_000
	g := gather(t, 8, config.Library{Budget: budget}, config.ConnOptions{}, false, nil)
	for _, p := range g.peers {
		must(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
	}
	var err *fault.Error
	for sent := 0; err == nil && sent < 1000; sent++ {
		_, err = g.server.server.Broadcast(make([]byte, size), ws.OpBinary, nil)
		if used := g.h.engine.pool.Used(); used > budget {
			t.Fatalf("%d bytes are used", used)
		}
	}
	if err == nil || err.ID != fault.IDMemory {
		t.Fatalf("Broadcast over the budget: %v", err)
	}
	waits := uint64(0)
	for _, x := range g.xs {
		waits += x.block.Buffered()
	}
	if waits < 2*budget {
		t.Errorf("%d bytes wait for a budget of %d", waits, budget)
	}
	for _, p := range g.peers {
		p.Close()
	}
}

// A message that never fits makes nobody else end, as one of Send does not.
func TestPublishingWhatNeverFitsIsNoWant(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{Budget: 1 << 20}, config.ConnOptions{}, false, nil)
	for _, size := range []int{4 << 20, 2 << 20} {
		if _, err := g.server.server.Broadcast(make([]byte, size), ws.OpBinary, nil); err == nil || err.ID != fault.IDMemory {
			t.Fatalf("Broadcast of %d bytes: %v", size, err)
		}
	}
	if g.h.engine.relief.wanted.Load() {
		t.Error("somebody is in want of memory")
	}
}

// Connections come and go, subscribe and leave, and the server stops, while several
// threads publish; testHost checks that all ends well and nothing is left.
func TestPublishingMayMeetAnyEnd(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		var s *Server
		g := gather(t, 12, config.Library{Loops: 2}, o, secure, func(d *dispatcher, x *handle, e event) {
			s.Publish([]byte("a"), e.data, ws.OpText, x.conn)
			x.conn.Unsubscribe([]byte("a"))
			x.conn.Subscribe([]byte("a"))
		})
		s = g.server.server
		for _, x := range g.xs {
			x.conn.Subscribe([]byte("a"))
			x.conn.Subscribe([]byte("b"))
		}
		var all, reading sync.WaitGroup
		for i, p := range g.peers {
			reading.Go(func() {
				if i%4 == 3 {
					io.Copy(io.Discard, &oneByOne{p: p})
					return
				}
				for n := 0; ; n++ {
					_, _, err := p.message()
					if errors.As(err, new(wsutil.ClosedError)) || err != nil {
						return
					}
					if n%16 == 0 {
						p.send(ws.OpText, []byte("again"))
					}
				}
			})
		}
		for thread := range 3 {
			all.Go(func() {
				for n := range 200 {
					s.Publish([]byte("b"), make([]byte, 10+n*20), ws.OpBinary, nil)
					s.Broadcast([]byte("to all"), ws.OpText, g.xs[thread].conn)
					if x := g.xs[(n/16+thread*4)%12]; n%16 == 15 {
						switch n / 16 % 4 {
						case 0:
							x.close(1000, "", nil)
						case 1:
							x.destroy()
						case 2:
							g.peers[(n/16+thread*4)%12].Close()
						case 3:
							x.conn.SendPart(ws.OpText, []byte("piece"), n%2 == 0, border.Completion{})
						}
					}
					if thread == 0 && n == 180 {
						g.server.stopServer(func(event) {})
					}
				}
			})
		}
		all.Wait()
		for _, p := range g.peers {
			p.Close()
		}
		reading.Wait()
	})
}
