// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/wire"
)

// The host of these tests notices every record whose slot was released.

// queuedServer is a server with two loops whose events go through queues.
func queuedServer(t *testing.T, on callback) (h *testHost, server *handle, port int) {
	t.Helper()
	h = start(t, config.Library{Loops: 2})
	h.queued = true
	server, port = h.listening(config.ConnOptions{}, on)
	return h, server, port
}

// What the loop records of a connection whose last event is just coming out of its queue is
// dispatched before its slot is somebody else's.
func TestSlotIsReleasedBehindTheBatchThatNamesIt(t *testing.T) {
	for name, late := range map[string]func(x *handle){
		"the server is destroyed": func(x *handle) { x.parent.server.cut(errDestroyed) },
		"the server stops":        func(x *handle) { x.conn.comes(onStop, &occasion{how: config.CloseOptions{Code: 1001}}) },
		"it is paused and resumed": func(x *handle) {
			x.conn.Pause()
			x.conn.Resume()
		},
		"it is destroyed": func(x *handle) { x.conn.Destroy() },
		"it is aborted":   func(x *handle) { x.conn.Abort() },
		"the queue has room": func(x *handle) {
			x.conn.QueueNotFull()
			x.conn.Delivered()
		},
	} {
		for _, end := range []string{"by the peer", "by the host"} {
			t.Run(name+", ended "+end, func(t *testing.T) {
				t.Parallel()
				r := newRecorder()
				_, _, port := queuedServer(t, func(d *dispatcher, x *handle, e event) {
					if e.kind == border.EventDestroyed && x.parent != nil {
						late(x) // its post comes before that of Ended
					}
					r.listen(d, x, e)
				})
				p := join(t, port)
				x := r.next(t, border.EventOpen).x
				if end == "by the host" {
					x.destroy()
				} else {
					must(t, p.Close())
					r.next(t, border.EventError)
				}
				r.next(t, border.EventClose)
				r.next(t, border.EventDestroyed)
				eventually(t, func() error {
					if !x.released.Load() {
						return errNotOpen
					}
					return nil
				})
			})
		}
	}
}

// A connection whose message could not be put into its queue ends with 1013, because what is
// lost would not be noticed otherwise.
func TestMessageThatIsLostOnItsWayIntoAQueueEndsItsConnection(t *testing.T) {
	t.Parallel()
	r := newRecorder()
	h, _, port := queuedServer(t, r.listen)
	h.loses.Store(3)
	p, other := join(t, port), join(t, port)
	r.next(t, border.EventOpen)
	r.next(t, border.EventOpen)
	must(t, p.raw(ws.NewTextFrame([]byte("1")), ws.NewTextFrame([]byte("two"))))
	if e := r.next(t, border.EventMessage); string(e.data) != "1" {
		t.Errorf("%q", e.data)
	}
	if e := r.next(t, border.EventError); e.id != fault.IDMemory || e.code != wire.CloseTryAgainLater {
		t.Errorf("%+v", e)
	}
	must(t, p.end())
	if e := r.next(t, border.EventClose); e.code != 1006 && e.code != wire.CloseTryAgainLater {
		t.Errorf("%+v", e)
	}
	r.next(t, border.EventDestroyed)
	must(t, other.send(ws.OpText, []byte("on"))) // the loop goes on
	r.next(t, border.EventMessage)
}

// Whatever a host calls again and again while the loop is busy, the loop is asked for once.
func TestCallsThatRepeatLeaveOnePost(t *testing.T) {
	for name, call := range map[string]func(x *handle){
		"pause and resume": func(x *handle) {
			x.conn.Pause()
			x.conn.Resume()
		},
		"abort":          func(x *handle) { x.conn.Abort() },
		"network change": func(x *handle) { x.host.engine.NetworkChanged() },
		"drain": func(x *handle) {
			x.conn.mu.Lock()
			defer x.conn.mu.Unlock()
			x.conn.high = true
			x.conn.checkMarks()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			r := newRecorder()
			_, port := h.listening(config.ConnOptions{}, r.listen)
			p := join(t, port)
			x := r.next(t, border.EventOpen).x
			busy, goOn := make(chan struct{}), make(chan struct{})
			x.conn.w.loop.Post(func() {
				close(busy)
				<-goOn
			})
			<-busy
			before := x.conn.w.loop.Pending()
			for range 1000 {
				call(x)
			}
			if n := x.conn.w.loop.Pending() - before; n > 2 {
				t.Errorf("1000 calls have posted %d tasks", n)
			}
			close(goOn)
			x.onLoop(func() {})
			if name != "abort" { // it is read as before
				must(t, p.send(ws.OpText, []byte("on")))
				for e := r.take(t, "message"); e.kind != border.EventMessage; e = r.take(t, "message") {
					if e.kind != border.EventDrain {
						t.Fatalf("%+v", e)
					}
				}
			}
			x.destroy()
		})
	}
}

// A shutdown that comes while a client or server is being made finds it known to the host, or
// refuses it: its handle is released once.
func TestShutdownFindsWhatIsJustBeingMade(t *testing.T) {
	t.Parallel()
	for range 50 {
		h := start(t, config.Library{})
		begin, over := make(chan struct{}), make(chan struct{})
		var made atomic.Int32
		go func() {
			defer close(over)
			<-begin
			for {
				x := h.acquire(nil, nil, nil)
				_, err := h.engine.NewClient(x.block, config.ConnOptions{}, func(c *Conn) { x.conn = c })
				if err == nil {
					made.Add(1)
					continue
				}
				if x.released.Load() || err.ID != fault.IDShutdown {
					t.Errorf("%v: refused by %v, and released: %v", x, err, x.released.Load())
				}
				x.destroyed.Add(1) // never a handle of the host
				h.Release(x.block)
				return
			}
		}()
		close(begin)
		for made.Load() == 0 {
		}
		if !h.engine.Shutdown(deadline) {
			t.Error("the shutdown took too long")
		}
		<-over // the end of the test looks at each handle
	}
}
