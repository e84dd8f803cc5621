// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// slow is a connection of ours whose peer reads nothing until told.
type slow struct {
	x    *handle
	r    recorder
	peer *peer
}

// bothRoles runs a test with our end as server and as client.
func bothRoles(t *testing.T, o config.ConnOptions, test func(t *testing.T, s slow)) {
	t.Parallel()
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		test(t, asServer(t, o))
	})
	t.Run("client", func(t *testing.T) {
		t.Parallel()
		test(t, asClient(t, o))
	})
}

func asServer(t *testing.T, o config.ConnOptions) slow {
	t.Helper()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(o, r.listen)
	p := join(t, port)
	return slow{r.next(t, border.EventOpen).x, r, p}
}

func asClient(t *testing.T, o config.ConnOptions) slow {
	t.Helper()
	peers, done := make(chan *peer, 1), make(chan struct{})
	url := foreign(t, func(p *peer) error {
		peers <- p
		<-done
		return nil
	})
	t.Cleanup(func() { close(done) }) // before foreign waits for its goroutines
	h := start(t, config.Library{})
	x, r := h.connected(o, url)
	return slow{x, r, <-peers}
}

// fill sends messages of 50 to 60 KB until the queue is full and tells how many
// were accepted. done, when not nil, is called with the number of each.
func (s slow) fill(t *testing.T, done func(n uint32, e event)) (accepted uint32) {
	t.Helper()
	for ; accepted < 10_000; accepted++ {
		var f func(event)
		if n := accepted; done != nil {
			f = func(e event) { done(n, e) }
		}
		switch err := s.x.send(ws.OpBinary, sized(accepted), f); err {
		case nil:
		case errFull:
			return accepted
		default:
			t.Fatalf("message %d: %v", accepted, err)
		}
	}
	t.Fatal("the queue never was full")
	return 0
}

// sized makes message n of fill.
func sized(n uint32) []byte { return append(stamped(1, n, 10_000), make([]byte, 50_000)...) }

// drained reads n messages of fill and checks them.
func (s slow) drained(t *testing.T, n uint32) {
	t.Helper()
	for i := range n {
		f, err := s.peer.read()
		must(t, err)
		if string(f.Payload) != string(sized(i)) {
			t.Fatalf("message %d is not what was sent: %d bytes", i, len(f.Payload))
		}
	}
}

func TestSlowReaderFillsTheQueueAndLosesNothing(t *testing.T) {
	const limit = 1 << 20
	bothRoles(t, config.ConnOptions{MaxBuffered: limit}, func(t *testing.T, s slow) {
		n := s.fill(t, nil)
		if b := s.x.block.Buffered(); b > limit || b < limit-61_000 {
			t.Errorf("the queue is full with %d of %d bytes", b, limit)
		}
		s.drained(t, n)
		// A completion says when the kernel has everything.
		done := newMailbox[event]()
		if err := s.x.send(ws.OpText, []byte("after"), done.put); err != nil {
			t.Fatal(err)
		}
		if e := done.take(t, "completion"); e.id != 0 || e.operation != border.OpSend {
			t.Errorf("completion: %+v", e)
		}
		if b := s.x.block.Buffered(); b != 0 {
			t.Errorf("%d bytes are buffered after everything was sent", b)
		}
		if f, err := s.peer.read(); err != nil || string(f.Payload) != "after" {
			t.Errorf("after the queue was full: %q, %v", f.Payload, err)
		}
	})
}

func TestQueueMayHoldMorePiecesThanOneSystemCallTakes(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		const messages = 3000 // of a buffer each
		for n := range uint32(messages) {
			if err := s.x.send(ws.OpBinary, append(stamped(1, n, 10), make([]byte, queueStep)...), nil); err != nil {
				t.Fatalf("message %d: %v; %d bytes are buffered", n, err, s.x.block.Buffered())
			}
		}
		for n := range uint32(messages) {
			f, err := s.peer.read()
			must(t, err)
			if !bytes.HasPrefix(f.Payload, stamped(1, n, 10)) {
				t.Fatalf("message %d is not what was sent", n)
			}
		}
	})
}

func TestOneMessageAlwaysFitsAnEmptyQueue(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 1000}, func(t *testing.T, s slow) {
		large := make([]byte, 12<<20) // more than the kernel takes
		if err := s.x.send(ws.OpBinary, large, nil); err != nil {
			t.Fatal(err)
		}
		if s.x.block.Buffered() < 1000 {
			t.Fatal("the kernel took nearly all of it")
		}
		if err := s.x.send(ws.OpBinary, nil, nil); err != errFull {
			t.Errorf("the next message: %v", err)
		}
		if f, err := s.peer.read(); err != nil || len(f.Payload) != len(large) {
			t.Errorf("%d bytes came, %v", len(f.Payload), err)
		}
	})
}

