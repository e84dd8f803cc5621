// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
)

func TestServerIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	started, port := h.listening(config.ConnOptions{}, nil)
	s := h.newServer(config.ConnOptions{}, nil)
	for name, c := range map[string]struct {
		o  config.ListenOptions
		id int32
	}{
		"a taken port":              {config.ListenOptions{IP: "127.0.0.1", Port: port}, fault.IDPortOccupied},
		"a name":                    {config.ListenOptions{IP: "localhost"}, fault.IDListenIP},
		"an address of others":      {config.ListenOptions{IP: "192.0.2.1"}, fault.IDListenIP},
		"a port below the range":    {config.ListenOptions{Port: -1}, fault.IDListenPort},
		"a port above the range":    {config.ListenOptions{Port: 65536}, fault.IDListenPort},
		"a backlog below the range": {config.ListenOptions{Backlog: -1}, fault.IDParameter},
		"a negative timeout":        {config.ListenOptions{Timeout: -time.Second}, fault.IDParameter},
	} {
		if err := s.startServer(c.o, func(event) {}); err == nil || err.ID != c.id {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := started.startServer(config.ListenOptions{}, func(event) {}); err == nil || err.ID != fault.IDState {
		t.Errorf("starting twice: %v", err)
	}
	if err := s.stopServer(func(event) {}); err == nil || err.ID != fault.IDState {
		t.Errorf("stopping a server that is not started: %v", err)
	}
	if _, err := s.server.Port(); err == nil || err.ID != fault.IDState {
		t.Errorf("the port of a server that is not started: %v", err)
	}
	s.destroy()
	if err := s.server.Stop(config.CloseOptions{Code: 1001}, border.Completion{}); err == nil || err.ID != fault.IDHandle {
		t.Errorf("stopping a destroyed server: %v", err)
	}
}

func TestConnectionsAreListedOldestFirst(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	raw, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)) // has no handle
	must(t, err)
	defer raw.Close()
	var want []*handle
	for range 5 {
		p := join(t, port)
		x := r.next(t, border.EventOpen).x
		want = append(want, x)
		if got, want := peerOf(t, x), netip.MustParseAddrPort(p.LocalAddr().String()); got != want {
			t.Errorf("the peer is %v, want %v", got, want)
		}
		if x.conn.ServerHandle() != server.block.Handle {
			t.Error("the connection belongs to another server")
		}
	}
	if n := server.server.Connections(nil); n != 5 {
		t.Errorf("%d connections, want 5", n)
	}
	few := make([]uint64, 4)
	if n := server.server.Connections(few); n != 5 || few[0] != 0 {
		t.Errorf("%d connections and %v in a list that is too short", n, few)
	}
	got := h.open(server)
	if len(got) != 5 {
		t.Fatalf("%d connections, want 5", len(got))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("connection %d is the %v, want the %v", i, got[i], want[i])
		}
	}
	want[2].destroy()
	r.next(t, border.EventClose)
	r.next(t, border.EventDestroyed)
	h.roundsEnd() // then it is taken off the list
	if n := server.server.Connections(nil); n != 4 {
		t.Errorf("%d connections after one was destroyed, want 4", n)
	}
}

// roundsEnd waits until every loop has ended its current round.
func peerOf(t *testing.T, x *handle) netip.AddrPort {
	t.Helper()
	p, err := x.conn.Peer()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *testHost) roundsEnd() {
	for _, w := range h.engine.workers {
		done := make(chan struct{})
		if w.loop.Post(func() { close(done) }) {
			<-done
		}
	}
}

