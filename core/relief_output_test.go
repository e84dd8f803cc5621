// SPDX-License-Identifier: Apache-2.0

package core

import (
	"net"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/reconnect"
)

// What waits to be sent takes the same memory wherever it waits: behind the pieces of a message,
// or whole, because its client keeps it over a loss. Who holds the most so ends, although it
// has no queue, and gives it back, although it connects anew.
func TestLargestHolderIsFoundWhereverItsOutputWaits(t *testing.T) {
	t.Parallel()
	// Each fills the memory from the end of one connection and returns it; its events come to r.
	fills := map[string]func(t *testing.T, h *testHost, r recorder, port int, server *handle) (holder *handle){
		"behind pieces": func(t *testing.T, h *testHost, r recorder, port int, server *handle) *handle {
			join(t, port)
			x := r.next(t, border.EventOpen).x
			must2(t, x.conn.SendPart(ws.OpBinary, []byte("begun"), false, border.Completion{}))
			for h.engine.pool.Used() < shortBudget-60_000 {
				if _, err := server.server.Broadcast(make([]byte, 50_000), ws.OpBinary, nil); err != nil {
					t.Fatal(err)
				}
			}
			return x
		},
		"whole at a client": func(t *testing.T, h *testHost, r recorder, port int, server *handle) *handle {
			done := make(chan struct{})
			url := foreign(t, func(p *peer) error {
				p.Conn.(*net.TCPConn).SetReadBuffer(4096)
				<-done
				return nil
			})
			t.Cleanup(func() { close(done) }) // before foreign waits for its goroutines
			x := h.client(config.ConnOptions{MaxBuffered: shortBudget}, r.listen)
			must2(t, x.connectWith(url, config.ConnectOptions{Reconnect: &config.Reconnect{Policy: reconnect.Policy{First: time.Hour}, KeepSends: true}}, nil))
			r.next(t, border.EventOpen)
			x.fillOutput(t, shortBudget-60_000)
			return x
		},
	}
	for name, fill := range fills {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Budget: shortBudget})
			h.stallsAfter(time.Hour)
			r := newRecorder()
			server, port := h.listening(config.ConnOptions{}, r.listen)
			holder := fill(t, h, r, port, server)
			last := join(t, port)
			y := r.nextOfAny(t, border.EventOpen).x
			must(t, last.send(ws.OpBinary, make([]byte, 200_000)))
			for received, ended := false, false; !received || !ended; {
				switch e := r.take(t, "event"); {
				case e.kind == border.EventMessage && e.x == y:
					received = true
				case e.kind == border.EventError && (e.x != holder || e.id != fault.IDMemory):
					t.Fatalf("%v: %+v", e.x, e.event)
				case e.kind == border.EventClose && e.x == holder:
					ended = true
				}
			}
			eventually(t, func() error {
				if used := h.engine.pool.Used(); used > shortBudget/2 {
					return asError(fault.Refused(fault.IDMemory, "%d bytes are in use", used))
				}
				return nil
			})
			if n := h.engine.Stats().Relieved; n != 1 {
				t.Errorf("%d connections were ended", n)
			}
			holder.destroy()
		})
	}
}
