// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"net"
	"net/netip"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestListenSaysWhatFailed(t *testing.T) {
	t.Parallel()
	taken, step, errno := Listen(netip.MustParseAddrPort("127.0.0.1:0"), 10, false, false)
	if errno != 0 {
		t.Fatalf("%s: %v", step, errno)
	}
	defer taken.Close()
	for address, want := range map[string]syscall.Errno{
		taken.LocalAddress().String(): EADDRINUSE,
		"192.0.2.1:0":                 EADDRNOTAVAIL, // RFC 5737: nobody has it
		"127.0.0.1:0":                 0,
	} {
		d, step, errno := Listen(netip.MustParseAddrPort(address), 10, false, false)
		if errno != want || (errno != 0) != (step != "") || (errno != 0) != (d == -1) {
			t.Errorf("%s: descriptor %d, %q, %v; want %v", address, d, step, errno, want)
		}
		if errno == 0 {
			d.Close()
		}
	}
}

func TestListenOnEveryIPv6AddressTakesBothFamilies(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		d, step, errno := Listen(netip.MustParseAddrPort("[::]:0"), 10, false, false)
		if errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL {
			return // the right answer of a system without IPv6
		}
		if errno != 0 {
			t.Fatalf("%s: %v", step, errno)
		}
		port := d.LocalAddress().Port()
		var s Socket
		peers := make(chan netip.AddrPort, 1)
		l.do(t, func() {
			if err := s.Register(l.Loop, d, handlerFunc(func(int) {
				if d, peer, errno := s.Accept(); errno == 0 {
					peers <- peer
					d.Close()
				}
			})); err != nil {
				t.Error(err)
			}
		})
		client := dialTo(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port))
		if peer := within(t, peers, "a connection"); peer.String() != client.LocalAddr().String() {
			t.Errorf("the peer is %v, want %v", peer, client.LocalAddr())
		}
		l.do(t, s.Close)
	})
}

func TestAcceptedConnectionsNeitherBlockNorAreInherited(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		accepted := make(chan Descriptor, 1)
		_, address := l.listen(t, func(s *Socket) {
			if d, _, errno := s.Accept(); errno == 0 {
				accepted <- d
			}
		})
		dialTo(t, address)
		d := within(t, accepted, "a connection")
		defer d.Close()
		status, _ := unix.FcntlInt(uintptr(d), unix.F_GETFL, 0)
		flags, _ := unix.FcntlInt(uintptr(d), unix.F_GETFD, 0)
		if status&unix.O_NONBLOCK == 0 || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("status flags %#x, descriptor flags %#x", status, flags)
		}
	})
}

func TestSpareMayBeTakenAndGivenRepeatedly(t *testing.T) {
	t.Parallel()
	var s Spare
	s.Give()
	for range 3 {
		s.Take()
		fd := s.fd
		s.Take()
		if s.fd != fd || fd == 0 {
			t.Errorf("descriptor %d, then %d", fd-1, s.fd-1)
		}
		s.Give()
		s.Give()
		if s.fd != 0 {
			t.Error("still held")
		}
	}
}

func TestDetachTakesTheDescriptorOver(t *testing.T) {
	t.Parallel()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.DialTCP("tcp", nil, listener.Addr().(*net.TCPAddr))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Detach(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("x")); err == nil {
		t.Error("the connection of package net is still open")
	}
	if again, err := Detach(conn); err == nil {
		t.Error("a closed connection was detached")
		again.Close()
	}
	if _, err := unix.Read(int(d), make([]byte, 1)); err != unix.EAGAIN {
		t.Errorf("the descriptor blocks: %v", err)
	}
	d.Close()
}

func TestAddressOfWhatIsNoSocketIsNotValid(t *testing.T) {
	t.Parallel()
	d := Descriptor(-1)
	if local, peer := d.LocalAddress(), d.PeerAddress(); local.IsValid() || peer.IsValid() {
		t.Errorf("%v and %v", local, peer)
	}
}
