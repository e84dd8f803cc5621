// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// What few connections need is made by whoever needs it first: a piece of a message, a
// ping, a question about figures, a pause. Others may be about to send just then, and have
// looked before. The peer reads frame by frame, and nothing may come between the pieces.
func TestWhoeverUsesAConnectionFirstMeetsItsSenders(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		for _, offer := range []string{"foo", "permessage-deflate", "permessage-deflate; server_no_context_takeover"} {
			t.Run(offer, func(t *testing.T) {
				t.Parallel()
				const connections = 24
				offers := make([]string, connections)
				for i := range offers {
					offers[i] = offer
				}
				g, peers := packedAudience(t, config.Library{Loops: 2}, takingOver, o, secure, offers...)
				var published uint32
				for i, x := range g.xs {
					g.meet(t, x, peers[i], &published)
				}
			})
		}
	})
}

// Numbers of the senders.
const (
	inPieces = iota
	shortOnes
	longOnes
	publishing
	lastOne
	manySenders
)

// meet lets everybody wait for the lock of the connection at once, then checks what the peer got. published counts over
// all connections, since all hear of it.
func (g *audience) meet(t *testing.T, x *handle, p *inflating, published *uint32) {
	t.Helper()
	const messages = 4
	var ready atomic.Int32
	var running sync.WaitGroup
	together := func(f func()) {
		running.Go(func() {
			ready.Add(1)
			f()
		})
	}
	var accepted [manySenders]uint32
	whole := func(sender byte, most int) func() {
		return func() {
			for range messages {
				switch err := x.send(ws.OpBinary, stamped(sender, accepted[sender], most), nil); {
				case err == nil:
					accepted[sender]++
				case err != errPieces:
					t.Error(err)
				}
			}
		}
	}
	x.conn.mu.Lock() // whoever it is: a timer, another sender
	together(func() {
		for n := range uint32(messages) {
			parts := cutAt(stamped(inPieces, n, 600), 3, 6)
			for i, part := range parts {
				if err := x.conn.SendPart(ws.OpBinary, part, i == len(parts)-1, border.Completion{}); err != nil {
					t.Error(err)
				}
			}
		}
	})
	together(whole(shortOnes, 100))
	together(whole(longOnes, 3000))
	together(func() {
		for range messages {
			if n, err := g.server.server.Broadcast(stamped(publishing, *published, 600), ws.OpBinary, nil); err != nil || n != len(g.xs) {
				t.Errorf("%d got a message, %v", n, err)
			}
			*published++
		}
	})
	together(func() {
		x.conn.Stats()
		if err := x.conn.Ping([]byte("ping")); err != nil {
			t.Error(err)
		}
		if err := x.conn.Pause(); err != nil {
			t.Error(err)
		}
		if err := x.conn.Resume(); err != nil {
			t.Error(err)
		}
	})
	for ready.Load() < manySenders {
		runtime.Gosched()
	}
	for range 100 { // most likely all wait for the lock then
		runtime.Gosched()
	}
	x.conn.mu.Unlock()
	running.Wait()
	if err := x.send(ws.OpBinary, stamped(lastOne, 0, 1), nil); err != nil {
		t.Fatal(err)
	}
	accepted[lastOne], accepted[inPieces], accepted[publishing] = 1, messages, *published
	var got sequence
	for got.next[lastOne] == 0 {
		frames, err := p.frames()
		must(t, err)
		var message []byte
		parts, _ := p.pieces(t, frames)
		for _, part := range parts {
			message = append(message, part...)
		}
		must(t, got.check(message))
	}
	for sender, n := range accepted {
		if got.next[byte(sender)] != n {
			t.Errorf("%d of %d messages of sender %d came", got.next[byte(sender)], n, sender)
		}
	}
}

// A short message waits for the lock while another thread begins one in pieces.
func TestAShortMessageThatHasWaitedForTheLockLooksAgain(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	for i := range 50 {
		p := join(t, port)
		x := r.next(t, border.EventOpen).x
		var running sync.WaitGroup
		sent := make(chan *fault.Error, 1)
		func() {
			x.conn.mu.Lock()
			defer x.conn.mu.Unlock()
			running.Go(func() { sent <- x.conn.Send(ws.OpText, []byte("x"), border.Completion{}) })
			for range 1000 { // most likely it waits then; if not, nothing is shown
				runtime.Gosched()
			}
			first := &part{begins: true, after: pieces{op: ws.OpText}}
			x.conn.rare.need()
			if err := x.conn.mayFollow(first); err != nil {
				t.Error(err)
			}
			if err := x.conn.noteSent(first, x.conn.place(byte(ws.OpText), []byte("ab"), 4, border.Completion{})); err != nil {
				t.Error(err)
			}
		}()
		if err := <-sent; err != errPieces {
			t.Fatalf("connection %d: a short message between two pieces gave %v", i, err)
		}
		running.Wait()
		must2(t, x.conn.SendPart(ws.OpText, []byte("cd"), true, border.Completion{}))
		for _, want := range []ws.Header{{OpCode: ws.OpText}, {OpCode: ws.OpContinuation, Fin: true}} {
			f, err := p.read()
			must(t, err)
			if f.Header.OpCode != want.OpCode || f.Header.Fin != want.Fin {
				t.Fatalf("connection %d: a frame %s", i, fmt.Sprintf("%+v", f.Header))
			}
		}
		must(t, p.Close())
		r.next(t, border.EventError)
		r.next(t, border.EventClose)
		r.next(t, border.EventDestroyed)
	}
}
