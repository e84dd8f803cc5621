// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
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
	x := r.next(h.t, EventOpen).x
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
	h := start(t, Config{Budget: shortBudget})
	h.stallsAfter(time.Hour)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(ConnOptions{}, r.listen)
	slow := join(t, port)
	x := r.next(t, EventOpen).x
	sent := x.fillOutput(t, shortBudget-shortBudget/8+1)

	h.electOne(port, r)

	large := join(t, port)
	r.next(t, EventOpen)
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
	r.next(t, EventOpen)
	for range 100 {
		must(t, small.send(ws.OpText, []byte("small")))
		if e := r.next(t, EventMessage); string(e.data) != "small" {
			t.Fatalf("%d bytes overtook", len(e.data))
		}
	}

	for range sent { // there is room again
		if f, err := slow.read(); err != nil || len(f.Payload) != 50_000 {
			t.Fatalf("%d bytes, %v", len(f.Payload), err)
		}
	}
	if e := r.next(t, EventMessage); !bytes.Equal(e.data, want) {
		t.Errorf("the large message came with %d bytes, or changed", len(e.data))
	}
	if e := r.next(t, EventMessage); string(e.data) != "behind it" {
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
			h := start(t, Config{Budget: shortBudget, Engine: kind})
			h.stallsAfter(time.Hour)
			r := newRecorder()
			_, port := h.listening(ConnOptions{}, r.listen)
			join(t, port)
			r.next(t, EventOpen).x.fillOutput(t, shortBudget-shortBudget/8+1)
			h.electOne(port, r)
			large := join(t, port)
			x := r.next(t, EventOpen).x
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
			r.next(t, EventClose)
			r.next(t, EventDestroyed)
			eventually(t, h.parked(0))
		})
	}
}

func TestLargestHolderOfAllLoopsEnds(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Budget: shortBudget, Loops: 2})
	h.stallsAfter(time.Hour)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(ConnOptions{}, r.listen)
	holder := join(t, port)
	x := r.next(t, EventOpen).x
	completed := newMailbox[event]()
	for x.host.engine.pool.Used() < shortBudget-200_000 {
		if err := x.send(ws.OpBinary, make([]byte, 50_000), completed.put); err != nil {
			t.Fatal(err)
		}
	}
	// A connection of another loop wants more than is left, of which it has read a
	// part already.
	other := join(t, port)
	y := r.next(t, EventOpen).x
	for y.conn.w == x.conn.w {
		other = join(t, port)
		y = r.next(t, EventOpen).x
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		for range 100 {
			var all []byte
			for i := range 10 {
				op := ws.OpContinuation
				if i == 0 {
					op = ws.OpBinary
				}
				all = append(all, other.frame(ws.NewFrame(op, i == 9, make([]byte, 6000)))...)
			}
			if _, err := other.Write(all); err != nil {
				t.Error(err)
				return
			}
		}
	})
	// Others take what the overdraft allows meanwhile.
	var grown []*peer
	for range 4 {
		p := join(t, port)
		grown = append(grown, p)
		writing.Go(func() {
			p.Write(p.frame(ws.NewFrame(ws.OpBinary, false, make([]byte, 60_000))))
		})
	}
	var failed told
	for messages := 0; failed.x == nil || messages < 100; {
		switch e := r.take(t, "event"); e.kind {
		case EventError:
			if failed.x != nil {
				t.Fatalf("a second one was ended: %+v", e)
			}
			failed = e
		case EventMessage:
			if messages++; len(e.data) != 60_000 {
				t.Errorf("%d bytes", len(e.data))
			}
		case EventClose, EventDestroyed:
			if e.x != x {
				t.Errorf("%v ended", e.x)
			}
		}
	}
	writing.Wait()
	if failed.x != x || failed.id != IDMemory || failed.code != 1013 {
		t.Errorf("%v ended: %+v", failed.x, failed.event)
	}
	must(t, holder.end())
	var last event
	for last.id == 0 {
		last = completed.take(t, "completion that failed") // those before it were sent
	}
	if last.id != IDMemory {
		t.Errorf("completion: %+v", last)
	}
	for _, p := range grown {
		p.Close()
	}
}

