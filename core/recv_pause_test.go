// SPDX-License-Identifier: Apache-2.0

package core

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// What a pause in a callback holds back comes after resume, in order, and before
// what was read later; completions come all the same.
func TestPauseHoldsEventsBackInOrder(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	heard := newMailbox[string]()
	opened := newMailbox[*handle]()
	_, port := h.listening(config.ConnOptions{}, func(_ *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			opened.put(x)
		case border.EventMessage:
			if err := x.conn.Pause(); err != nil {
				t.Error(err)
			}
			heard.put(string(e.data))
		case border.EventClose:
			heard.put(fmt.Sprint(e.code))
		}
	})
	p := join(t, port)
	x := opened.take(t, "connection")
	var frames []ws.Frame
	for i := range 20 {
		frames = append(frames, ws.NewTextFrame(fmt.Appendf(nil, "message %d", i)))
	}
	must(t, p.raw(frames[:10]...))
	if text := heard.take(t, "message"); text != "message 0" {
		t.Errorf("%q", text)
	}
	must(t, p.raw(append(frames[10:], ws.NewCloseFrame(ws.NewCloseFrameBody(1000, "")))...))
	done := newMailbox[event]()
	if err := x.send(ws.OpText, []byte("while paused"), done.put); err != nil {
		t.Fatal(err)
	}
	done.take(t, "completion")
	for i := 1; i < 20; i++ {
		h.roundsEnd()
		h.roundsEnd()
		heard.mu.Lock()
		early := len(heard.items)
		heard.mu.Unlock()
		if early != 0 {
			t.Fatalf("message %d came during the pause", i)
		}
		if err := x.conn.Resume(); err != nil {
			t.Fatal(err)
		}
		if text, want := heard.take(t, "message"), fmt.Sprintf("message %d", i); text != want {
			t.Fatalf("%q, want %q", text, want)
		}
	}
	if err := x.conn.Resume(); err != nil {
		t.Fatal(err)
	}
	if code, _, err := p.closing(); err != nil || code != 1000 {
		t.Errorf("the peer got %d, %v", code, err)
	}
	p.Close()
	if text := heard.take(t, "close"); text != "1000" {
		t.Errorf("%q", text)
	}
}

func TestPausedConnectionMayBeDestroyed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			x.conn.Pause()
		}
		r.listen(d, x, e)
	})
	p := join(t, port)
	x := r.next(t, border.EventOpen).x
	must(t, p.raw(ws.NewTextFrame([]byte("heard")), ws.NewTextFrame([]byte("held"))))
	if e := r.next(t, border.EventMessage); string(e.data) != "heard" {
		t.Errorf("%q", e.data)
	}
	x.destroy()
	if e := r.next(t, border.EventClose); e.code != 1006 {
		t.Errorf("close: %+v", e)
	}
	r.next(t, border.EventDestroyed)
}

// A client that was paused before it connects is not read and does not keep its
// loop busy with what it does not read.
func TestClientMayBePausedBeforeItConnects(t *testing.T) {
	t.Parallel()
	sent := make(chan struct{})
	connected := newMailbox[event]()
	url := foreign(t, func(p *peer) error {
		defer close(sent)
		connected.take(t, "completion of the connect") // so that it is not read with the response
		return p.send(ws.OpText, []byte("hello"))
	})
	h := start(t, config.Library{})
	r := newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.conn.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := x.connect(url, connected.put); err != nil {
		t.Fatal(err)
	}
	<-sent
	for range 10 {
		busy := make(chan bool)
		x.conn.w.loop.Post(func() { busy <- x.conn.w.current == x.conn }) // Ready was called in this round
		if <-busy {
			t.Error("the loop is told again and again of bytes that nobody reads")
			break
		}
	}
	if err := x.conn.Resume(); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	if e := r.next(t, border.EventMessage); string(e.data) != "hello" {
		t.Errorf("%q", e.data)
	}
}

func TestDrainFollowsWhenTheQueueWasHighAndIsLow(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 1 << 20, HighWater: 600_000, LowWater: 100_000}, func(t *testing.T, s slow) {
		for range 2 {
			n := s.fill(t, nil)
			s.drained(t, n)
			s.r.next(t, border.EventDrain) // once for each time, and not before
			if b := s.x.block.Buffered(); b > 100_000 {
				t.Errorf("drain with %d bytes buffered", b)
			}
		}
		if err := s.x.send(ws.OpText, []byte("little"), nil); err != nil {
			t.Fatal(err)
		}
		s.x.destroy()
		s.r.next(t, border.EventClose)
	})
}

// The queue of the host may have had room, and be full again, before the loop hears of the
// room: then the connection is not read.
func TestRoomThatIsGoneAgainLetsNobodyRead(t *testing.T) {
	t.Parallel()
	s := asServer(t, config.ConnOptions{})
	c := s.x.conn
	full := []border.Record{{Slot: c.block.Slot, Type: border.EventMessage, Flags: border.RecordFull}}
	stopped := func(want bool) {
		t.Helper()
		s.x.onLoop(func() {}) // behind what was posted
		s.x.onLoop(func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if is := c.paused&pausedByQueue != 0; is != want {
				t.Errorf("not read: %v, want %v", is, want)
			}
		})
	}
	s.x.onLoop(func() {
		c.w.marked(full)
		c.QueueNotFull()
		c.w.marked(full)
	})
	stopped(true)
	c.QueueNotFull()
	stopped(false)
}

// sleeps waits until the loop does not look for room of x in the kernel any more.
func (x *handle) sleeps(t *testing.T) {
	t.Helper()
	eventually(t, func() (err error) {
		x.onLoop(func() {
			x.conn.mu.Lock()
			defer x.conn.mu.Unlock()
			if x.conn.sock.WatchesOut() {
				err = errors.New("the loop waits for room and has nothing to write")
			}
		})
		return err
	})
}

// Room in the kernel is told as long as there is some. Who has nothing to write any more must
// not be told, or the loop is busy for ever.
func TestRoomThatNobodyWantsAnyMoreIsNotToldAgain(t *testing.T) {
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	x := g.xs[0]
	x.onLoop(func() {
		x.conn.mu.Lock()
		defer x.conn.mu.Unlock()
		x.conn.watch(true)
	})
	x.sleeps(t)
}

// What was published is written by the loop soon; a pause in between finds it in the queue.
func TestAPauseBehindABroadcastLetsTheLoopSleep(t *testing.T) {
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	x := g.xs[0]
	x.onLoop(func() { // what is posted here comes behind, and in this order
		if err := x.conn.Pause(); err != nil {
			t.Error(err)
		}
		if n, err := g.server.server.Broadcast([]byte("news"), ws.OpText, nil); n != 1 || err != nil {
			t.Errorf("%d recipients, %v", n, err)
		}
	})
	if p, _, err := g.peers[0].message(); err != nil || string(p) != "news" {
		t.Fatalf("%q, %v", p, err)
	}
	x.sleeps(t)
}
