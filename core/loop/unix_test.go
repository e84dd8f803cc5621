// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestAHangUpIsToldWhileNothingIsWatched(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		told := make(chan int, 1)
		s, peer := l.register(t, func(s *Socket, events int) {
			s.Close()
			told <- events
		})
		l.do(t, func() { s.Watch(false, false) })
		l.rounds(t)()
		peer.SetLinger(0)
		peer.Close()
		if events := within(t, told, "the hang-up"); events != Hup {
			t.Errorf("events %d", events)
		}
	})
}

func TestAShutdownOfBothSidesWakesTheLoop(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		ended := make(chan struct{})
		s, _ := l.register(t, func(s *Socket, _ int) {
			if n, errno := s.Read(make([]byte, 8)); n == 0 && errno == 0 {
				s.Close()
				close(ended)
			}
		})
		l.rounds(t)()
		l.do(t, func() { s.ShutdownBoth() })
		within(t, ended, "the end of the stream")
	})
}

func TestAcceptedConnectionsHaveNoDelay(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		values := make(chan int, 1)
		_, address := l.listen(t, func(s *Socket) {
			d, _, errno := s.Accept()
			if errno != 0 {
				return
			}
			defer d.Close()
			value, err := unix.GetsockoptInt(int(d), unix.IPPROTO_TCP, unix.TCP_NODELAY)
			if err != nil {
				t.Error(err)
			}
			values <- value
		})
		dialTo(t, address)
		if within(t, values, "the connection") == 0 {
			t.Error("TCP_NODELAY is off")
		}
	})
}

// childOf names the engine in the environment of the child process.
const childOf = "LIBWS_TEST_DESCRIPTORS"

// The limit of descriptors is the process's, so a child runs out of them.
func TestWithoutDescriptorsAListenerRefusesAndDoesNotSpin(t *testing.T) {
	if name := os.Getenv(childOf); name != "" {
		runOut(t, engines()[name])
		return
	}
	t.Parallel()
	for name := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.Command(os.Args[0], "-test.run=^TestWithoutDescriptorsAListenerRefusesAndDoesNotSpin$", "-test.count=1")
			child.Env = append(os.Environ(), childOf+"="+name)
			if out, err := child.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func runOut(t *testing.T, kind Kind) {
	l := startLoop(t, kind)
	var spare Spare
	spare.Take()
	busy := l.rounds(t)
	var failed []syscall.Errno
	refused, told := 0, 0
	accepted := make(chan Descriptor, 1)
	s, address := l.listen(t, func(s *Socket) {
		told++
		d, _, errno := s.Accept()
		if errno == 0 {
			accepted <- d
			return
		}
		failed = append(failed, errno)
		spare.Give()
		if d, _, errno := s.Accept(); errno == 0 {
			d.Close()
			refused++
		}
		spare.Take()
		s.Watch(false, false)
	})
	l.do(t, func() { s.Watch(false, false) })
	first := dialTo(t, address)
	second := dialTo(t, address)
	var hoard []int
	for {
		fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if errors.Is(err, unix.EMFILE) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if hoard = append(hoard, fd); len(hoard) == 1 {
			// As few as there are now, and some for what the runtime opens by itself.
			var limit unix.Rlimit
			if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
				t.Fatal(err)
			}
			limit.Cur = 64
			if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
				t.Fatal(err)
			}
		}
	}
	l.do(t, func() { s.Watch(true, false) })
	receiveEnd(t, first)
	busy()
	l.do(t, func() {
		if len(failed) != 1 || failed[0] != EMFILE || refused != 1 || told != 1 {
			t.Errorf("failed with %v, refused %d, told %d times", failed, refused, told)
		}
	})
	for _, fd := range hoard {
		unix.Close(fd)
	}
	l.do(t, func() { s.Watch(true, false) })
	d := within(t, accepted, "the second connection")
	if d.PeerAddress().String() != second.LocalAddr().String() {
		t.Errorf("the peer is %v", d.PeerAddress())
	}
	d.Close()
	l.do(t, func() { s.Close(); spare.Give() })
}

// receiveEnd waits for the peer's end of the stream or reset.
func receiveEnd(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(deadline))
	if n, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("read %d bytes, %v, of a refused connection", n, err)
	}
}

// Of many that find the same old file one gets its place, and keeps it.
func TestAnOldSocketFileIsTakenByOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s")
	for round := range 200 {
		if old, _, _, errno := ListenFile(path, 0o600, 1); errno != 0 {
			t.Fatal(errno)
		} else {
			old.Close() // the file stays
		}
		const processes = 4
		var found [processes]Descriptor
		var files [processes]SocketFile
		var all sync.WaitGroup
		for i := range processes {
			all.Go(func() {
				var errno syscall.Errno
				if found[i], files[i], _, errno = ListenFile(path, 0o600, 1); errno != 0 && errno != EADDRINUSE {
					t.Errorf("round %d: %v", round, errno)
				}
			})
		}
		all.Wait()
		winners := 0
		for i, d := range found {
			if d < 0 {
				continue
			}
			winners++
			if now, err := statFile(path); err != nil || now != files[i] {
				t.Errorf("round %d: the file is %+v, not the winner's, %v", round, now, err)
			}
			files[i].Remove()
			d.Close()
		}
		if winners != 1 {
			t.Fatalf("round %d: %d listen at one path", round, winners)
		}
	}
}