// crowd starts clients that send messages of size bytes, one after another, until the
// server wants no more of them.
func crowd(t *testing.T, port, clients, size int) (stop func()) {
	var writing sync.WaitGroup
	var peers []*peer
	var frame []byte
	for range clients {
		p := join(t, port)
		peers = append(peers, p)
		if frame == nil {
			frame = p.frame(ws.NewFrame(ws.OpBinary, true, make([]byte, size)))
		}
		writing.Go(func() {
			for {
				if _, err := p.Write(frame); err != nil {
					return
				}
			}
		})
	}
	return func() {
		for _, p := range peers {
			p.Close()
		}
		writing.Wait()
	}
}

func TestManyHugeMessagesLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, Config{Budget: shortBudget, Loops: loops})
			h.stallsAfter(20 * time.Millisecond)
			h.neverAbove(shortBudget + beyond)
			large := make(chan struct{}, 1000)
			_, port := h.listening(ConnOptions{}, func(d *dispatcher, x *handle, e event) {
				if e.kind == EventMessage && len(e.data) < 1000 {
					d.echo(x, e)
				} else if e.kind == EventMessage {
					select {
					case large <- struct{}{}:
					default:
					}
				}
			})
			stop := crowd(t, port, 24, 1<<20)
			defer stop()
			p := join(t, port)
			for i := range 50 {
				want := fmt.Appendf(nil, "message %d", i)
				must(t, p.send(ws.OpText, want))
				if got, _, err := p.message(); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%q came back as %q, %v", want, got, err)
				}
			}
			for range 20 { // and some of the huge ones come through
				select {
				case <-large:
				case <-time.After(deadline):
					t.Fatal("no huge message was whole")
				}
			}
		})
	}
}

func TestWaitingMessagesComeOneAfterAnother(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Budget: 4 * shortBudget, Loops: 2})
	h.stallsAfter(time.Hour) // nobody ends for it
	h.neverAbove(4 * (shortBudget + beyond))
	r := newRecorder()
	_, port := h.listening(ConnOptions{MaxBuffered: 8 * shortBudget}, r.listen)
	slow := join(t, port)
	filler := r.next(t, EventOpen).x
	filler.fillOutput(t, 4*(shortBudget-shortBudget/8)+1)
	first := h.electOne(port, r)
	const others = 6
	var writing sync.WaitGroup
	var frame []byte
	for range others {
		p := join(t, port)
		if frame == nil {
			frame = p.frame(ws.NewFrame(ws.OpBinary, true, make([]byte, 250_000)))
		}
		r.next(t, EventOpen)
		writing.Go(func() {
			if _, err := p.Write(frame); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, h.parked(others))
	_, err := first.Write(make([]byte, 400_000+14-100_000)) // the rest; headers are 14 bytes
	must(t, err)
	for sizes := map[int]int{}; sizes[400_000] != 1 || sizes[250_000] != others; {
		e := r.next(t, EventMessage)
		sizes[len(e.data)]++
	}
	writing.Wait()
	slow.Close()
}

func TestStallEndsTheLargestHolders(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Budget: shortBudget, Loops: 2})
	h.stallsAfter(20 * time.Millisecond)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(ConnOptions{}, r.listen)
	// Each begins a message and says no more.
	var peers []*peer
	var writing sync.WaitGroup
	for range 60 {
		p := join(t, port)
		peers = append(peers, p)
		writing.Go(func() {
			p.Write(p.frame(ws.NewFrame(ws.OpBinary, true, make([]byte, 400_000)))[:200_000])
		})
	}
	eventually(t, func() error {
		if h.engine.Stats().Relieved == 0 {
			return fmt.Errorf("nobody was ended; %d bytes are in use", h.engine.pool.Used())
		}
		return nil
	})
	// One more client, which takes less, has its message heard although they never go on.
	p := join(t, port)
	writing.Go(func() {
		if err := p.send(ws.OpBinary, make([]byte, 100_000)); err != nil {
			t.Error(err)
		}
	})
	ended := 0
	for heard := false; !heard; {
		switch e := r.take(t, "event"); e.kind {
		case EventMessage:
			heard = len(e.data) == 100_000
		case EventError:
			if ended++; e.id != IDMemory || e.code != 1013 {
				t.Errorf("%+v", e)
			}
		}
	}
	if ended == 0 {
		t.Error("nobody ended")
	}
	for _, p := range peers {
		p.Close()
	}
	writing.Wait()
}

