// SPDX-License-Identifier: Apache-2.0

//go:build unix

package core

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

const wholeRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// startAt starts a server at places and waits until it accepts.
func (x *handle) startAt(t *testing.T, all ...config.ListenerOptions) {
	t.Helper()
	done := newMailbox[event]()
	if err := x.startServer(config.ListenOptions{ListenersOnly: true, Listeners: all}, done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the start"); e.id != 0 {
		t.Fatalf("starting: %+v", e)
	}
}

func (x *handle) stopListening(done func(event)) *fault.Error {
	c := x.host.completion(done)
	return x.host.refused(c, x.server.StopListening(c))
}

// Clients stand anywhere between connect and answer while the socket changes hands.
func TestNoHandshakeIsLostWhenASocketIsHandedOver(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 3})
	old := h.newServer(config.ConnOptions{}, nil)
	old.startAt(t, config.ListenerOptions{IP: "127.0.0.1"}, config.ListenerOptions{IP: "127.0.0.1", Loops: 1})
	port, err := old.server.Port()
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		const clients = 24
		var all sync.WaitGroup
		handed := make(chan struct{})
		for i := range clients {
			all.Add(1)
			go func() {
				defer all.Done()
				if i%3 == 0 {
					<-handed
				}
				c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
				if err != nil {
					t.Errorf("round %d: %v", round, err)
					return
				}
				defer c.Close()
				c.SetDeadline(time.Now().Add(deadline))
				half := i * len(wholeRequest) / clients
				c.Write([]byte(wholeRequest[:half]))
				if i%2 == 0 {
					<-handed
				}
				c.Write([]byte(wholeRequest[half:]))
				if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "101") {
					t.Errorf("round %d: client %d is answered %q, %v", round, i, line, err)
				}
			}()
		}
		fd, err := old.server.Descriptor(0)
		if err != nil {
			t.Fatal(err)
		}
		successor := h.newServer(config.ConnOptions{}, nil)
		successor.startAt(t, config.ListenerOptions{Given: true, Descriptor: fd})
		syscall.Close(fd)
		told := newMailbox[event]()
		if err := old.stopListening(told.put); err != nil {
			t.Fatal(err)
		}
		close(handed)
		if e := told.take(t, "completion of the end of listening"); e.id != 0 || e.operation != border.OpServerStopListening {
			t.Errorf("the end of listening: %+v", e)
		}
		stopped := newMailbox[event]()
		if err := old.stopServer(stopped.put); err != nil {
			t.Fatal(err)
		}
		all.Wait()
		stopped.take(t, "completion of the stop")
		old.destroy()
		old = successor
	}
}

func TestTheEndOfListeningClosesEverySocket(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	s := h.newServer(config.ConnOptions{}, nil)
	path := filepath.Join(t.TempDir(), "s")
	s.startAt(t, config.ListenerOptions{IP: "127.0.0.1", ReusePort: true}, config.ListenerOptions{Path: path})
	if info, err := s.server.Listener(2); err != nil || info.Count != 3 || info.Address != path || info.Port != 0 {
		t.Errorf("the third listener is %+v, %v", info, err)
	}
	told := newMailbox[event]()
	if err := s.stopListening(told.put); err != nil {
		t.Fatal(err)
	}
	if err := s.stopListening(func(event) {}); err == nil || err.ID != fault.IDState {
		t.Errorf("once more: %v", err)
	}
	if e := told.take(t, "completion of the end of listening"); e.id != 0 {
		t.Errorf("the end of listening: %+v", e)
	}
	if _, err := net.Dial("unix", path); err == nil {
		t.Error("the path still listens")
	}
	if _, err := s.server.Descriptor(0); err == nil || err.ID != fault.IDState {
		t.Errorf("a descriptor of one that does not listen: %v", err)
	}
}
