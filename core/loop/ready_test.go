// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"bytes"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestBytesThatAreNotReadAreToldAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var told counter
		s, peer := l.register(t, func(_ *Socket, events int) { told.add(events) })
		send(t, peer, "abc")
		until(t, "the third event for the same bytes", func() bool { return told.in.Load() >= 3 })
		l.do(t, func() {
			var b [8]byte
			if n, errno := s.Read(b[:]); n != 3 || errno != 0 {
				t.Errorf("read %d bytes, errno %v", n, errno)
			}
			if _, errno := s.Read(b[:]); errno != EAGAIN {
				t.Errorf("an empty socket gives errno %v", errno)
			}
		})
		l.rounds(t)() // what was found before the read may still be told
		quiet := told.in.Load()
		l.rounds(t)()
		if n := told.in.Load(); n != quiet {
			t.Errorf("%d events of an empty socket", n-quiet)
		}
		if told.out.Load()+told.hup.Load() != 0 {
			t.Error("Out or Hup was told")
		}
	})
}

func TestMuchThatIsReadInPiecesArrivesWhole(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		const size = 1 << 20
		want := bytes.Repeat([]byte("0123456789abcdef"), size/16)
		var got []byte
		done := make(chan struct{})
		_, peer := l.register(t, func(s *Socket, _ int) {
			var b [4093]byte // one read per event
			n, errno := s.Read(b[:])
			if errno != 0 && errno != EAGAIN {
				t.Errorf("reading: %v", errno)
			}
			if got = append(got, b[:n]...); n > 0 && len(got) == size {
				close(done)
			}
		})
		send(t, peer, string(want))
		within(t, done, "the last byte")
		if !bytes.Equal(got, want) {
			t.Error("the bytes are others")
		}
	})
}

func TestAFullSocketTellsWhenThereIsRoomAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var told counter
		s, peer := l.register(t, func(_ *Socket, events int) { told.add(events) })
		filled := 0
		l.do(t, func() { filled = fill(t, s); s.Watch(true, true) })
		l.rounds(t)()
		if told.out.Load() != 0 {
			t.Error("Out was told of a full socket")
		}
		receive(t, peer, filled)
		until(t, "Out, twice", func() bool { return told.out.Load() >= 2 })
		l.do(t, func() {
			if !s.WatchesOut() {
				t.Error("WatchesOut is false")
			}
			s.Watch(true, false)
		})
		l.rounds(t)() // what was found before may still be on its way
		quiet := told.out.Load()
		l.rounds(t)()
		if n := told.out.Load(); n != quiet {
			t.Errorf("Out was told %d times without being watched", n-quiet)
		}
		send(t, peer, "x")
		until(t, "In", func() bool { return told.in.Load() > 0 })
	})
}

// fill writes until the kernel takes no more, and tells how much it took. The
// peer does not read yet, so what it has counts as taken.
func fill(t *testing.T, s *Socket) (n int) {
	chunk := make([]byte, 256<<10)
	for {
		taken, errno := s.Write(chunk)
		n += taken
		switch errno {
		case 0:
		case EAGAIN:
			return n
		default:
			t.Errorf("writing: %v", errno)
			return n
		}
	}
}

// A sender on another thread that finds the socket full watches Out itself.
func TestWatchingOutFromAnotherThreadTellsTheLoop(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var mu sync.Mutex
		const size = 8 << 20
		left := size
		put := func(s *Socket) { // mu is held
			for left > 0 {
				n, errno := s.Write(make([]byte, min(left, 128<<10)))
				if left -= n; errno == EAGAIN {
					break
				} else if errno != 0 {
					t.Errorf("writing: %v", errno)
					break
				}
			}
			s.Watch(true, left > 0)
		}
		s, peer := l.register(t, func(s *Socket, events int) {
			mu.Lock()
			defer mu.Unlock()
			if events&Out != 0 {
				put(s)
			}
		})
		mu.Lock()
		put(s)
		mu.Unlock()
		receive(t, peer, size)
		mu.Lock()
		defer mu.Unlock()
		if left != 0 {
			t.Errorf("%d bytes were not written, but all were read", left)
		}
	})
}

func TestNothingIsToldWhileNothingIsWatched(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var told counter
		s, peer := l.register(t, func(_ *Socket, events int) { told.add(events) })
		l.do(t, func() { s.Watch(false, false) })
		l.rounds(t)()
		send(t, peer, "abc")
		l.rounds(t)()
		if told.in.Load() != 0 {
			t.Error("In was told without being watched")
		}
		// The bytes came before: nothing new wakes whoever waits.
		l.do(t, func() { s.Watch(true, false) })
		until(t, "In", func() bool { return told.in.Load() > 0 })
	})
}

func TestWatchingOnAndOffManyTimesLosesNothing(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		got := make(chan byte, 1)
		s, peer := l.register(t, func(s *Socket, _ int) {
			var b [1]byte
			if n, _ := s.Read(b[:]); n == 1 {
				got <- b[0]
			}
		})
		for i := range 200 {
			l.do(t, func() { s.Watch(false, i%3 == 0) })
			if i%2 == 0 {
				send(t, peer, string(rune(i%128)))
				l.do(t, func() { s.Watch(true, false) })
			} else {
				l.do(t, func() { s.Watch(true, false) })
				send(t, peer, string(rune(i%128)))
			}
			if b := within(t, got, "a byte"); b != byte(i%128) {
				t.Fatalf("byte %d is %d", i, b)
			}
		}
	})
}

