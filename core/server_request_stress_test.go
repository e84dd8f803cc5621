// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/handshake"
)

// Clients and threads of the host do everything at every moment of a request. All
// connections end, each once (testHost), no buffer is left, and what is counted is 0.
func TestRequestsSurviveWhateverTheirHostAndClientsDo(t *testing.T) {
	t.Parallel()
	for _, secured := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", secured), func(t *testing.T) {
			h := start(t, config.Library{Loops: 2})
			seed := time.Now().UnixNano()
			t.Logf("seed %d", seed)
			asked := make(chan *handle, 1000)
			o := config.ListenOptions{Limits: config.ListenLimits{Connections: 30, PerMinute: 100000}, HTTP: config.HTTPOptions{Decision: 150 * time.Millisecond, KeepAlive: 150 * time.Millisecond}}
			if secured {
				o.TLS = config.ServerTLS{Own: certs().good.inMemory()}
			}
			server, port := h.asking(o, func(_ *dispatcher, x *handle, e event) {
				if e.kind == border.EventUpgrade || e.kind == border.EventRequest {
					asked <- x
				}
			})
			var clients, hosts sync.WaitGroup
			for i := range 3 {
				hosts.Go(func() {
					r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
					for x := range asked {
						for range 1 + r.IntN(3) {
							meddle(r, x)
						}
					}
				})
			}
			for i := range 12 {
				clients.Go(func() {
					r := rand.New(rand.NewPCG(uint64(seed), uint64(100+i)))
					for range 12 {
						visit(r, port, secured)
					}
				})
			}
			clients.Wait()
			stopped := newMailbox[event]()
			if err := server.stopServerWith(config.CloseOptions{Code: 1001, Timeout: deadline / 2}, stopped.put); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			stopped.take(t, "completion of the stop")
			if time.Since(began) > deadline/2 {
				t.Error("a connection whose client had left hung until the stop cut it")
			}
			close(asked)
			hosts.Wait()
			n := &h.engine.counters
			connections, addresses := server.server.admission.Inside()
			if n.sockets.Load() != 0 || n.refusing.Load() != 0 || n.open.Load() != 0 || connections != 0 || addresses != 0 {
				t.Errorf("%d sockets, %d refusing, %d open, %d let in of %d addresses are left", n.sockets.Load(), n.refusing.Load(), n.open.Load(), connections, addresses)
			}
		})
	}
}

// meddle does something to a connection that waits, or has waited, for its answer.
func meddle(r *rand.Rand, x *handle) {
	if x.alive() != nil {
		return
	}
	c := x.conn
	switch r.IntN(14) {
	case 0, 1, 2:
		c.Accept(AcceptOptions{})
	case 3, 4:
		c.Respond(handshake.Reply{Status: 200, Body: []byte("short")})
	case 5:
		c.Respond(handshake.Reply{Status: 200, Body: make([]byte, 4<<20)})
	case 6:
		c.Respond(handshake.Reply{Status: 404, Body: make([]byte, 4<<20), Close: true})
	case 7:
		c.Abort()
	case 8:
		x.destroy()
	case 9:
		c.Pause()
		time.AfterFunc(time.Duration(r.IntN(20))*time.Millisecond, func() { c.Resume() })
	case 10:
		c.Close(1000, "", border.Completion{})
	case 11:
		c.Send(ws.OpText, []byte("hello"), border.Completion{})
	case 12:
		c.comes(onStop, &occasion{how: config.CloseOptions{Code: 1001, Timeout: time.Second}})
	}
}

// visit is a client that sends requests in pieces and leaves in some way.
func visit(r *rand.Rand, port int, secured bool) {
	tcp, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return
	}
	defer tcp.Close()
	tcp.SetDeadline(time.Now().Add(deadline))
	raw := tcp
	if secured {
		raw = tls.Client(tcp, foreignConfig(tls.VersionTLS13))
	}
	var all strings.Builder
	for range 1 + r.IntN(4) {
		switch r.IntN(4) {
		case 0:
			all.WriteString("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		case 1:
			all.WriteString("HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
		case 2:
			all.WriteString("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9000\r\n\r\n" + strings.Repeat("b", 9000))
		case 3:
			all.WriteString(request)
			all.Write((&peer{state: ws.StateClientSide}).frame(ws.NewTextFrame([]byte("hello"))))
		}
	}
	step := []int{1 << 20, 5000, 700}[r.IntN(3)]
	for left := all.String(); left != ""; {
		n := min(step, len(left))
		if _, err := raw.Write([]byte(left[:n])); err != nil {
			break
		}
		left = left[n:]
	}
	switch r.IntN(4) {
	case 0:
		tcp.(*net.TCPConn).SetLinger(0)
	case 1:
		tcp.(*net.TCPConn).CloseWrite()
		tcp.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		io.Copy(io.Discard, raw)
	case 2:
		tcp.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
		io.Copy(io.Discard, raw)
	case 3:
		io.CopyN(io.Discard, raw, 100)
	}
}
