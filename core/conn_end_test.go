// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

func TestDestroyEndsAConnectionAtOnce(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		if !s.x.destroy() {
			t.Fatal("the handle was dead already")
		}
		s.x.conn.Destroy() // harmless
		want := fault.IDHandle
		if s.x.parent != nil {
			want = fault.IDNoConnection
		}
		if err := s.x.conn.Send(ws.OpText, nil, border.Completion{}); err == nil || err.ID != want {
			t.Errorf("sending: %v", err)
		}
		if err := s.x.conn.Close(1000, "", border.Completion{}); err == nil || err.ID != want {
			t.Errorf("closing: %v", err)
		}
		if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean {
			t.Errorf("close: %+v", e)
		}
		s.r.next(t, border.EventDestroyed)
		must(t, s.peer.end())
	})
}

func TestDestroyOfAServerEndsItsConnections(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 3})
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	for range 7 {
		join(t, port)
		r.next(t, border.EventOpen)
	}
	server.destroy()
	closes := 0
	for {
		e := r.take(t, "event")
		if e.kind == border.EventClose {
			closes++
			if e.code != 1006 {
				t.Errorf("close: %+v", e)
			}
		}
		if e.kind == border.EventDestroyed && e.x == server {
			break
		}
	}
	if closes != 7 {
		t.Errorf("%d connections were closed before the server's last event", closes)
	}
	if err := server.startServer(config.ListenOptions{}, nil); err == nil || err.ID != fault.IDHandle {
		t.Errorf("starting a destroyed server: %v", err)
	}
}

// The block of a released connection belongs to the next handle: nothing may be
// done to it through the old connection.
func TestReleasedConnectionRefusesEverything(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	x := r.next(t, border.EventOpen).x
	p.reset()
	r.next(t, border.EventError)
	r.next(t, border.EventClose)
	r.next(t, border.EventDestroyed)
	h.roundsEnd()
	x.block.SetState(border.StateOpen) // it is somebody else's now
	if err := x.conn.Send(ws.OpText, nil, border.Completion{}); err == nil || err.ID != fault.IDNoConnection {
		t.Errorf("sending: %v", err)
	}
	if err := x.conn.Close(1000, "", border.Completion{}); err == nil || err.ID != fault.IDNoConnection {
		t.Errorf("closing: %v", err)
	}
	x.conn.Destroy()
	h.roundsEnd()
	if x.block.Load() != nextOwner || x.block.State() != border.StateOpen {
		t.Errorf("the next owner's block was changed: %+v", x.block)
	}
}

func TestServerThatWasStoppedCanBeDestroyed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	server, _ := h.listening(config.ConnOptions{}, r.listen)
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	stopped.take(t, "completion of the stop")
	server.destroy()
	r.next(t, border.EventDestroyed)
}

func TestDestroyDuringAStopCancelsIt(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	join(t, port) // does not answer the Close frame
	r.next(t, border.EventOpen)
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	server.destroy()
	if e := stopped.take(t, "completion of the stop"); e.id != fault.IDCancelled || e.operation != border.OpServerStop {
		t.Errorf("completion: %+v", e)
	}
}

// Two connections end in one round. The listener of the first close destroys
// the other handle, whose close is behind it in the same batch: it is told.
func TestCloseIsToldToAHandleDestroyedInTheSameBatch(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	var pair [2]*handle
	opened, ended := newMailbox[*handle](), newMailbox[*handle]()
	_, port := h.listening(config.ConnOptions{}, func(_ *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			opened.put(x)
		case border.EventClose:
			for _, other := range pair {
				if other != x {
					other.destroy()
				}
			}
		case border.EventDestroyed:
			ended.put(x)
		}
	})
	peers := [2]*peer{join(t, port), join(t, port)}
	for i := range pair {
		pair[i] = opened.take(t, "connection")
	}
	both := make(chan struct{})
	h.engine.workers[0].loop.Post(func() {
		<-both // so that one round finds both resets
	})
	for _, p := range peers {
		p.reset() // on the loopback, it has arrived when the call returns
	}
	close(both)
	for range pair {
		x := ended.take(t, "destroyed event")
		if o, c := x.opens.Load(), x.closes.Load(); o != 1 || c != 1 {
			t.Errorf("%v: %d opens, %d closes", x, o, c)
		}
	}
}

