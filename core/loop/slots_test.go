// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"net"
	"runtime"
	"testing"
)

// hold keeps the loop's thread busy until release is called.
func (l *testLoop) hold(t *testing.T) (release func()) {
	t.Helper()
	held, free := make(chan struct{}), make(chan struct{})
	l.Post(func() { close(held); <-free })
	within(t, held, "the loop")
	return func() { close(free) }
}

// found waits until the poller has something of n sockets to tell. (What epoll
// has, it has when the peer's write returns.)
func (l *testLoop) found(t *testing.T, n int) {
	t.Helper()
	if p, ok := l.poll.(*goroutines); ok {
		until(t, "the goroutines", func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return len(p.ready) == n
		})
	}
}

func TestALateEventOfAClosedSocketReachesNobody(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		// Two sockets are ready in the same round. Whichever comes first closes the
		// other, whose slot goes to a third one at once.
		var pair [2]*Socket
		var peers [2]*net.TCPConn
		calls := 0
		var third Socket
		thirdEnd, thirdPeer := connect(t)
		thirdTold := make(chan int, 100)
		first := make(chan struct{})
		handle := func(me int) func(*Socket, int) {
			return func(s *Socket, _ int) {
				s.Read(make([]byte, 8))
				if calls++; calls > 1 {
					return
				}
				other := pair[1-me]
				slot, generation := other.slot, other.generation
				other.Close()
				if err := third.Register(l.Loop, thirdEnd, handlerFunc(func(events int) {
					third.Read(make([]byte, 8))
					thirdTold <- events
				})); err != nil {
					t.Error(err)
				}
				if third.slot != slot || third.generation == generation {
					t.Errorf("slot %d generation %d follows slot %d generation %d", third.slot, third.generation, slot, generation)
				}
				close(first)
			}
		}
		for i := range pair {
			pair[i], peers[i] = l.register(t, handle(i))
		}
		release := l.hold(t)
		send(t, peers[0], "x")
		send(t, peers[1], "x")
		l.found(t, 2)
		release()
		within(t, first, "an event")
		l.rounds(t)()
		l.do(t, func() {
			if calls != 1 {
				t.Errorf("the handlers of the pair were called %d times", calls)
			}
		})
		if len(thirdTold) != 0 {
			t.Error("an event of the closed socket reached the one that took its slot")
		}
		send(t, thirdPeer, "x")
		if events := within(t, thirdTold, "the third socket's own event"); events != In {
			t.Errorf("events %d", events)
		}
		l.do(t, third.Close)
	})
}

func TestClosingASocketThatIsWaitedForEndsTheWait(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		for watchOut := range 2 {
			s, peer := l.register(t, func(*Socket, int) {})
			if watchOut == 1 {
				l.do(t, func() { fill(t, s); s.Watch(true, true) })
			}
			l.rounds(t)()
			var w *watched
			if p, ok := l.poll.(*goroutines); ok {
				p.mu.Lock()
				w = p.sockets.Of(s.slot)
				p.mu.Unlock()
			}
			l.do(t, s.Close)
			l.do(t, s.Close) // harmless
			if s.Open() {
				t.Error("the socket is open")
			}
			if w != nil {
				until(t, "the end of its goroutines", func() bool {
					p := l.poll.(*goroutines)
					p.mu.Lock()
					defer p.mu.Unlock()
					return w.waiting == 0
				})
			}
			for err := error(nil); err == nil; {
				_, err = peer.Read(make([]byte, 64<<10))
				if err, ok := err.(net.Error); ok && err.Timeout() {
					t.Fatal("the peer does not learn of the close")
				}
			}
		}
	})
}

// Not parallel: it counts the goroutines of the process.
func TestALoopThatEndsLeavesNoGoroutine(t *testing.T) {
	for name, kind := range engines() {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			l := startLoop(t, kind)
			var sockets []*Socket
			for i := range 20 {
				s, peer := l.register(t, func(*Socket, int) {})
				sockets = append(sockets, s)
				switch i % 4 {
				case 1:
					send(t, peer, "never read")
				case 2:
					l.do(t, func() { fill(t, s); s.Watch(true, true) })
				case 3:
					l.do(t, s.Close)
				}
			}
			l.end(t) // most sockets are still registered
			if p, ok := l.poll.(*goroutines); ok {
				p.mu.Lock()
				for _, w := range p.sockets.All() {
					if w.waiting != 0 {
						t.Errorf("slot %d is still waited for: %d", w.slot, w.waiting)
					}
				}
				p.mu.Unlock()
			}
			until(t, "the last goroutine's end", func() bool { return runtime.NumGoroutine() <= before })
			for _, s := range sockets {
				s.Close()
			}
		})
	}
}

func TestAPanicOfAWaitingGoroutineIsToldAndTheSocketHangsUp(t *testing.T) {
	t.Parallel()
	l := startLoop(t, Goroutine)
	told := make(chan int, 100)
	s, _ := l.register(t, func(_ *Socket, events int) { told <- events })
	p := l.poll.(*goroutines)
	// A second registration of the same slot without a descriptor: waiting panics.
	w := &watched{slot: s.slot, generation: s.generation, waiting: In}
	w.want.Store(In)
	p.waiters.Add(1)
	go p.run(w, In)
	within(t, l.panics, "the panic")
	if events := within(t, told, "the hang-up"); events != Hup {
		t.Errorf("events %d", events)
	}
	l.rounds(t)()
	if len(told) != 0 {
		t.Error("it was told again, although nothing waits")
	}
}

func TestAKindThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{-1, 3} {
		if _, err := New(&testLoop{}, kind); !errors.Is(err, ErrKind) {
			t.Errorf("kind %d: %v", kind, err)
		}
	}
	if _, err := New(&testLoop{}, Epoll); hasEpoll != (err == nil) || err != nil && !errors.Is(err, ErrNoEpoll) {
		t.Errorf("epoll: %v", err)
	}
}
