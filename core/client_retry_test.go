// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/reconnect"
)

// again makes a client come back by these rules.
func again(p reconnect.Policy, o config.ConnectOptions) config.ConnectOptions {
	o.Reconnect = &config.Reconnect{Policy: p}
	return o
}

func TestServerThatEndsWhatItTakesIsAskedLessAndLess(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	url := "ws://" + accepting(t, func(c net.Conn) error {
		_, err := ws.Upgrade(c)
		return err
	})
	const first = time.Millisecond
	for stable, want := range map[time.Duration][]time.Duration{
		0:                 {first, 2 * first, 4 * first, 8 * first, 16 * first},
		-time.Millisecond: {first, first, first, first, first},
	} {
		r := newRecorder()
		x := h.client(config.ConnOptions{}, r.listen)
		if err := x.connectWith(url, again(reconnect.Policy{First: first, Exact: true, Stable: stable}, config.ConnectOptions{}), nil); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(want); {
			if e := r.take(t, "event"); e.kind == border.EventReconnecting {
				if e.delay != want[i] || e.attempt != 1 {
					t.Errorf("%v: wait %d is %v, try %d", stable, i, e.delay, e.attempt)
				}
				i++
			}
		}
		x.destroy()
	}
}

func TestAnswerSaysTheShortestWait(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for _, c := range []struct {
		answer  string
		atLeast time.Duration
		atMost  time.Duration
	}{
		{"503 Busy\r\nRetry-After: 7", 7 * time.Second, 7 * time.Second},
		{"429 Slow\r\nretry-after: 7", 7 * time.Second, 7 * time.Second},
		{"503 Busy\r\nRetry-After: 3\r\nRetry-After: 9\r\nRetry-After: soon", 9 * time.Second, 9 * time.Second},
		{"503 Busy\r\nDate: Fri, 31 Dec 1999 23:59:00 GMT\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT", 59 * time.Second, 59 * time.Second},
		{"503 Busy\r\nRetry-After: " + time.Now().Add(time.Minute).UTC().Format(http.TimeFormat), time.Second, time.Minute},
		{"503 Busy\r\nRetry-After: 99999999999999999999", time.Hour, time.Hour},
		{"503 Busy\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT", time.Second, time.Second},
		{"503 Busy\r\nRetry-After: soon", time.Second, time.Second},
		{"502 Bad\r\nRetry-After: 7", time.Second, time.Second},
		{"503 Busy", time.Second, time.Second},
	} {
		answer := func(c1 net.Conn) error {
			if _, err := http.ReadRequest(bufio.NewReader(c1)); err != nil {
				return nil
			}
			io.WriteString(c1, "HTTP/1.1 "+c.answer+"\r\nContent-Length: 0\r\n\r\n")
			return nil
		}
		address := accepting(t, answer)
		host, port := address, 0
		_, err := fmt.Sscanf(address[strings.LastIndexByte(address, ':'):], ":%d", &port)
		must(t, err)
		host = host[:strings.LastIndexByte(host, ':')]
		for _, way := range []struct {
			url string
			o   config.ConnectOptions
		}{
			{"ws://" + address, config.ConnectOptions{}},
			{"ws://target.invalid", config.ConnectOptions{Proxy: dial.ProxyOptions{Mode: dial.ProxyExplicit, Proxy: dial.Proxy{Host: host, Port: port}}}},
		} {
			r := newRecorder()
			x := h.client(config.ConnOptions{}, r.listen)
			if err := x.connectWith(way.url, again(reconnect.Policy{First: time.Second, Exact: true}, way.o), nil); err != nil {
				t.Fatal(err)
			}
			r.next(t, border.EventError)
			if e := r.next(t, border.EventReconnecting); e.delay < c.atLeast || e.delay > c.atMost {
				t.Errorf("%q: %v", c.answer, e.delay)
			}
			x.destroy()
		}
	}
}

func TestWhatIsFinalAtTheFirstTryIsAnErrorOfReconnecting(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	var tries atomic.Int32
	secure := "wss://" + accepting(t, func(c net.Conn) error {
		tries.Add(1)
		tls.Server(c, foreignConfig(tls.VersionTLS13)).Handshake()
		return nil
	})
	pinned := trusting(t)
	pinned.TLS.Pins = []string{strings.Repeat("ab", 32)}
	mutual := "wss://" + accepting(t, func(c net.Conn) error {
		config := foreignConfig(tls.VersionTLS13).Clone()
		config.ClientAuth = tls.RequireAnyClientCert
		tls.Server(c, config).Handshake()
		io.Copy(io.Discard, c)
		return nil
	})
	for _, c := range []struct {
		what, url string
		o         config.ConnectOptions
		text      string
	}{
		{"a status", answering(t, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), config.ConnectOptions{}, "the answer is final"},
		{"a certificate of nobody we know", secure, config.ConnectOptions{}, "the certificate"},
		{"a certificate with another key", secure, pinned, "the certificate"},
		{"a certificate of ours that is missing", mutual, trusting(t), "the certificate"},
	} {
		r, done := newRecorder(), newMailbox[event]()
		x := h.client(config.ConnOptions{}, r.listen)
		if err := x.connectWith(c.url, again(reconnect.Policy{}, c.o), done.put); err != nil {
			t.Fatal(err)
		}
		for _, e := range []event{done.take(t, "completion"), r.next(t, border.EventError).event} {
			if e.id != fault.IDConnectFailed || e.stage != dial.StageReconnect || !strings.Contains(e.message, "gave up connecting, "+c.text) {
				t.Errorf("%s: %d, stage %v: %s", c.what, e.id, e.stage, e.message)
			}
		}
		x.destroy()
		r.next(t, border.EventDestroyed)
	}
	if tries.Load() != 2 {
		t.Errorf("%d tries", tries.Load())
	}
}

func TestCertificateThatIsWrongIsTriedAgainWhenTheHostWantsThat(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	url := "wss://" + accepting(t, func(c net.Conn) error {
		tls.Server(c, foreignConfig(tls.VersionTLS13)).Handshake()
		return nil
	})
	r := newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connectWith(url, again(reconnect.Policy{First: time.Millisecond, Exact: true, RetryCertificate: true}, config.ConnectOptions{}), nil); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if e := r.next(t, border.EventError); e.stage != dial.StageTLS {
			t.Errorf("stage %v: %s", e.stage, e.message)
		}
		r.next(t, border.EventReconnecting)
	}
	x.destroy()
}
