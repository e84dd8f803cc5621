// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

// Each loop accepts for its own listeners, and the events of a server are its home's.
func TestDescriptorsThatRunOutAreToldFromEveryLoop(t *testing.T) {
	t.Parallel()
	h, r := start(t, config.Library{Loops: 2}), newRecorder()
	s := h.newServer(config.ConnOptions{}, r.listen)
	s.startAt(t, config.ListenerOptions{IP: "127.0.0.1", Loops: 1}, config.ListenerOptions{IP: "127.0.0.1", FirstLoop: 1})
	for _, l := range s.server.listeners {
		if l.w != s.server.home {
			l.w.loop.Post(func() { l.exhausted(syscall.EMFILE) })
		}
	}
	if e := r.next(t, border.EventError); e.errno != int32(syscall.EMFILE) || e.x != s {
		t.Errorf("told was %+v", e.event)
	}
}

// What could not be watched is given up with all that belongs to it.
func TestAStartThatFailedLaterLeavesNoFile(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	s := h.newServer(config.ConnOptions{}, nil)
	path := filepath.Join(t.TempDir(), "s")
	file, err := os.Create(path + ".other")
	must(t, err)
	defer file.Close()
	places := []config.ListenerOptions{{Path: path}, {IP: "127.0.0.1", FirstLoop: 1}}
	done, release := newMailbox[event](), make(chan struct{})
	s.server.home.loop.Post(func() { <-release })
	if err := s.startServer(config.ListenOptions{ListenersOnly: true, Listeners: places}, done.put); err != nil {
		t.Fatal(err)
	}
	for _, l := range s.server.listeners {
		if l.place.Path != "" { // a file cannot be waited for
			must(t, syscall.Dup3(int(file.Fd()), int(l.d), syscall.O_CLOEXEC))
		}
	}
	close(release)
	if e := done.take(t, "completion of the start"); e.operation != border.OpServerStart || e.id != fault.IDUnknown {
		t.Errorf("the start: %+v", e)
	}
	eventually(t, func() error { // as soon as it is undone
		err := s.startServer(config.ListenOptions{ListenersOnly: true, Listeners: places[1:]}, done.put)
		if err != nil && err.ID != fault.IDState {
			t.Fatal(err)
		}
		if err != nil {
			return err
		}
		return nil
	})
	if e := done.take(t, "completion of the next start"); e.id != 0 {
		t.Errorf("the next start: %+v", e)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the file of the socket: %v", err)
	}
}

// Who shares a listening socket may shut it down for all. Nothing can be accepted then, and
// the poller tells of it in every round.
func TestASocketThatSomebodyElseShutsDownKeepsNoLoopBusy(t *testing.T) {
	t.Parallel()
	h, r := start(t, config.Library{}), newRecorder()
	s := h.newServer(config.ConnOptions{}, r.listen)
	s.startAt(t, config.ListenerOptions{IP: "127.0.0.1"})
	fd, err := s.server.Descriptor(0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	begin := time.Now()
	must(t, syscall.Shutdown(fd, syscall.SHUT_RDWR))
	if e := r.next(t, border.EventError); e.x != s || e.errno != int32(syscall.EINVAL) {
		t.Errorf("told was %+v", e.event)
	}
	for range 1000 {
		h.roundsEnd()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n, most := len(r.items), int(time.Since(begin)/shutDownPause); n > most {
		t.Errorf("it was told %d times more in %v", n, time.Since(begin))
	}
	if n := len(h.logged()); n > 100 {
		t.Errorf("the log has %d lines", n)
	}
}

// What accept(2) fails with may be the fault of one connection, or of what refuses all.
func TestAcceptingThatFailsForEverKeepsNoLoopBusy(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	s := h.newServer(config.ConnOptions{}, nil)
	refusing, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer refusing.Close()
	_, err = refusing.WriteTo([]byte("something to accept"), refusing.LocalAddr())
	must(t, err)
	raw, err := refusing.(*net.UDPConn).SyscallConn()
	must(t, err)
	done, release := newMailbox[event](), make(chan struct{})
	s.server.home.loop.Post(func() { <-release })
	if err := s.startServer(config.ListenOptions{ListenersOnly: true, Listeners: []config.ListenerOptions{{IP: "127.0.0.1"}}}, done.put); err != nil {
		t.Fatal(err)
	}
	l := s.server.listeners[0]
	must(t, raw.Control(func(fd uintptr) { must(t, syscall.Dup3(int(fd), int(l.d), syscall.O_CLOEXEC)) }))
	close(release)
	if e := done.take(t, "completion of the start"); e.id != 0 {
		t.Fatalf("the start: %+v", e)
	}
	begin, tries := time.Now(), make(chan int, 1)
	count := func() int {
		l.w.loop.Post(func() { tries <- l.fails })
		return <-tries
	}
	eventually(t, func() error {
		if n := count(); n < acceptTries {
			return fmt.Errorf("%d tries", n)
		}
		return nil
	})
	for range 1000 {
		h.roundsEnd()
	}
	if n, most := count(), acceptTries+int(time.Since(begin)/acceptPause); n > most {
		t.Errorf("%d tries in %v", n, time.Since(begin))
	}
	if n := len(h.logged()); n > 10 {
		t.Errorf("the log has %d lines", n)
	}
}

// Whose completion comes first is told first, whichever loop is faster to see the end.
func TestTheEndOfListeningIsToldBeforeThatOfTheServer(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 4})
	for range 300 {
		order, over := newMailbox[string](), make(chan struct{})
		s := h.newServer(config.ConnOptions{}, func(_ *dispatcher, _ *handle, e event) {
			if e.kind == border.EventDestroyed {
				order.put("destroyed")
			}
		})
		s.startAt(t, config.ListenerOptions{IP: "127.0.0.1"})
		if err := s.stopListening(func(event) { order.put("silent") }); err != nil {
			t.Fatal(err)
		}
		s.destroy()
		var others sync.WaitGroup
		for range 3 { // as other loops do when something of theirs ends
			others.Go(func() {
				for {
					select {
					case <-over:
						return
					default:
						s.server.settle()
					}
				}
			})
		}
		first, then := order.take(t, "completion"), order.take(t, "end")
		close(over)
		others.Wait()
		if first != "silent" || then != "destroyed" {
			t.Fatalf("first %s, then %s", first, then)
		}
	}
}

