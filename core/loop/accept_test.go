// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"net/netip"
	"testing"
)

// listen makes a listening socket of the loop on an ephemeral port.
func (l *testLoop) listen(t *testing.T, h func(s *Socket)) (*Socket, netip.AddrPort) {
	t.Helper()
	d, step, errno := Listen(netip.MustParseAddrPort("127.0.0.1:0"), 64, false, false)
	if errno != 0 {
		t.Fatalf("%s: %v", step, errno)
	}
	address := d.LocalAddress()
	s := new(Socket)
	l.do(t, func() {
		if err := s.Register(l.Loop, d, handlerFunc(func(int) { h(s) })); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { l.Post(s.Close) })
	return s, address
}

func dialTo(t *testing.T, address netip.AddrPort) *net.TCPConn {
	t.Helper()
	c, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestConnectionsThatWaitAreToldUntilAllAreAccepted(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		peers := make(chan netip.AddrPort, 16)
		s, address := l.listen(t, func(s *Socket) {
			d, peer, errno := s.Accept() // one per event
			if errno == EAGAIN {
				return
			}
			if errno != 0 {
				t.Errorf("accepting: %v", errno)
				return
			}
			if d.PeerAddress() != peer {
				t.Errorf("the peer is %v, accepted was %v", d.PeerAddress(), peer)
			}
			d.Close()
			peers <- peer
		})
		want := map[netip.AddrPort]bool{}
		release := l.hold(t)
		for range 5 {
			c := dialTo(t, address)
			want[c.LocalAddr().(*net.TCPAddr).AddrPort()] = true
		}
		release()
		for range 5 {
			peer := within(t, peers, "a connection")
			if !want[peer] {
				t.Errorf("%v was accepted twice or never dialled", peer)
			}
			delete(want, peer)
		}
		l.do(t, func() {
			if _, _, errno := s.Accept(); errno != EAGAIN {
				t.Errorf("accepting without a connection: %v", errno)
			}
		})
	})
}

func TestAListenerThatIsNotWatchedAcceptsLater(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		accepted := make(chan struct{}, 16)
		s, address := l.listen(t, func(s *Socket) {
			if d, _, errno := s.Accept(); errno == 0 {
				d.Close()
				accepted <- struct{}{}
			}
		})
		l.do(t, func() { s.Watch(false, false) })
		l.rounds(t)()
		dialTo(t, address)
		l.rounds(t)()
		if len(accepted) != 0 {
			t.Error("a connection was accepted without being watched for")
		}
		l.do(t, func() { s.Watch(true, false) })
		within(t, accepted, "the connection")
	})
}

func TestAnAcceptedConnectionMovesToItsLoop(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var conn Socket
		_, address := l.listen(t, func(s *Socket) {
			d, _, errno := s.Accept()
			if errno != 0 {
				return
			}
			if err := conn.Register(l.Loop, d, handlerFunc(func(int) {
				var b [16]byte
				if n, _ := conn.Read(b[:]); n > 0 {
					conn.Write(b[:n])
				}
			})); err != nil {
				t.Error(err)
			}
		})
		peer := dialTo(t, address)
		for range 10 {
			send(t, peer, "hello")
			receive(t, peer, 5)
		}
		l.do(t, conn.Close)
	})
}

func TestAPortThatIsClosedCanBeTakenAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		for range 5 {
			s, address := l.listen(t, func(*Socket) {})
			if _, _, errno := Listen(address, 1, false, false); errno != EADDRINUSE {
				t.Errorf("listening twice: %v", errno)
			}
			l.do(t, s.Close)
			d, step, errno := Listen(address, 1, false, false)
			if errno == 0 {
				d.Close()
				return
			}
			t.Logf("listening again on %v: %s: %v", address, step, errno) // a parallel test may have been faster
		}
		t.Error("no port could be taken again")
	})
}
