// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// Every order of opening, sending, closing and destroying must end with each
// promise of the host kept; testHost checks them.
func TestSecureConnectionsMayBeDestroyedAtAnyMoment(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	accepted := newMailbox[*handle]()
	on := func(d *dispatcher, x *handle, e event) {
		switch {
		case e.kind == border.EventOpen && x.parent != nil:
			accepted.put(x)
		case e.kind == border.EventMessage && x.parent != nil:
			if err := d.send(x, ws.OpBinary, e.data); err != nil && err.ID != fault.IDFull && err.ID != fault.IDState && err.ID != fault.IDHandle && err.ID != fault.IDNoConnection {
				t.Errorf("%v: echo: %v", x, err)
			}
		case e.kind == border.EventMessage && rand.IntN(20) == 0:
			x.destroy() // inside a callback
		}
	}
	_, port := h.secureServer(config.ConnOptions{MaxBuffered: 1 << 20}, certs().good, on)
	stop := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		for {
			accepted.mu.Lock()
			var x *handle
			if n := len(accepted.items); n > 0 {
				x, accepted.items = accepted.items[n-1], accepted.items[:n-1]
			}
			accepted.mu.Unlock()
			if x != nil && rand.IntN(3) == 0 {
				x.destroy()
			}
			select {
			case <-stop:
				return
			default:
				h.round()
			}
		}
	})
	o := trusting(t)
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for range 25 {
				x := h.client(config.ConnOptions{MaxBuffered: 1 << 20}, on)
				connected := make(chan struct{})
				if err := x.connectWith(wss(port), o, func(event) { close(connected) }); err != nil {
					t.Error(err)
					return
				}
				if rand.IntN(4) != 0 {
					<-connected
				}
				message := make([]byte, rand.IntN(100_000))
				for range rand.IntN(10) {
					x.send(ws.OpBinary, message, func(event) {}) // may be refused
				}
				switch rand.IntN(3) {
				case 0:
					x.close(1000, "", func(event) {})
				case 1:
					x.conn.Pause()
				}
				x.destroy()
			}
		})
	}
	working.Wait()
	close(stop)
	killer.Wait()
}

func TestStopEndsRunningHandshakesAndClosesTheRest(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	seen := newRecorder()
	server, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, seen.listen)
	hello := clientHello(t)
	var silent []net.Conn
	for i := range 100 {
		conn := dialed(t, port)
		conn.Write(hello[:len(hello)*(i%4)/3])
		silent = append(silent, conn)
	}
	waiting, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), foreignConfig(tls.VersionTLS13))
	must(t, err) // no upgrade request
	waiting.SetDeadline(time.Now().Add(deadline))
	p, r := joinRecords(t, port)
	seen.next(t, border.EventOpen)
	done := newMailbox[event]()
	if err := server.stopServer(done.put); err != nil {
		t.Fatal(err)
	}
	must(t, says(p, 1001))
	must(t, p.send(ws.OpClose, closeBody(1001)))
	must(t, r.endsWell())
	r.Close()
	if e := done.take(t, "completion of the stop"); e.id != 0 {
		t.Errorf("%+v", e)
	}
	for _, conn := range silent {
		must(t, (&peer{Conn: conn, r: conn}).end())
	}
	must(t, (&peer{Conn: waiting, r: waiting}).end())
	seen.next(t, border.EventClose)
	// And it starts again.
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1"}, nil); err != nil {
		t.Fatal(err)
	}
}

func TestDestroyedServerEndsRunningHandshakes(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	server, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, nil)
	hello := clientHello(t)
	var silent []net.Conn
	for i := range 100 {
		conn := dialed(t, port)
		conn.Write(hello[:len(hello)*(i%4)/3])
		silent = append(silent, conn)
	}
	server.destroy()
	for _, conn := range silent {
		must(t, (&peer{Conn: conn, r: conn}).end())
	}
}

func TestSecureConnectionsLeaveNothingBehind(t *testing.T) {
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
	o := trusting(t)
	before := resources(t)
	for round := range 3 {
		for _, ends := range []func(x *handle, r recorder){
			func(x *handle, r recorder) {
				x.close(1000, "", nil)
				r.nextOf(t, deadline, border.EventClose)
			},
			func(x *handle, r recorder) { x.destroy() },
		} {
			for range 20 {
				r := newRecorder()
				x := h.client(config.ConnOptions{}, r.listen)
				if err := x.connectWith(wss(port), o, nil); err != nil {
					t.Fatal(err)
				}
				r.next(t, border.EventOpen)
				if err := x.send(ws.OpBinary, make([]byte, 50_000), nil); err != nil {
					t.Fatal(err)
				}
				r.next(t, border.EventMessage)
				ends(x, r)
				x.destroy()
				r.nextOf(t, deadline, border.EventDestroyed)
			}
		}
		// Peers that break off in the middle of everything.
		hello := clientHello(t)
		for i := range 20 {
			conn := dialed(t, port)
			conn.Write(hello[:len(hello)*(i%4)/3])
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
		h.dropped(t, "TLS handshake")
		before.settle(t, h, 0)
		if round == 2 {
			eventually(t, func() error { // the last descriptor is closed before its buffers go back
				if used := h.engine.pool.Used(); used != 0 {
					return fmt.Errorf("%d bytes of buffers are in use", used)
				}
				return nil
			})
		}
	}
}