func TestStopClosesEveryConnectionWith1001(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 3})
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	var peers []*peer
	for range 6 {
		peers = append(peers, join(t, port))
		r.next(t, border.EventOpen)
	}
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	if err := server.stopServer(func(event) {}); err == nil || err.ID != fault.IDState {
		t.Errorf("stopping twice: %v", err)
	}
	if err := server.startServer(config.ListenOptions{}, func(event) {}); err == nil || err.ID != fault.IDState {
		t.Errorf("starting while stopping: %v", err)
	}
	for _, p := range peers {
		code, reason, err := p.closing()
		if err != nil || code != 1001 || reason == "" {
			t.Errorf("the peer got %d %q, %v", code, reason, err)
		}
		must(t, p.send(ws.OpClose, ws.NewCloseFrameBody(1001, "")))
		p.Close()
	}
	if e := stopped.take(t, "completion of the stop"); e.id != 0 || e.operation != border.OpServerStop {
		t.Errorf("completion: %+v", e)
	}
	if _, err := tryJoin(port); err == nil {
		t.Error("a stopped server still accepts")
	}
	closes, destroyed := 0, 0
	for closes+destroyed < 2*len(peers) { // those of one loop come between those of others
		e := r.take(t, "close or destroyed event")
		switch e.kind {
		case border.EventClose:
			closes++
			if e.code != 1001 || !e.clean {
				t.Errorf("close: %+v", e)
			}
		case border.EventDestroyed:
			destroyed++
		default:
			t.Errorf("event %+v", e)
		}
	}
	if closes != len(peers) {
		t.Errorf("%d close events for %d connections", closes, len(peers))
	}
}

func TestStopRightAfterStartCompletesBoth(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server := h.newServer(config.ConnOptions{}, nil)
	done := newMailbox[event]()
	port := 0
	for i := range 20 {
		if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Port: port}, done.put); err != nil {
			t.Fatalf("start %d: %v", i, err)
		}
		port, _ = server.server.Port() // the next start takes the same one
		if err := server.stopServer(done.put); err != nil {
			t.Fatalf("stop %d: %v", i, err)
		}
		for _, want := range []border.Operation{border.OpServerStart, border.OpServerStop} {
			if e := done.take(t, "completion"); e.operation != want || e.id != 0 {
				t.Fatalf("round %d: completion %+v, want operation %d", i, e, want)
			}
		}
	}
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Port: port}, done.put); err != nil {
		t.Fatal(err)
	}
	server.destroy()
	done.take(t, "completion of the last start")
}

func TestStopCutsPeersThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	r.next(t, border.EventOpen)
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	if e := stopped.take(t, "completion of the stop"); e.id != 0 {
		t.Errorf("completion: %+v", e)
	}
	must(t, p.end())
}

// The same server starts, stops and is destroyed again and again, with
// connections in every phase of their life.
func TestServerGoesThroughItsLifeWithConnectionsInEveryPhase(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Loops: loops})
			for range 3 {
				r := newRecorder()
				server := h.newServer(config.ConnOptions{}, r.listen)
				for range 3 {
					port := server.listen(t)
					peers := everyPhase(t, server, r, port)
					stopped := newMailbox[event]()
					if err := server.stopServer(stopped.put); err != nil {
						t.Fatal(err)
					}
					var reading sync.WaitGroup
					for _, p := range peers {
						reading.Go(func() {
							if err := p.end(); err != nil {
								t.Error(err)
							}
							p.Close()
						})
						if p, ok := p.(*peer); ok {
							p.Write(p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(1001, "")))) // may be gone already
							p.Conn.(*net.TCPConn).CloseWrite()
						}
					}
					if e := stopped.take(t, "completion of the stop"); e.id != 0 {
						t.Fatalf("completion of the stop: %+v", e)
					}
					reading.Wait()
				}
				everyPhase(t, server, r, server.listen(t))
				server.destroy()
			}
		})
	}
}

// ender is a foreign end whose stream can be awaited.
type ender interface {
	end() error
	Close() error
}