func TestManyThatNeverReadDoNotStopSending(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Budget: shortBudget, Loops: 2})
	h.stallsAfter(20 * time.Millisecond)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(ConnOptions{}, r.listen)
	var deaf []*handle
	for range 30 {
		join(t, port)
		deaf = append(deaf, r.next(t, EventOpen).x)
	}
	refused := false
	for round := 0; !refused; round++ {
		for _, x := range deaf {
			if err := x.send(ws.OpBinary, make([]byte, 50_000), nil); err != nil && err.ID == IDMemory {
				refused = true
			}
		}
	}
	p := join(t, port)
	y := r.next(t, EventOpen).x
	eventually(t, func() error {
		for _, x := range deaf {
			x.send(ws.OpBinary, make([]byte, 50_000), nil) // they get more and more
		}
		if err := y.send(ws.OpBinary, make([]byte, 100_000), nil); err != nil {
			return err
		}
		return nil
	})
	if f, err := p.read(); err != nil || len(f.Payload) != 100_000 {
		t.Errorf("%d bytes, %v", len(f.Payload), err)
	}
}

func TestSmallHoldersEndInAStallToo(t *testing.T) {
	t.Parallel()
	h := start(t, Config{Budget: tinyBudget})
	h.stallsAfter(20 * time.Millisecond)
	r := newRecorder()
	_, port := h.listening(ConnOptions{}, r.listen)
	reader := join(t, port)
	y := r.next(t, EventOpen).x
	const tight = tinyBudget - tinyBudget/8
	for range tight/4096 + 1 { // of 4 KiB each, below what is listed at once
		p := join(t, port)
		_, err := p.Write(p.frame(ws.NewFrame(ws.OpBinary, false, make([]byte, 3000))))
		must(t, err)
	}
	eventually(t, func() error {
		if used := h.engine.pool.Used(); used <= tight {
			return fmt.Errorf("%d bytes are in use", used)
		}
		return nil
	})
	if err := y.send(ws.OpBinary, make([]byte, 200_000), nil); err == nil || err.ID != IDMemory {
		t.Errorf("there was room: %v", err)
	}
	eventually(t, func() error {
		if err := y.send(ws.OpBinary, make([]byte, 200_000), nil); err != nil {
			return err
		}
		return nil
	})
	if f, err := reader.read(); err != nil || len(f.Payload) != 200_000 {
		t.Errorf("%d bytes, %v", len(f.Payload), err)
	}
}

func TestReadBufferOfTLSCountsInTheBudget(t *testing.T) {
	t.Parallel()
	h := start(t, Config{})
	r := newRecorder()
	_, port := h.secureServer(ConnOptions{}, certs().good, r.listen)
	p, _ := joinSecure(t, port, foreignConfig(0), nil)
	r.next(t, EventOpen)
	must(t, p.send(ws.OpBinary, make([]byte, 1<<20)))
	r.next(t, EventMessage)
	// A record is 16 KiB, RFC 8446 5.1.
	eventually(t, func() error {
		if used := h.engine.pool.Used(); used < 16<<10 || used > 64<<10 {
			return fmt.Errorf("%d bytes are in use", used)
		}
		return nil
	})
	p.Close()
	r.next(t, EventError)
	r.next(t, EventClose)
	eventually(t, func() error {
		if used := h.engine.pool.Used(); used != 0 {
			return fmt.Errorf("%d bytes are in use when it has ended", used)
		}
		return nil
	})
}
