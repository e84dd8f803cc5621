// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
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
	"libws/core/loop"
)

const (
	shortBudget = 8 << 20
	// beyond is what use may exceed a budget by: the overdraft, and the rest of a send
	// or a pong that was let through before.
	beyond = shortBudget/8 + 256<<10
)

// stallsAfter sets how long nobody may wait for memory in vain; before traffic.
func (h *testHost) stallsAfter(d time.Duration) {
	r := &h.engine.relief
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stall = d
}

// neverAbove checks until the test ends that use stays near the budget.
func (h *testHost) neverAbove(most int64) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for peak := int64(0); ; time.Sleep(100 * time.Microsecond) {
			if used := h.engine.pool.Used(); used > max(peak, most) {
				peak = used
				h.t.Errorf("%d bytes are in use", used)
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	h.t.Cleanup(func() { close(stop); <-stopped })
}

// fillOutput sends to x, which nobody reads, until this many bytes are in use.
func (x *handle) fillOutput(t testing.TB, used int64) (messages int) {
	t.Helper()
	for x.host.engine.pool.Used() < used {
		if err := x.send(ws.OpBinary, make([]byte, 50_000), nil); err != nil {
			t.Fatalf("after %d messages, %d bytes in use: %v", messages, x.host.engine.pool.Used(), err)
		}
		messages++
	}
	return messages
}

func (h *testHost) parked(n int32) func() error {
	return func() error {
		if got := h.engine.relief.parked.Load(); got != n {
			return fmt.Errorf("%d connections are parked, want %d; %d bytes are in use", got, n, h.engine.pool.Used())
		}
		return nil
	}
}

// electOne lets a client begin a message while memory is short, and say no more: the
// others wait.
func (h *testHost) electOne(port int, r recorder) *peer {
	h.t.Helper()
	p := join(h.t, port)
	x := r.next(h.t, border.EventOpen).x
	_, err := p.Write(p.frame(ws.NewFrame(ws.OpBinary, true, make([]byte, 400_000)))[:100_000])
	must(h.t, err)
	eventually(h.t, func() error {
		if c := h.engine.relief.elected.Load(); c != x.conn {
			return fmt.Errorf("not elected; %d bytes are in use", h.engine.pool.Used())
		}
		return nil
	})
	return p
}

func TestHolderWaitsWhileMemoryIsShortAndLosesNothing(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Budget: shortBudget})
	h.stallsAfter(time.Hour)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	slow := join(t, port)
	x := r.next(t, border.EventOpen).x
	sent := x.fillOutput(t, shortBudget-shortBudget/8+1)

	h.electOne(port, r)

	large := join(t, port)
	r.next(t, border.EventOpen)
	want := make([]byte, 2<<20)
	rand.NewChaCha8([32]byte{1}).Read(want)
	var writing sync.WaitGroup
	writing.Go(func() {
		if err := large.send(ws.OpBinary, want); err != nil {
			t.Error(err)
		}
		if err := large.send(ws.OpText, []byte("behind it")); err != nil {
			t.Error(err)
		}
	})
	eventually(t, h.parked(1))

	// Who holds nothing goes on.
	small := join(t, port)
	r.next(t, border.EventOpen)
	for range 100 {
		must(t, small.send(ws.OpText, []byte("small")))
		if e := r.next(t, border.EventMessage); string(e.data) != "small" {
			t.Fatalf("%d bytes overtook", len(e.data))
		}
	}

	for range sent { // there is room again
		if f, err := slow.read(); err != nil || len(f.Payload) != 50_000 {
			t.Fatalf("%d bytes, %v", len(f.Payload), err)
		}
	}
	if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, want) {
		t.Errorf("the large message came with %d bytes, or changed", len(e.data))
	}
	if e := r.next(t, border.EventMessage); string(e.data) != "behind it" {
		t.Errorf("behind it came %d bytes", len(e.data))
	}
	writing.Wait()
	eventually(t, h.parked(0))
	if n := h.engine.Stats().Relieved; n != 0 {
		t.Errorf("%d connections were ended", n)
	}
}

func TestParkedConnectionMayBeDestroyedAfterAHangUp(t *testing.T) {
	t.Parallel()
	for name, kind := range eachEngine() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Budget: shortBudget, Engine: kind})
			h.stallsAfter(time.Hour)
			r := newRecorder()
			_, port := h.listening(config.ConnOptions{}, r.listen)
			join(t, port)
			r.next(t, border.EventOpen).x.fillOutput(t, shortBudget-shortBudget/8+1)
			h.electOne(port, r)
			large := join(t, port)
			x := r.next(t, border.EventOpen).x
			frame := large.frame(ws.NewFrame(ws.OpBinary, true, make([]byte, 300_000)))
			_, err := large.Write(frame[:100_000])
			must(t, err)
			eventually(t, h.parked(1))
			large.reset()
			for range 10 {
				h.round()
			}
			must(t, h.parked(1)()) // it is not read, so nobody knows
			x.destroy()
			r.next(t, border.EventClose)
			r.next(t, border.EventDestroyed)
			eventually(t, h.parked(0))
		})
	}
}