// Handles are destroyed at random moments by several threads and by callbacks.
// The test host checks every connection: one close if open was told, then one
// destroyed event, the last; completions exactly once. A seed that fails, fails
// again with most of the same moments.
func TestDestroyAtRandomMoments(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			destroyAtRandom(t, rand.New(rand.NewPCG(seed, 17)), 1+int(seed%3), seed%4 == 3)
		})
	}
}

func destroyAtRandom(t *testing.T, random *rand.Rand, loops int, overTLS bool) {
	h := start(t, config.Library{Loops: loops})
	// The script is drawn beforehand: which event of a handle destroys it.
	const clients = 40
	var script [4 * clients]int
	for i := range script {
		script[i] = random.IntN(30)
	}
	events := map[*handle]int{} // how many each has had
	var mu sync.Mutex
	doomed, resumed := make(chan *handle, 10*clients), make(chan *handle, 100*clients)
	listen := func(d *dispatcher, x *handle, e event) {
		mu.Lock()
		events[x]++
		due := events[x] == script[int(x.block.Slot)%len(script)]
		mu.Unlock()
		switch {
		case due && random32(x)%2 == 0:
			x.destroy()
		case due:
			doomed <- x
		case e.kind == border.EventMessage && e.data[0]%8 == 0: // the events behind it wait, and may be overtaken by the end
			x.conn.Pause()
			resumed <- x
		case e.kind == border.EventMessage && x.parent != nil:
			d.echo(x, e)
		}
	}
	var server *handle
	var url string
	var options config.ConnectOptions
	if overTLS {
		secured, port := h.secureServer(config.ConnOptions{}, certs().good, listen)
		server, url, options = secured, wss(port), trusting(t)
	} else {
		plain, port := h.listening(config.ConnOptions{}, listen)
		server, url = plain, fmt.Sprintf("ws://127.0.0.1:%d", port)
	}
	over := make(chan struct{})
	var running, destroyer sync.WaitGroup
	destroyer.Go(func() {
		for {
			select {
			case x := <-doomed:
				x.destroy()
			case x := <-resumed:
				x.conn.Resume()
			case <-over:
				return
			}
		}
	})
	for range clients {
		x := h.client(config.ConnOptions{}, listen)
		connected := make(chan event, 1)
		if err := x.connectWith(url, options, func(e event) { connected <- e }); err != nil {
			t.Fatal(err)
		}
		steps, kind := random.IntN(40), random.IntN(4)
		running.Go(func() {
			<-connected // or failed
			for n := range uint32(steps) {
				if err := x.send(ws.OpBinary, stamped(byte(n), n, 4000), func(event) {}); err != nil && err != errNotOpen && err != errGone && err != errEnded {
					t.Error(err)
				}
			}
			if kind == 1 || kind == 2 {
				x.close(1000, "", func(event) {})
			}
			if kind == 0 || kind == 1 {
				x.destroy()
			}
		})
		if random.IntN(8) == 0 {
			x.destroy() // while it connects
		}
	}
	running.Wait()
	if random.IntN(2) == 0 {
		running.Go(func() { server.destroy() })
	}
	for range random.IntN(10) {
		running.Go(func() {
			for _, n := range h.open(server) {
				n.destroy()
			}
		})
	}
	running.Wait()
	close(over)
	destroyer.Wait()
}

// random32 is a number that depends on the handle only.
func random32(x *handle) uint32 { return x.block.Slot * 2654435761 >> 16 }

// open are the connections of a server, as any thread finds them.
func (h *testHost) open(server *handle) []*handle {
	numbers := make([]uint64, 1000)
	n := server.server.Connections(numbers)
	var found []*handle
	for _, number := range numbers[:min(n, len(numbers))] {
		found = append(found, h.at(uint32(number>>8)))
	}
	return found
}