func TestMessageOverTheLimitIsRefused(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxMessage: 1000}, func(t *testing.T, s slow) {
		if err := s.x.send(ws.OpBinary, make([]byte, 1001), nil); err == nil || err.ID != fault.IDTooLarge {
			t.Errorf("1001 bytes: %v", err)
		}
		if err := s.x.send(ws.OpText, []byte{0xff}, nil); err == nil || err.ID != fault.IDParameter {
			t.Errorf("text that is not UTF-8: %v", err)
		}
		if err := s.x.send(ws.OpBinary, make([]byte, 1000), nil); err != nil {
			t.Errorf("1000 bytes: %v", err)
		}
		if f, err := s.peer.read(); err != nil || len(f.Payload) != 1000 {
			t.Errorf("%d bytes came, %v", len(f.Payload), err)
		}
	})
}

func TestLimitHoldsForCorkedMessagesToo(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{MaxBuffered: 10_000}, func(d *dispatcher, x *handle, e event) {
		if e.kind != border.EventMessage {
			return
		}
		var got []*fault.Error
		for _, size := range []int{20_000, 2000, 2000, 2000, 2000, 2000, 1900, 100} {
			got = append(got, d.send(x, ws.OpBinary, e.data[:size]))
		}
		// The first goes out at once. Five and a little fit behind each other.
		want := []*fault.Error{nil, nil, nil, nil, nil, errFull, nil, errFull}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("message %d: %v, want %v; %d bytes are buffered", i, got[i], want[i], x.block.Buffered())
			}
		}
	})
	p := join(t, port)
	must(t, p.send(ws.OpBinary, make([]byte, 20_000)))
	for _, size := range []int{20_000, 2000, 2000, 2000, 2000, 1900} {
		if f, err := p.read(); err != nil || len(f.Payload) != size {
			t.Errorf("%d bytes instead of %d, %v", len(f.Payload), size, err)
		}
	}
}

// completed is the completion of message n.
type completed struct {
	n uint32
	event
}

func TestSendsCompleteInOrder(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 1 << 20}, func(t *testing.T, s slow) {
		done := newMailbox[completed]()
		n := s.fill(t, func(n uint32, e event) { done.put(completed{n, e}) })
		s.drained(t, n)
		for i := range n {
			if c := done.take(t, "completion"); c.n != i || c.id != 0 || c.operation != border.OpSend {
				t.Fatalf("completion %d: %+v", i, c)
			}
		}
	})
}

// Sends whose bytes the kernel has are complete, all others fail, in the order
// of the calls and before the close event.
func TestPendingSendsFailWhenTheConnectionEnds(t *testing.T) {
	ends := map[string]struct {
		end func(s slow)
		id  int32
	}{
		"lost":      {func(s slow) { s.peer.reset() }, fault.IDConnectFailed},
		"destroyed": {func(s slow) { s.x.destroy() }, fault.IDCancelled},
	}
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			bothRoles(t, config.ConnOptions{MaxBuffered: 1 << 20}, func(t *testing.T, s slow) {
				done := newMailbox[completed]()
				n := s.fill(t, func(n uint32, e event) { done.put(completed{n, e}) })
				c.end(s)
				failed := false
				for i := range n {
					got := done.take(t, "completion")
					switch {
					case got.n != i:
						t.Fatalf("completion of message %d instead of %d", got.n, i)
					case got.id == c.id:
						failed = true
					case got.id != 0 || failed:
						t.Fatalf("completion of message %d: %d %q; an earlier one failed: %v", i, got.id, got.message, failed)
					}
				}
				if !failed {
					t.Error("every message was sent, though nobody read")
				}
				if name == "lost" {
					s.r.next(t, border.EventError)
				}
				if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean {
					t.Errorf("close: %+v", e)
				}
			})
		})
	}
}

// Completions of sends that the kernel takes at once come too, and never inside
// the call.
func TestSendCompletesAlsoWhenNothingWaits(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		done := newMailbox[completed]()
		for i := range uint32(50) {
			if err := s.x.send(ws.OpText, fmt.Appendf(nil, "%d", i), func(e event) { done.put(completed{i, e}) }); err != nil {
				t.Fatal(err)
			}
		}
		for i := range uint32(50) {
			if c := done.take(t, "completion"); c.n != i || c.id != 0 {
				t.Fatalf("completion %d: %+v", i, c)
			}
		}
	})
}
