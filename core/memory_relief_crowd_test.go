// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

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
			h := start(t, config.Library{Budget: shortBudget, Loops: loops})
			h.stallsAfter(20 * time.Millisecond)
			h.neverAbove(shortBudget + beyond)
			large := make(chan struct{}, 1000)
			_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
				if e.kind == border.EventMessage && len(e.data) < 1000 {
					d.echo(x, e)
				} else if e.kind == border.EventMessage {
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
				p.SetDeadline(time.Now().Add(deadline)) // of each, on a loaded machine
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
	h := start(t, config.Library{Budget: 4 * shortBudget, Loops: 2})
	h.stallsAfter(time.Hour) // nobody ends for it
	h.neverAbove(4 * (shortBudget + beyond))
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{MaxBuffered: 8 * shortBudget}, r.listen)
	slow := join(t, port)
	filler := r.next(t, border.EventOpen).x
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
		r.next(t, border.EventOpen)
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
		e := r.next(t, border.EventMessage)
		sizes[len(e.data)]++
	}
	writing.Wait()
	slow.Close()
}

func TestStallEndsTheLargestHolders(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Budget: shortBudget, Loops: 2})
	h.stallsAfter(20 * time.Millisecond)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
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
		case border.EventMessage:
			heard = len(e.data) == 100_000
		case border.EventError:
			if ended++; e.id != fault.IDMemory || e.code != 1013 {
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
	h := start(t, config.Library{Budget: shortBudget, Loops: 2})
	h.stallsAfter(20 * time.Millisecond)
	h.neverAbove(shortBudget + beyond)
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	var deaf []*handle
	for range 30 {
		join(t, port)
		deaf = append(deaf, r.next(t, border.EventOpen).x)
	}
	p := join(t, port)
	y := r.next(t, border.EventOpen).x
	refused := false // from here on some of the deaf may end
	for round := 0; !refused; round++ {
		for _, x := range deaf {
			if err := x.send(ws.OpBinary, make([]byte, 50_000), nil); err != nil && err.ID == fault.IDMemory {
				refused = true
			}
		}
	}
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
	h := start(t, config.Library{Budget: tinyBudget})
	h.stallsAfter(20 * time.Millisecond)
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	reader := join(t, port)
	y := r.next(t, border.EventOpen).x
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
	if err := y.send(ws.OpBinary, make([]byte, 200_000), nil); err == nil || err.ID != fault.IDMemory {
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
