// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"libws/core/internal/patience"
)

// deadline is how long a test waits for what must happen.
var deadline = patience.Scaled(60 * time.Second)

// onEachEngine runs a test on every kind of loop that the system has.
func onEachEngine(t *testing.T, test func(t *testing.T, l *testLoop)) {
	t.Helper()
	t.Parallel()
	for name, kind := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, startLoop(t, kind))
		})
	}
}

func engines() map[string]Kind {
	kinds := map[string]Kind{"goroutine": Goroutine}
	if hasEpoll {
		kinds["epoll"] = Epoll
	}
	return kinds
}

// testLoop is a running loop and its owner.
type testLoop struct {
	*Loop
	panics chan any
}

func (l *testLoop) End() {}

func (l *testLoop) Panicked(value any) {
	select {
	case l.panics <- value:
	default: // more than any test provokes; end reports the others
	}
}

func startLoop(t *testing.T, kind Kind) *testLoop {
	t.Helper()
	l := &testLoop{panics: make(chan any, 16)}
	var err error
	if l.Loop, err = New(l, kind); err != nil {
		t.Fatal(err)
	}
	go l.Run()
	t.Cleanup(func() { l.end(t) })
	return l
}

// end stops the loop; harmless when it was stopped before.
func (l *testLoop) end(t *testing.T) {
	t.Helper()
	l.Stop()
	within(t, l.Done(), "the end of the loop")
	for len(l.panics) > 0 {
		t.Errorf("the loop panicked with %v", <-l.panics)
	}
}

// do runs f on the loop's thread and waits for it.
func (l *testLoop) do(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	if !l.Post(func() { defer close(done); f() }) {
		t.Fatal("the loop takes no tasks")
	}
	within(t, done, "a task")
}

// within receives from c, in time.
func within[T any](t *testing.T, c <-chan T, what string) (value T) {
	t.Helper()
	select {
	case value = <-c:
	case <-time.After(deadline):
		t.Fatalf("waited in vain for %s", what)
	}
	return value
}

// until waits for a condition that nothing announces.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !holds(); time.Sleep(100 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// handlerFunc is a Handler.
type handlerFunc func(events int)

func (f handlerFunc) Ready(events int) { f(events) }

// connect makes a connection over loopback: one end for a loop, one for the test.
func connect(t *testing.T) (Descriptor, *net.TCPConn) {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	peer, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	accepted, err := listener.AcceptTCP()
	if err != nil {
		t.Fatal(err)
	}
	d, err := Detach(accepted)
	if err != nil {
		t.Fatal(err)
	}
	if d.PeerAddress() != netip.MustParseAddrPort(peer.LocalAddr().String()) {
		t.Fatalf("the peer is %v, want %v", d.PeerAddress(), peer.LocalAddr())
	}
	peer.SetDeadline(time.Now().Add(deadline))
	return d, peer.(*net.TCPConn)
}

// register makes a connection whose one end belongs to the loop until the test ends.
func (l *testLoop) register(t *testing.T, h func(s *Socket, events int)) (*Socket, *net.TCPConn) {
	t.Helper()
	d, peer := connect(t)
	s := new(Socket)
	l.do(t, func() {
		if err := s.Register(l.Loop, d, handlerFunc(func(events int) { h(s, events) })); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { l.Post(s.Close) }) // runs before the loop is stopped
	return s, peer
}

// rounds returns a function that keeps the loop busy with another socket for 20
// full rounds: what is ready is told in the meantime.
func (l *testLoop) rounds(t *testing.T) func() {
	t.Helper()
	_, peer := l.register(t, func(s *Socket, _ int) {
		var b [1]byte
		if n, _ := s.Read(b[:]); n == 1 {
			s.Write(b[:])
		}
	})
	return func() {
		t.Helper()
		for range 20 {
			send(t, peer, "x")
			receive(t, peer, 1)
		}
	}
}

func send(t *testing.T, peer net.Conn, text string) {
	t.Helper()
	if _, err := peer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// receive reads size bytes and drops them.
func receive(t *testing.T, peer net.Conn, size int) {
	t.Helper()
	b := make([]byte, min(size, 64<<10))
	for size > 0 {
		n, err := peer.Read(b[:min(size, len(b))])
		if err != nil {
			t.Fatal(err)
		}
		size -= n
	}
}

// counter counts events of a socket.
type counter struct{ in, out, hup atomic.Int32 }

func (c *counter) add(events int) {
	if events&In != 0 {
		c.in.Add(1)
	}
	if events&Out != 0 {
		c.out.Add(1)
	}
	if events&Hup != 0 {
		c.hup.Add(1)
	}
}
