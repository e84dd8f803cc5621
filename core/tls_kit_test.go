// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// secureServer starts a wss server with the certificate p.
func (h *testHost) secureServer(o config.ConnOptions, p pair, on callback) (server *handle, port int) {
	h.t.Helper()
	return h.secureServerWith(o, config.ListenOptions{}, p, on)
}

func (h *testHost) secureServerWith(o config.ConnOptions, l config.ListenOptions, p pair, on callback) (server *handle, port int) {
	h.t.Helper()
	l.TLS.Own = inFiles(h.t, p)
	return h.listeningWith(o, l, on)
}

// listeningWith starts a server on the loopback.
func (h *testHost) listeningWith(o config.ConnOptions, l config.ListenOptions, on callback) (server *handle, port int) {
	h.t.Helper()
	l.IP = "127.0.0.1"
	server = h.newServer(o, on)
	done := newMailbox[event]()
	if err := server.startServer(l, done.put); err != nil {
		h.t.Fatal(err)
	}
	if e := done.take(h.t, "completion of the start"); e.id != 0 {
		h.t.Fatalf("starting: %+v", e)
	}
	port, err := server.server.Port()
	if err != nil {
		h.t.Fatal(err)
	}
	return server, port
}

// inFiles is a pair in files of the test.
func inFiles(t testing.TB, p pair) dial.Pair {
	t.Helper()
	return dial.Pair{CertFile: file(t, "cert.pem", p.cert), KeyFile: file(t, "key.pem", p.key)}
}

func (x *handle) connectWith(url string, o config.ConnectOptions, done func(event)) *fault.Error {
	c := x.host.completion(done)
	return x.host.refused(c, x.conn.Connect(url, o, c))
}

// trusting are the options of a client that trusts the tests' own authority.
func trusting(t testing.TB) config.ConnectOptions {
	t.Helper()
	return config.ConnectOptions{TLS: dial.TLSOptions{CAFile: file(t, "ca.pem", certs().ours.pem)}}
}

// secured makes a client that is connected to a wss url.
func (h *testHost) secured(o config.ConnOptions, url string) (x *handle, r recorder) {
	h.t.Helper()
	r = newRecorder()
	x = h.client(o, r.listen)
	if err := x.connectWith(url, trusting(h.t), nil); err != nil {
		h.t.Fatal(err)
	}
	r.next(h.t, border.EventOpen)
	return x, r
}

func wss(port int) string { return fmt.Sprintf("wss://127.0.0.1:%d/", port) }

// foreignConfig is what a foreign peer says about TLS: of this version only.
func foreignConfig(version uint16) *tls.Config {
	return &tls.Config{
		MinVersion: version, MaxVersion: version,
		ServerName: "localhost", RootCAs: certs().ours.pool(),
		Certificates: []tls.Certificate{certs().good.tls},
	}
}

// versions runs a test over each version of TLS.
func versions(t *testing.T, f func(t *testing.T, version uint16)) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			f(t, version)
		})
	}
}

// joinSecure is a foreign client that has upgraded over TLS. wrap, if given,
// stands between TLS and TCP.
func joinSecure(t testing.TB, port int, config *tls.Config, wrap func(net.Conn) net.Conn) (*peer, *tls.Conn) {
	t.Helper()
	p, conn, err := tryJoinSecure(port, config, wrap)
	must(t, err)
	t.Cleanup(func() { p.Close() })
	return p, conn
}

func tryJoinSecure(port int, config *tls.Config, wrap func(net.Conn) net.Conn) (*peer, *tls.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, nil, err
	}
	raw.SetDeadline(time.Now().Add(deadline))
	if wrap != nil {
		raw = wrap(raw)
	}
	conn := tls.Client(raw, config)
	p, err := upgradeOver(conn)
	if err != nil {
		raw.Close()
		return nil, nil, err
	}
	return p, conn, nil
}

// upgradeOver is the client's upgrade on a stream.
func upgradeOver(conn net.Conn) (*peer, error) {
	buffered, _, err := new(ws.Dialer).Upgrade(conn, &url.URL{Scheme: "wss", Host: "localhost", Path: "/"})
	if err != nil {
		return nil, err
	}
	p := &peer{conn, conn, ws.StateClientSide}
	if buffered != nil {
		early := make([]byte, buffered.Buffered())
		io.ReadFull(buffered, early)
		p.r = io.MultiReader(&once{early}, conn)
	}
	return p, nil
}

