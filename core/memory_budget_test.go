// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

const tinyBudget = 1 << 20 // the least there is

func TestSendOverTheMemoryBudgetIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Budget: tinyBudget})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	x := r.next(t, border.EventOpen).x
	if err := x.send(ws.OpBinary, make([]byte, tinyBudget), func(event) {}); err == nil || err.ID != fault.IDMemory {
		t.Errorf("a message of the size of the budget: %v", err)
	}
	n := 0
	for {
		err := x.send(ws.OpBinary, make([]byte, 100_000), func(event) {})
		if err != nil && err.ID == fault.IDMemory {
			break
		}
		if err != nil {
			t.Fatalf("message %d: %v", n, err)
		}
		n++
	}
	if used := h.engine.pool.Used(); used > tinyBudget+256<<10 {
		t.Errorf("%d bytes are in use, the budget is %d", used, tinyBudget)
	}
	if x.block.State() != border.StateOpen {
		t.Error("a refused send ended the connection")
	}
	for range n { // everything that was accepted arrives
		if f, err := p.read(); err != nil || len(f.Payload) != 100_000 {
			t.Fatalf("%d bytes, %v", len(f.Payload), err)
		}
	}
	done := newMailbox[event]()
	if err := x.send(ws.OpBinary, make([]byte, 100_000), done.put); err != nil {
		t.Errorf("when the queue is empty again: %v", err)
	} else if e := done.take(t, "completion"); e.id != 0 {
		t.Errorf("completion: %+v", e)
	}
}

func TestGrowingMessageOverTheMemoryBudgetEndsWith1013(t *testing.T) {
	for name, fragment := range map[string]int{"one frame": 8 << 20, "fragments": 1000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Budget: tinyBudget})
			r := newRecorder()
			_, port := h.listening(config.ConnOptions{}, r.listen)
			p := join(t, port)
			x := r.next(t, border.EventOpen).x
			other := join(t, port)
			r.next(t, border.EventOpen)
			must(t, p.send(ws.OpText, []byte("before")))
			go func() { // ends with the connection
				op := ws.OpBinary
				for sent := 0; sent < 8<<20; sent += fragment {
					if _, err := p.Write(p.frame(ws.NewFrame(op, false, make([]byte, fragment)))); err != nil {
						return
					}
					op = ws.OpContinuation
				}
			}()
			if e := r.next(t, border.EventMessage); string(e.data) != "before" {
				t.Errorf("%q", e.data)
			}
			if e := r.next(t, border.EventError); e.x != x || e.id != fault.IDMemory || e.stage != dial.StageLimit || e.code != 1013 {
				t.Errorf("error: %+v", e)
			}
			if code, _, err := p.closing(); err != nil || code != 1013 {
				t.Errorf("the peer got %d, %v", code, err)
			}
			p.Close()
			if e := r.next(t, border.EventClose); e.code != 1006 {
				t.Errorf("close: %+v", e)
			}
			r.next(t, border.EventDestroyed)
			// Others live on.
			must(t, other.send(ws.OpBinary, make([]byte, 100_000)))
			if e := r.next(t, border.EventMessage); len(e.data) != 100_000 {
				t.Errorf("%d bytes", len(e.data))
			}
		})
	}
}
