// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// A connection may end while ws_close on another thread still encrypts what had
// waited: both calls complete, and the client can connect again.
func TestConnectionEndsWhileCloseSendsWhatWaited(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, func(*dispatcher, *handle, event) {})
	x, r := h.secured(config.ConnOptions{MaxBuffered: 64 << 20}, wss(port))
	c := x.conn
	blocked, release := make(chan struct{}), make(chan struct{})
	c.w.loop.Post(func() {
		close(blocked)
		<-release
	})
	<-blocked
	c.block.Set(border.OutEarly) // as before open
	sent, closed := newMailbox[event](), newMailbox[event]()
	if err := x.send(ws.OpBinary, make([]byte, 32<<20), sent.put); err != nil {
		t.Fatal(err)
	}
	c.w.loop.Post(func() { c.finish(errLost, 0) })
	go func() {
		defer close(release)
		for waits := true; waits; runtime.Gosched() {
			c.mu.Lock()
			waits = !c.rare.need().shelf.early.empty() // else it is being encrypted
			c.mu.Unlock()
		}
	}()
	if err := x.close(1000, "", closed.put); err != nil {
		t.Fatal(err)
	}
	if e := closed.take(t, "completion of the close"); e.id == 0 {
		t.Error("the close handshake is over, says its completion")
	}
	if e := sent.take(t, "completion of the send"); e.id == 0 {
		t.Error("the message was sent, says its completion")
	}
	r.next(t, border.EventClose)
	if s, n := c.block.State(), c.block.Buffered(); s != border.StateClosed || n != 0 {
		t.Errorf("state %d, %d bytes are buffered", s, n)
	}
	if err := x.connectWith(wss(port), trusting(t), nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	x.destroy()
}

// While ws_close on another thread still encrypts what had waited, its connection may end
// and the next one be open: that one is nobody's to close, and keeps its own messages.
func TestNextConnectionIsOpenBeforeCloseHasSentWhatWaited(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, func(*dispatcher, *handle, event) {})
	next := newRecorder()
	_, plain := h.listening(config.ConnOptions{}, next.listen)
	x, r := h.secured(config.ConnOptions{MaxBuffered: 128 << 20}, wss(port))
	c := x.conn
	blocked, release := make(chan struct{}), make(chan struct{})
	c.w.loop.Post(func() {
		close(blocked)
		<-release
	})
	<-blocked
	c.block.Set(border.OutEarly) // as before open
	sent, closed := newMailbox[event](), newMailbox[event]()
	if err := x.send(ws.OpBinary, make([]byte, 64<<20), sent.put); err != nil {
		t.Fatal(err)
	}
	c.w.loop.Post(func() {
		c.finish(errLost, 0)
		if err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d", plain), nil); err != nil {
			t.Error(err)
		}
	})
	var closing sync.WaitGroup
	closing.Go(func() {
		if err := x.close(1000, "", closed.put); err != nil {
			t.Error(err)
		}
	})
	for waits := true; waits; runtime.Gosched() {
		c.mu.Lock()
		waits = !c.rare.need().shelf.early.empty() // else it is being encrypted
		c.mu.Unlock()
	}
	close(release)
	r.next(t, border.EventClose)
	r.next(t, border.EventOpen)
	closing.Wait()
	if e := closed.take(t, "completion of the close"); e.id == 0 {
		t.Error("the close handshake is over, says its completion")
	}
	if e := sent.take(t, "completion of the send"); e.id == 0 {
		t.Error("the message was sent, says its completion")
	}
	if err := x.send(ws.OpText, []byte("anew"), nil); err != nil {
		t.Fatal(err)
	}
	next.next(t, border.EventOpen)
	if e := next.next(t, border.EventMessage); string(e.data) != "anew" {
		t.Errorf("%q came", e.data)
	}
	x.destroy()
}

// Messages that wait whole, because others may have to make room or the client keeps them, are cut
// when they leave.
func TestMessagesThatWaitedWholeAreCut(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxFrame: 1024, MaxBuffered: 1 << 20, Full: config.FullDropOldest}, func(t *testing.T, s slow) {
		data := bytes.Repeat([]byte("y"), 100_000)
		for range 8 {
			must2(t, s.x.conn.Send(ws.OpBinary, data, border.Completion{}))
		}
		for range 8 {
			if got, _, err := s.peer.message(); err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%d bytes, %v", len(got), err)
			}
		}
	})
}