// foreignSecure is a wss server that is not ours; serve runs for each
// connection in a goroutine of its own. wrap as for joinSecure.
func foreignSecure(t testing.TB, config *tls.Config, wrap func(net.Conn) net.Conn, serve func(p *peer, conn *tls.Conn) error) (url string) {
	t.Helper()
	return "wss://" + accepting(t, func(raw net.Conn) error {
		if wrap != nil {
			raw = wrap(raw)
		}
		conn := tls.Server(raw, config)
		if _, err := ws.Upgrade(conn); err != nil {
			return fmt.Errorf("upgrade: %w", err)
		}
		return serve(&peer{conn, conn, ws.StateServerSide}, conn)
	}) + "/"
}

// accepting listens; serve runs for each connection in a goroutine of its own.
func accepting(t testing.TB, serve func(conn net.Conn) error) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var running sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(deadline))
				if err := serve(conn); err != nil {
					t.Errorf("the foreign server: %v", err)
				}
			})
		}
	})
	return l.Addr().String()
}

// sliced sends what is written to it in pieces, or gathers it.
type sliced struct {
	net.Conn
	cut      func(p []byte) [][]byte // nil: whole
	between  func()                  // called between two pieces
	gathered []byte
	gather   bool
}

func (s *sliced) Write(p []byte) (int, error) {
	if s.gather {
		s.gathered = append(s.gathered, p...)
		return len(p), nil
	}
	cut := s.cut
	if cut == nil {
		cut = whole
	}
	return len(p), s.pieces(cut(p))
}

func (s *sliced) pieces(pieces [][]byte) error {
	for i, piece := range pieces {
		if i > 0 && s.between != nil {
			s.between()
		}
		if _, err := s.Conn.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

// hold gathers from now on; release sends all of it.
func (s *sliced) hold() { s.gather = true }

func (s *sliced) release(cut func(p []byte) [][]byte) error {
	all := s.gathered
	s.gathered, s.gather = nil, false
	return s.pieces(cut(all))
}

func whole(p []byte) [][]byte { return [][]byte{p} }

// bytewise cuts into single bytes.
func bytewise(p []byte) [][]byte {
	pieces := make([][]byte, len(p))
	for i := range p {
		pieces[i] = p[i : i+1]
	}
	return pieces
}

// round waits until the loops have looked at everything that was in their
// sockets when it was called.
func (h *testHost) round() {
	for _, w := range h.engine.workers {
		for range 2 { // the first may run in a round whose wait is over
			done := make(chan struct{})
			if w.loop.Post(func() { close(done) }) {
				<-done
			}
		}
	}
}

// onLoop runs f on the loop of x and waits for it.
func (x *handle) onLoop(f func()) {
	done := make(chan struct{})
	x.conn.w.loop.Post(func() {
		defer close(done)
		f()
	})
	<-done
}

// proxy stands between a client and a server and sends every byte by itself,
// both ways.
func proxy(t testing.TB, port int, cut func(p []byte) [][]byte) (address string) {
	t.Helper()
	return accepting(t, func(client net.Conn) error {
		server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		defer server.Close()
		client.SetDeadline(time.Now().Add(2 * deadline))
		server.SetDeadline(time.Now().Add(2 * deadline))
		var both sync.WaitGroup
		move := func(from, to net.Conn) {
			out := &sliced{Conn: to, cut: cut}
			p := make([]byte, 64<<10)
			for {
				n, err := from.Read(p)
				if n > 0 {
					if _, err := out.Write(p[:n]); err != nil {
						break
					}
				}
				if err != nil {
					break
				}
			}
			to.(*net.TCPConn).CloseWrite()
		}
		both.Go(func() { move(client, server) })
		both.Go(func() { move(server, client) })
		both.Wait()
		return nil
	})
}

// dialed is a TCP connection that the test closes at its end.
func dialed(t testing.TB, port int) net.Conn {
	t.Helper()
	return dialedBy(t, port, &net.Dialer{})
}

// narrow is one whose kernel keeps little of what it does not read.
func narrow(t testing.TB, port int) net.Conn {
	t.Helper()
	return dialedBy(t, port, &net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { keepLittle(fd) })
	}})
}

func dialedBy(t testing.TB, port int, d *net.Dialer) net.Conn {
	t.Helper()
	raw, err := d.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(t, err)
	raw.SetDeadline(time.Now().Add(deadline))
	t.Cleanup(func() { raw.Close() })
	return raw
}
