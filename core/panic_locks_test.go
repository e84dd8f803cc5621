// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// damage makes the output queue of a connection panic wherever somebody looks into it: its
// first chunk lies behind its end.
func (c *Conn) damage(fanned bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tx = &queue{first: 5, fanned: fanned}
	c.block.Set(border.OutQueued)
}

// held is the first lock of a connection, its server or its engine that somebody holds.
func (x *handle) held() string {
	e, s := x.host.engine, x.parent.server
	locks := map[string]interface {
		TryLock() bool
		Unlock()
	}{"Conn.mu": &x.conn.mu, "Server.mu": &s.mu, "topics.Mu": &s.topics.Mu, "figures.mu": &s.figures.mu,
		"fan.mu": &x.conn.w.fan.mu, "relief.mu": &e.relief.mu, "Engine.mu": &e.mu}
	if tls := x.conn.tls.Load(); tls != nil {
		locks["secure.out"] = &tls.out
	}
	for name, mu := range locks {
		if !mu.TryLock() {
			return name
		}
		mu.Unlock()
	}
	return ""
}

// caught runs what a host calls, as capi does, and tells whether it panicked.
func caught(h *testHost, f func()) (panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			h.engine.Panicked("a call", v)
			panicked = true
		}
	}()
	f()
	return false
}

// A panic of our own code with locks held, such as an index out of range in a queue, ends its
// connection with an error, wherever it happens; the loop, its other connections and the
// server go on, and no lock stays held.
func TestAPanicWithLocksHeldEndsItsConnectionOnly(t *testing.T) {
	t.Parallel()
	message := make([]byte, 100)
	calls := map[string]func(x *handle){
		"send":       func(x *handle) { x.conn.Send(ws.OpBinary, message, border.Completion{}) },
		"a piece":    func(x *handle) { x.conn.SendPart(ws.OpBinary, message, false, border.Completion{}) },
		"ping":       func(x *handle) { x.conn.Ping(nil) },
		"close":      func(x *handle) { x.conn.Close(1000, "", border.Completion{}) },
		"broadcast":  func(x *handle) { x.parent.server.Broadcast(message, ws.OpBinary, nil) },
		"the answer": nil, // of a callback, by the outbox
		"the fan":    nil, // what was published before
		"room":       nil, // the kernel has some
	}
	for name, call := range calls {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, tls %v", name, secure), func(t *testing.T) {
				t.Parallel()
				g := gather(t, 2, config.Library{}, config.ConnOptions{}, secure, func(d *dispatcher, x *handle, e event) { d.echo(x, e) })
				g.h.panics.Store(true)
				x, c := g.xs[0], g.xs[0].conn
				switch name {
				case "the answer":
					x.onLoop(func() {
						segments := []border.Segment{{}, {Data: border.Address(message), Size: 1, Slot: c.block.Slot, Head: border.HeadFirst | border.HeadMessage}}
						c.damage(false)
						c.block.Claim(1, true)
						c.block.Set(border.OutCorked)
						c.w.uncork(segments, 1)
					})
				case "the fan":
					c.damage(true)
					c.w.loop.Post(func() { c.w.current = c; c.w.sendFanned(c) })
				case "room":
					c.damage(false)
					c.w.loop.Post(func() { c.Ready(2) })
				default:
					c.damage(false)
					caught(g.h, func() { call(x) })
				}
				if e := g.r.next(t, border.EventError); e.x != x || e.id != fault.IDInternal {
					t.Errorf("error: %+v", e)
				}
				if e := g.r.next(t, border.EventClose); e.x != x || e.code != 1006 {
					t.Errorf("close: %+v", e)
				}
				g.r.next(t, border.EventDestroyed)
				must(t, g.peers[0].end())
				g.h.round()
				if lock := g.xs[1].held(); lock != "" {
					t.Errorf("%s is held", lock)
				}
				if n, err := g.server.server.Broadcast([]byte("all"), ws.OpText, nil); err != nil || n != 1 {
					t.Errorf("%d got a message, %v", n, err)
				}
				must(t, g.peers[1].send(ws.OpText, []byte("hello")))
				for range 3 {
					got, _, err := g.peers[1].message()
					must(t, err)
					if string(got) == "hello" {
						return
					}
				}
				t.Error("there was no echo")
			})
		}
	}
}

// What a batch has sent over other connections leaves once, whichever of them broke.
func TestAPanicInTheOutboxLosesAndRepeatsNothingOfOthers(t *testing.T) {
	t.Parallel()
	const many, broken = 20, 9
	g := gather(t, many, config.Library{}, config.ConnOptions{}, false, func(d *dispatcher, x *handle, e event) { d.echo(x, e) })
	g.h.panics.Store(true)
	frames := make([][3]byte, many)
	g.xs[0].onLoop(func() {
		segments := []border.Segment{{}}
		for i, x := range g.xs {
			frames[i] = [3]byte{0x82, 1, byte(i)}
			if i == broken {
				x.conn.damage(false)
			}
			x.conn.block.Claim(3, true)
			x.conn.block.Clear(border.OutQueued)
			x.conn.block.Set(border.OutCorked)
			segments = append(segments, border.Segment{Data: border.Address(frames[i][:]), Size: 3, Slot: x.conn.block.Slot, Head: border.HeadFirst | border.HeadMessage})
		}
		for i := 1; i < len(segments); {
			i = g.xs[0].conn.w.uncork(segments, i)
		}
	})
	if e := g.r.next(t, border.EventError); e.x != g.xs[broken] || e.id != fault.IDInternal {
		t.Errorf("error: %+v", e)
	}
	for i, p := range g.peers {
		if i == broken {
			continue
		}
		must(t, p.send(ws.OpBinary, []byte("behind")))
		for _, want := range []string{string(rune(i)), "behind"} {
			if got, _, err := p.message(); err != nil || string(got) != want {
				t.Errorf("connection %d got %q, %v instead of %q", i, got, err, want)
			}
		}
	}
	g.h.round()
	if s := g.server.server.Stats(); s.MessagesOut != 2*many-1 {
		t.Errorf("%d messages were counted", s.MessagesOut)
	}
}
