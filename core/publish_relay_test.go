// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"net"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/fault"
	"libws/core/relay"
)

// relayed gives the server of an audience a relay, and returns how many messages it has got when it is over.
func (g *audience) relayed(t *testing.T, o config.Relay) (messages <-chan int) {
	t.Helper()
	got := make(chan int, 1)
	err := g.server.server.SetRelay(o, func(r *Relay) *fault.Error {
		go func() {
			n := 0
			for item, some := r.Next(); some; item, some = r.Next() {
				if item.Name == "" {
					n++
				}
			}
			got <- n
			r.Over()
		}()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// What is handed in is encoded once and in memory once, however many get it, as what is published;
// over the budget nobody gets it, and none of it goes out again.
func TestHandedInMessagesAreInMemoryOnce(t *testing.T) {
	t.Parallel()
	const budget, size = 4 << 20, 100_000
	g := gather(t, 8, config.Library{Budget: budget}, config.ConnOptions{}, false, nil)
	over := g.relayed(t, config.Relay{})
	for _, p := range g.peers {
		must(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
	}
	var err *fault.Error
	for sent := 0; err == nil && sent < 1000; sent++ {
		err = g.server.server.Deliver(relay.Message{Op: ws.OpBinary, Broadcast: true, Data: make([]byte, size)})
		if used := g.h.engine.pool.Used(); used > budget {
			t.Fatalf("%d bytes are used", used)
		}
	}
	if err == nil || err.ID != fault.IDMemory {
		t.Fatalf("Deliver over the budget: %v", err)
	}
	waits := uint64(0)
	for _, x := range g.xs {
		waits += x.block.Buffered()
	}
	if waits < 2*budget {
		t.Errorf("%d bytes wait for a budget of %d", waits, budget)
	}
	for _, p := range g.peers {
		p.Close()
	}
	g.server.server.EndRelay()
	if n := <-over; n != 0 {
		t.Errorf("%d messages went out again", n)
	}
}

// A relay whose thread does not begin has not been there.
func TestARelayThatDoesNotBeginIsGone(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	s := g.server.server
	refused := fault.Refused(fault.IDUnknown, "no thread")
	if err := s.SetRelay(config.Relay{Interest: true}, func(*Relay) *fault.Error {
		_, err := s.Publish([]byte("t"), []byte("meanwhile"), ws.OpText, nil)
		must2(t, err)
		must2(t, g.xs[0].conn.Subscribe([]byte("t")))
		return refused
	}); err != refused {
		t.Fatalf("SetRelay: %v", err)
	}
	if err := s.Deliver(relay.Message{Op: ws.OpText, Broadcast: true}); err == nil || err.ID != fault.IDState {
		t.Errorf("Deliver: %v", err)
	}
	over := g.relayed(t, config.Relay{Interest: true})
	n, err := s.Publish([]byte("t"), []byte("x"), ws.OpText, nil)
	if n != 1 || err != nil {
		t.Errorf("Publish: %d, %v", n, err)
	}
	s.EndRelay()
	if n := <-over; n != 1 {
		t.Errorf("%d messages came", n)
	}
	p, errRead := g.peers[0].read()
	if errRead != nil || !bytes.Equal(p.Payload, []byte("x")) {
		t.Errorf("%q came, %v", p.Payload, errRead)
	}
}