// everyPhase brings connections of a server into each phase.
func everyPhase(t *testing.T, server *handle, r recorder, port int) (peers []ender) {
	t.Helper()
	opened := func() (*peer, *handle) {
		p := join(t, port)
		for {
			if e := r.take(t, "open event"); e.kind == border.EventOpen {
				peers = append(peers, p)
				return p, e.x
			}
		}
	}
	for _, request := range []string{"", "GET / HTTP/1.1\r\nHost: localhost\r\n", "nonsense\r\n\r\n"} {
		raw := rawTo(t, port)
		_, err := raw.Write([]byte(request))
		must(t, err)
		peers = append(peers, raw) // waits for its head, has half of it, was refused
	}
	opened()
	p, _ := opened() // in the middle of a message
	_, err := p.Write(p.frame(ws.NewBinaryFrame(make([]byte, 100_000)))[:70_000])
	must(t, err)
	_, x := opened() // with a queue
	for x.send(ws.OpBinary, make([]byte, 100_000), func(event) {}) == nil && x.block.Buffered() == 0 {
	}
	p, x = opened() // our Close frame is not answered
	if err := x.close(1000, "", func(event) {}); err != nil {
		t.Fatal(err)
	}
	p.closing()
	p, _ = opened() // both Close frames were sent, the peer keeps the connection
	must(t, p.send(ws.OpClose, nil))
	p.closing()
	p, _ = opened() // was failed
	p.Write([]byte{0xff, 0xff})
	p.closing()
	return peers
}

// rawEnd is a foreign end before the upgrade.
type rawEnd struct{ net.Conn }

func (r rawEnd) end() error { return (&peer{r.Conn, r.Conn, 0}).end() }

// connect makes a TCP connection to a server.
func rawTo(t testing.TB, port int) rawEnd {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(t, err)
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(deadline))
	return rawEnd{c}
}

func TestFailuresToListenHaveTheModulesIDs(t *testing.T) {
	t.Parallel()
	address := netip.MustParseAddrPort("127.0.0.1:80")
	for errno, id := range map[syscall.Errno]int32{
		loop.EADDRINUSE:    fault.IDPortOccupied,
		loop.EADDRNOTAVAIL: fault.IDListenIP,
		loop.EAFNOSUPPORT:  fault.IDListenIP,
		loop.EACCES:        fault.IDListenPort,
		loop.EPERM:         fault.IDListenPort,
		loop.EMFILE:        fault.IDUnknown,
	} {
		if e := listenError(address, "bind", errno); e.ID != id || e.Errno != errno || !strings.Contains(e.Text, "127.0.0.1:80") {
			t.Errorf("%v: %+v, want %d", errno, e, id)
		}
	}
}

// Who has heard of the close of a connection does not find it in the list.
func TestClosedConnectionsAreNotListed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	opened, left := newMailbox[*handle](), newMailbox[int]()
	server, port := h.listening(config.ConnOptions{}, func(_ *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			opened.put(x)
		case border.EventClose:
			left.put(x.parent.server.Connections(nil))
		}
	})
	p := join(t, port)
	opened.take(t, "connection")
	if n := server.server.Connections(nil); n != 1 {
		t.Errorf("%d connections are listed, want 1", n)
	}
	p.Close()
	if n := left.take(t, "close"); n != 0 {
		t.Errorf("%d connections are listed in the close event of the only one", n)
	}
}

// A connection has a handle before it is open; the list does not give it away.
func TestConnectionsAreListedWhenTheyAreOpen(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server := h.newServer(config.ConnOptions{}, nil)
	bound := &Conn{server: server.server, block: &border.Block{Handle: 1, ReadyState: uint32(border.StateClosed)}}
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1"}, nil); err != nil {
		t.Fatal(err)
	}
	server.server.mu.Lock()
	server.server.add(bound)
	server.server.mu.Unlock()
	defer server.server.remove(bound)
	if n := server.server.Connections(nil); n != 0 {
		t.Errorf("%d connections are listed, want 0", n)
	}
	bound.block.SetState(border.StateOpen)
	if n := server.server.Connections(nil); n != 1 {
		t.Errorf("%d connections are listed, want 1", n)
	}
}