func TestTheEndOfTheStreamIsTold(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		ended := make(chan struct{})
		_, peer := l.register(t, func(s *Socket, events int) {
			if n, errno := s.Read(make([]byte, 8)); n == 0 && errno == 0 {
				s.Close()
				close(ended)
			}
		})
		send(t, peer, "last words")
		peer.CloseWrite()
		within(t, ended, "the end of the stream")
		if n, err := peer.Read(make([]byte, 1)); err == nil {
			t.Errorf("read %d bytes of a closed socket", n)
		}
	})
}

func TestAResetIsTold(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		failed := make(chan syscall.Errno)
		_, peer := l.register(t, func(s *Socket, events int) {
			if _, errno := s.Read(make([]byte, 8)); errno != 0 && errno != EAGAIN {
				s.Close()
				failed <- errno
			}
		})
		peer.SetLinger(0)
		peer.Close()
		if errno := within(t, failed, "the reset"); errno != ECONNRESET {
			t.Errorf("errno %v", errno)
		}
	})
}

// A hang-up does not go away, so a loop that is told of it in every round never sleeps.
func TestASuspendedSocketTellsNothingUntilItIsWatched(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		told := make(chan int, 1<<16)
		s, peer := l.register(t, func(s *Socket, events int) {
			if events&Hup != 0 {
				s.Suspend()
				told <- events
			}
		})
		if err := peer.SetLinger(0); err != nil {
			t.Fatal(err)
		}
		peer.Close()
		within(t, told, "the hang-up")
		l.rounds(t)()
		if n := len(told); n != 0 {
			t.Errorf("it was told %d times more", n)
		}
		l.do(t, func() { s.Watch(true, false) })
		within(t, told, "the hang-up once more")
	})
}

func TestAHandlerThatPanicsHurtsNobodyElse(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var others counter
		panicked := 0
		_, peer := l.register(t, func(s *Socket, _ int) {
			if panicked++; panicked > 2 {
				s.Read(make([]byte, 8))
				return
			}
			panic("on purpose")
		})
		_, other := l.register(t, func(s *Socket, _ int) { others.add(In); s.Read(make([]byte, 8)) })
		send(t, peer, "x")
		send(t, other, "x")
		for range 2 { // what was not read is told again
			if v := within(t, l.panics, "a panic"); v != "on purpose" {
				t.Errorf("panicked with %v", v)
			}
		}
		until(t, "the other socket's event", func() bool { return others.in.Load() > 0 })
		l.rounds(t)()
	})
}

func TestTasksAndTimersRunWhileNoSocketIsReady(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		fired := make(chan struct{})
		var timer Timer
		started := time.Now()
		l.do(t, func() { l.After(&timer, 60*time.Millisecond, expirerFunc(func() { close(fired) })) })
		for range 100 {
			l.do(t, func() {}) // each finds the loop asleep, or about to be
		}
		within(t, fired, "the timer")
		if d := time.Since(started); d < 60*time.Millisecond {
			t.Errorf("a timer of 60 ms fired after %v", d)
		}
	})
}

type expirerFunc func()

func (f expirerFunc) Expired(*Timer) { f() }

func TestEveryWayOfWritingKeepsTheOrder(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		s, peer := l.register(t, func(*Socket, int) {})
		l.do(t, func() {
			var v Vector
			s.WriteVector(&v)
			s.Write([]byte("a"))
			s.WriteTwo([]byte("bc"), []byte("d"))
			s.WriteTwo([]byte("e"), nil)
			v.Add([]byte("fg"))
			v.Add(nil)
			v.Add([]byte("hij"))
			if n, errno := s.WriteVector(&v); n != 5 || errno != 0 {
				t.Errorf("wrote %d bytes, errno %v", n, errno)
			}
			v.Reset()
			v.Add([]byte("k"))
			s.WriteVector(&v)
			s.ShutdownWrite()
		})
		got := new(bytes.Buffer)
		if _, err := got.ReadFrom(net.Conn(peer)); err != nil || got.String() != "abcdefghijk" {
			t.Errorf("received %q, %v", got, err)
		}
	})
}

func TestAReleasedSocketIsToldOfNoMore(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		if !l.Releases() {
			t.Skip("this poller lets go of nothing")
		}
		var told counter
		s, peer := l.register(t, func(_ *Socket, events int) { told.add(events) })
		var d Descriptor
		l.do(t, func() {
			var err error
			if d, err = s.Release(); err != nil {
				t.Error(err)
			}
		})
		send(t, peer, "abc")
		l.rounds(t)()
		if n := told.in.Load(); n != 0 || s.Open() {
			t.Errorf("%d events, open %v", n, s.Open())
		}
		again := make(chan int, 1)
		l.do(t, func() {
			if err := s.Register(l.Loop, d, handlerFunc(func(int) {
				var b [8]byte
				if n, _ := s.Read(b[:]); n > 0 {
					again <- n
				}
			})); err != nil {
				t.Error(err)
			}
		})
		if n := within(t, again, "the bytes of the socket that came back"); n != 3 {
			t.Errorf("%d bytes", n)
		}
	})
}