// Who wants memory finds it in the overdraft while the largest holder, of another
// loop, is on its way out.
func TestLargestHolderOfAllLoopsEnds(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Budget: shortBudget, Loops: 2})
	h.stallsAfter(time.Hour)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	holder := join(t, port)
	x := r.next(t, border.EventOpen).x
	other := join(t, port)
	y := r.next(t, border.EventOpen).x
	for y.conn.w == x.conn.w {
		other = join(t, port)
		y = r.next(t, border.EventOpen).x
	}
	completed := newMailbox[event]()
	for h.engine.pool.Used() < shortBudget-60_000 {
		if err := x.send(ws.OpBinary, make([]byte, 50_000), completed.put); err != nil {
			t.Fatal(err)
		}
	}

	const messages, size = 100, 200_000 // one of them is more than is left
	var writing sync.WaitGroup
	writing.Go(func() {
		for range messages {
			if err := other.send(ws.OpBinary, make([]byte, size)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var failed event
	for received, ended := 0, false; received < messages || !ended; {
		switch e := r.take(t, "event"); {
		case e.kind == border.EventMessage && e.x == y:
			if received++; len(e.data) != size {
				t.Errorf("%d bytes", len(e.data))
			}
		case e.kind == border.EventError && e.x == x:
			failed = e.event
		case e.kind == border.EventClose && e.x == x:
			ended = true
		case e.kind == border.EventDestroyed && e.x == x:
		default:
			t.Errorf("%v: %+v", e.x, e.event)
		}
	}
	writing.Wait()
	if failed.id != fault.IDMemory || failed.code != 1013 {
		t.Errorf("the holder ended by %+v", failed)
	}
	if n := h.engine.Stats().Relieved; n != 1 {
		t.Errorf("%d connections were ended", n)
	}
	must(t, holder.end())
	var last event
	for last.id == 0 {
		last = completed.take(t, "completion that failed") // those before it were sent
	}
	if last.id != fault.IDMemory {
		t.Errorf("completion: %+v", last)
	}
}

// The largest holder of another loop may have ended between the look and the want: then
// there is room, and nobody else ends.
func TestNobodyEndsWhenThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	s := asServer(t, config.ConnOptions{})
	e, c := s.x.host.engine, s.x.conn
	s.x.onLoop(func() {
		if kind := e.relieve(c, 100_000, loop.ErrBudget); kind != reliefHere || c.phase != phaseOpen {
			t.Errorf("relieve: %d, in phase %d", kind, c.phase)
		}
	})
	if n := e.Stats().Relieved; n != 0 {
		t.Errorf("%d connections were ended", n)
	}
}

// Of a frame that many send each holds a part: who holds more alone ends for want of
// memory, not all of them.
func TestLargestHolderIsNotWhoSharesTheMost(t *testing.T) {
	t.Parallel()
	const many = 20
	h := start(t, config.Library{Budget: shortBudget})
	h.stallsAfter(time.Hour)
	r := newRecorder()
	server, port := h.listening(config.ConnOptions{}, r.listen)
	var xs []*handle
	for range many + 1 {
		p := join(t, port)
		must(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
		xs = append(xs, r.next(t, border.EventOpen).x)
	}
	alone := xs[many]
	for h.engine.pool.Used() < shortBudget*5/8 {
		if _, err := server.server.Broadcast(make([]byte, 50_000), ws.OpBinary, alone.conn); err != nil {
			t.Fatal(err)
		}
		alone.onLoop(func() {}) // what the kernel takes is gone
	}
	alone.fillOutput(t, shortBudget-60_000)
	if shares, holds := xs[0].block.Buffered(), alone.block.Buffered(); shares <= holds {
		t.Fatalf("%d bytes are shared, %d are not", shares, holds)
	}
	last := join(t, port)
	r.next(t, border.EventOpen)
	must(t, last.send(ws.OpBinary, make([]byte, 200_000)))
	var failed []*handle
	for received := false; !received || len(failed) == 0; {
		switch e := r.take(t, "event"); e.kind {
		case border.EventMessage:
			received = true
		case border.EventError:
			failed = append(failed, e.x)
		}
	}
	if failed[0] != alone {
		t.Errorf("%v ended, which shares all that it holds", failed[0])
	}
	if n := h.engine.Stats().Relieved; n != 1 {
		t.Errorf("%d connections were ended", n)
	}
}