// A connection whose answer was leaving while the server stopped to listen has no reason to
// stay either, although the answer had promised it.
func TestTheEndOfListeningDoesNotWaitForANextRequest(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	const size = 12 << 20
	server, port := h.asking(config.ListenOptions{HTTP: config.HTTPOptions{KeepAlive: time.Hour}}, func(_ *dispatcher, x *handle, e event) {
		if e.kind != border.EventRequest {
			return
		}
		if err := x.conn.Respond(handshake.Reply{Status: 200, Body: make([]byte, size)}); err != nil {
			t.Errorf("respond: %v", err)
		}
	})
	raw := rawTo(t, port)
	_, err := io.WriteString(raw, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	must(t, err)
	reader := bufio.NewReader(raw)
	response, err := http.ReadResponse(reader, nil) // the answer is on its way
	must(t, err)
	told := newMailbox[event]()
	if err := server.stopListening(told.put); err != nil {
		t.Fatal(err)
	}
	h.roundsEnd() // the listener is closed
	h.roundsEnd() // and the connection looked at
	if n, err := io.Copy(io.Discard, response.Body); n != size || err != nil {
		t.Errorf("%d bytes of the answer came, %v", n, err)
	}
	if e := told.take(t, "completion of the end of listening"); e.id != 0 {
		t.Errorf("the end of listening: %+v", e)
	}
	if _, err := reader.ReadByte(); err != io.EOF {
		t.Errorf("the connection: %v", err)
	}
}

// A connection may be on its way to another loop while the server is stopped and started
// again, perhaps for other clients. It came by a socket that is gone.
func TestWhoCameBeforeAStopIsNotLetInByTheNextStart(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	s := h.newServer(config.ConnOptions{}, nil)
	s.startAt(t, config.ListenerOptions{IP: "127.0.0.1"})
	port, failed := s.server.Port()
	if failed != nil {
		t.Fatal(failed)
	}
	other := h.engine.workers[0]
	if other == s.server.home {
		other = h.engine.workers[1]
	}
	held, release := make(chan struct{}), make(chan struct{})
	other.loop.Post(func() { close(held); <-release })
	<-held
	var free sync.Once
	defer free.Do(func() { close(release) })
	l := s.server.listeners[0]
	early := []rawEnd{rawTo(t, port), rawTo(t, port)} // in turn to both loops
	eventually(t, func() error {
		handed := make(chan int, 1)
		l.w.loop.Post(func() { handed <- l.next })
		if n := <-handed; n != len(early) {
			return fmt.Errorf("%d were accepted", n)
		}
		return nil
	})
	done := newMailbox[event]()
	if err := s.stopServer(done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the stop"); e.id != 0 {
		t.Fatalf("the stop: %+v", e)
	}
	s.startAt(t, config.ListenerOptions{IP: "127.0.0.1", Loops: 1, FirstLoop: s.server.home.index})
	free.Do(func() { close(release) })
	for _, c := range early {
		io.WriteString(c, wholeRequest)
		if n, err := c.Read(make([]byte, 100)); err == nil {
			t.Errorf("%d bytes of an answer came", n)
		}
	}
}

// logLooks is a host that looks at the server when something is logged.
type logLooks struct {
	*testHost
	look func()
}

func (h logLooks) Log(level journal.Level, line string) {
	h.testHost.Log(level, line)
	h.look()
}

// A connection that the loop cannot watch is given up once, although a stop on another loop has
// found it on the list of the server meanwhile.
func TestAConnectionThatCannotBeWatchedIsGivenUpOnce(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server, _ := h.listening(config.ConnOptions{}, nil)
	s := server.server
	file, err := os.Create(filepath.Join(t.TempDir(), "file")) // which cannot be waited for
	must(t, err)
	defer file.Close()
	d, err := syscall.Dup(int(file.Fd()))
	must(t, err)
	done := make(chan struct{})
	s.home.loop.Post(func() {
		defer close(done)
		var listed []*Conn
		h.engine.host = logLooks{h, func() { listed = append(listed, s.list()...) }}
		s.listeners[0].welcome(s.home, loop.Descriptor(d), netip.MustParseAddrPort("127.0.0.1:1"))
		h.engine.host = h
		if len(listed) != 1 {
			t.Errorf("%d connections were on the list", len(listed))
		}
		for _, c := range listed {
			c.comes(onStop, &occasion{how: config.CloseOptions{}})
		}
	})
	<-done
	h.roundsEnd()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := h.engine.counters.sockets.Load(); s.count != 0 || n != 0 {
		t.Errorf("%d connections and %d sockets are counted", s.count, n)
	}
}
