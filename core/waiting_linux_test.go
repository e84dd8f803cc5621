// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/turns"
)

// silence is a peer that says nothing more at some point of connecting.
type silence struct {
	where string
	url   string
	o     config.ConnectOptions
	cause dial.Stage // of a step that takes too long by itself
}

// silences are peers that are silent at each point where a client waits for one. They are
// so until the connection ends.
func silences(t *testing.T) []silence {
	t.Helper()
	says := func(words string, secure bool) string {
		return accepting(t, func(c net.Conn) error {
			c.SetDeadline(time.Time{})
			if secure {
				end := tls.Server(c, foreignConfig(tls.VersionTLS13))
				if end.Handshake() != nil {
					return nil // the client gave up
				}
				c = end
			}
			if words != "" {
				http.ReadRequest(bufio.NewReader(c))
				io.WriteString(c, words)
			}
			io.Copy(io.Discard, c)
			return nil
		})
	}
	silent := says("", false)
	host, text, err := net.SplitHostPort(silent)
	must(t, err)
	port, err := strconv.Atoi(text)
	must(t, err)
	through := func(kind dial.ProxyKind) config.ConnectOptions {
		return config.ConnectOptions{Proxy: dial.ProxyOptions{Mode: dial.ProxyExplicit, Proxy: dial.Proxy{Kind: kind, Host: host, Port: port}}}
	}
	halfHello := accepting(t, func(c net.Conn) error {
		c.SetDeadline(time.Time{})
		c.Read(make([]byte, 4096))
		c.Write([]byte{0x16, 3, 3, 0, 100, 2})
		io.Copy(io.Discard, c)
		return nil
	})
	return []silence{
		{"the connect", "ws://" + unanswered(t), config.ConnectOptions{}, dial.StageConnect},
		{"the dialogue with an HTTP proxy", "ws://target.invalid", through(dial.ProxyHTTP), dial.StageConnect},
		{"the dialogue with a SOCKS5 proxy", "ws://target.invalid", through(dial.ProxySOCKS5), dial.StageConnect},
		{"the TLS handshake", "wss://" + silent, trusting(t), dial.StageTLS},
		{"half of a hello of TLS", "wss://" + halfHello, trusting(t), dial.StageTLS},
		{"the upgrade", "ws://" + silent, config.ConnectOptions{}, dial.StageUpgrade},
		{"the upgrade over TLS", "wss://" + says("", true), trusting(t), dial.StageUpgrade},
		{"half of an answer", "ws://" + says("HTTP/1.1 101 Switching Proto", false), config.ConnectOptions{}, dial.StageUpgrade},
		{"the target of a redirect", "ws://" + says("HTTP/1.1 302 Found\r\nLocation: ws://"+silent+"/\r\n\r\n", false), config.ConnectOptions{MaxRedirects: 1}, dial.StageUpgrade},
	}
}

// unanswered is an address whose connects nobody answers: the kernel drops what does not
// fit into the queue of a listener.
func unanswered(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	must(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	must(t, unix.Listen(fd, 0))
	name, err := unix.Getsockname(fd)
	must(t, err)
	for range 4 {
		full, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		must(t, err)
		t.Cleanup(func() { unix.Close(full) })
		unix.Connect(full, name)
	}
	return fmt.Sprintf("127.0.0.1:%d", name.(*unix.SockaddrInet4).Port)
}

func TestClientsThatWaitForTheirPeersHoldUpNobody(t *testing.T) {
	for _, s := range silences(t) {
		t.Run(s.where, func(t *testing.T) {
			before := resources(t)
			h := start(t, config.Library{})
			_, plain := h.listening(config.ConnOptions{}, echo)
			_, secure := h.secureServer(config.ConnOptions{}, certs().good, echo)
			s.o.Timeout = -time.Millisecond
			for range 3 * turns.Most {
				if err := h.client(config.ConnOptions{}, nil).connectWith(s.url, s.o, nil); err != nil {
					t.Fatal(err)
				}
			}
			h.connected(config.ConnOptions{}, fmt.Sprintf("ws://127.0.0.1:%d", plain))
			h.secured(config.ConnOptions{}, wss(secure))
			h.end()
			before.settle(t, h, 0)
		})
	}
}

func TestPeerThatIsSilentSomewhereIsLeftInTime(t *testing.T) {
	const short = 50 * time.Millisecond
	for _, s := range silences(t) {
		t.Run(s.where, func(t *testing.T) {
			h := start(t, config.Library{})
			before := resources(t)
			step := s.o
			step.Timeout = -time.Millisecond
			switch s.cause {
			case dial.StageConnect:
				step.Steps.Connect = short
			case dial.StageTLS:
				step.Steps.TLS = short
			default:
				step.Steps.Upgrade = short
			}
			s.o.Timeout = short
			done := newMailbox[event]()
			for _, o := range []config.ConnectOptions{s.o, step} {
				if err := h.client(config.ConnOptions{}, nil).connectWith(s.url, o, done.put); err != nil {
					t.Fatal(err)
				}
				if e := done.take(t, "completion"); e.id != fault.IDTimeout || e.stage != dial.StageTimeout {
					t.Errorf("%d, stage %v: %s", e.id, e.stage, e.message)
				}
			}
			before.settle(t, h, 0)
			h.nothingLeft(0)
		})
	}
}

// Whoever begins the handshake of TLS and stops waits without a token.
func TestTwoHundredHalfHellosDoNotHoldUpAServer(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, echo)
	hello := clientHello(t)
	for i := range 200 {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		defer conn.Close()
		_, err = conn.Write(hello[:1+i*(len(hello)-1)/199])
		must(t, err)
	}
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	must(t, p.send(ws.OpText, []byte("a whole one")))
	if got, _, err := p.message(); err != nil || string(got) != "a whole one" {
		t.Fatalf("%q, %v", got, err)
	}
}

// Whoever computes has a token, whoever waits has none: neither reads nor writes keep it.
func TestHandshakesHoldTheirTokenOnlyWhileTheyCompute(t *testing.T) {
	t.Parallel()
	only := turns.New(nil)
	for range turns.Most { // s has one of them, and nobody gives the others back
		only.Take(nil)
	}
	nobodyWaits := make(chan struct{})
	close(nobodyWaits)
	ours, theirs := net.Pipe() // whose writes wait as well
	defer theirs.Close()
	s := &secure{raw: ours, turns: only}
	for _, wait := range []func(){
		func() { s.Read(make([]byte, 1)) },
		func() { s.Write([]byte{1}) },
	} {
		var waiting sync.WaitGroup
		waiting.Go(wait)
		only.Take(nil) // or nobody could
		only.Give()
		theirs.SetDeadline(time.Now().Add(deadline))
		go theirs.Write([]byte{1})
		go theirs.Read(make([]byte, 1))
		waiting.Wait()
		if only.Take(nobodyWaits) {
			t.Error("it has no token again")
		}
		theirs.Close()
		ours, theirs = net.Pipe()
		s.raw = ours
	}
	ours.Close()
	theirs.Close()
}
