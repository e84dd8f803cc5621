// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// limited starts a server with limits; its own errors and the events of its
// connections come to r.
func (h *testHost) limited(l config.ListenLimits, r recorder) (server *handle, port int) {
	h.t.Helper()
	server = h.newServer(config.ConnOptions{}, r.listen)
	done := newMailbox[event]()
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Limits: l}, done.put); err != nil {
		h.t.Fatal(err)
	}
	done.take(h.t, "completion of the start")
	port, _ = server.server.Port()
	return server, port
}

const upgradeRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// answered reads an answer to its end; what the peer did not read of a request may
// make the end a reset.
func answered(c net.Conn) string {
	answer, _ := io.ReadAll(c)
	return string(answer)
}

// nothingLeft waits until no connection is counted but so many.
func (h *testHost) nothingLeft(sockets int64) {
	h.t.Helper()
	n := &h.engine.counters
	eventually(h.t, func() error {
		if s, r := n.sockets.Load(), n.refusing.Load(); s != sockets || r != 0 {
			return fmt.Errorf("%d sockets and %d that are being refused, want %d and 0", s, r, sockets)
		}
		return nil
	})
}

// However many come at once: each is answered, few of them take descriptors, and all of
// these are given back.
func TestACrowdBeyondTheLimitIsAnswered(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h, r := start(t, config.Library{Loops: loops}), newRecorder()
			server, port := h.limited(config.ListenLimits{Connections: 1}, r)
			p := join(t, port)
			r.next(t, border.EventOpen)
			const crowd = 3 * maxRefused
			var all sync.WaitGroup
			for range crowd {
				c := rawTo(t, port)
				all.Go(func() {
					c.Write([]byte(upgradeRequest)) // may be closed already
					if a := answered(c); !strings.HasPrefix(a, "HTTP/1.1 503 ") || !strings.Contains(a, "\r\nRetry-After: 5\r\n") {
						t.Errorf("the answer is %q", a)
					}
					c.Close()
				})
			}
			all.Wait()
			h.nothingLeft(1)
			if n := h.engine.counters.refused.Load(); n != crowd {
				t.Errorf("%d were refused, %d came", n, crowd)
			}
			if e := r.next(t, border.EventError); e.x != server || e.id != fault.IDConnectFailed || e.stage != dial.StageLimit || e.status != 503 {
				t.Errorf("the host is told %+v", e)
			}
			p.Close()
			h.nothingLeft(0)
		})
	}
}

// One that says nothing is answered when its time is over, one that has gone leaves
// nothing behind.
func TestARefusedClientThatSaysNothingIsAnsweredInTheEnd(t *testing.T) {
	t.Parallel()
	h, r := start(t, config.Library{}), newRecorder()
	_, port := h.limited(config.ListenLimits{PerClient: 1}, r)
	only := rawTo(t, port)
	eventually(t, func() error {
		if n := h.engine.counters.sockets.Load(); n != 1 {
			return fmt.Errorf("%d connections", n)
		}
		return nil
	})
	rawTo(t, port).Close()
	silent := rawTo(t, port)
	if a := answered(silent); !strings.HasPrefix(a, "HTTP/1.1 429 ") {
		t.Errorf("the answer is %q", a)
	}
	silent.Close()
	only.Close()
	h.nothingLeft(0)
}

// A server starts anew with other limits, and with nobody counted.
func TestLimitsAreThoseOfTheLastStart(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	server := h.newServer(config.ConnOptions{}, nil)
	for most := 1; most <= 4; most++ {
		done := newMailbox[event]()
		if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Limits: config.ListenLimits{Connections: most, PerClient: most, PerMinute: 100}}, done.put); err != nil {
			t.Fatal(err)
		}
		done.take(t, "completion of the start")
		port, _ := server.server.Port()
		for range most {
			join(t, port)
		}
		if _, err := tryJoin(port); err == nil || !strings.Contains(err.Error(), "503") {
			t.Errorf("one more than %d: %v", most, err)
		}
		if err := server.stopServerWith(config.CloseOptions{Code: 1001, Timeout: time.Millisecond}, done.put); err != nil {
			t.Fatal(err)
		}
		done.take(t, "completion of the stop")
		h.nothingLeft(0)
	}
}

// Refused connections over TLS are answered inside it; a crowd of those that never end
// their handshake leaves room and nothing behind.
func TestARefusedClientIsAnsweredInsideTLS(t *testing.T) {
	t.Parallel()
	h, r := start(t, config.Library{}), newRecorder()
	_, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Limits: config.ListenLimits{Connections: 1}}, certs().good, r.listen)
	joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	r.next(t, border.EventOpen)
	if _, _, err := tryJoinSecure(port, foreignConfig(tls.VersionTLS13), nil); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("one too many: %v", err)
	}
	var silent []net.Conn
	for range maxRefused + 10 {
		silent = append(silent, rawTo(t, port))
	}
	for _, c := range silent {
		if a := answered(c); a != "" {
			t.Errorf("%q without TLS", a)
		}
		c.Close()
	}
	h.nothingLeft(1)
}
