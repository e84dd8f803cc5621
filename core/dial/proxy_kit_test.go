// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve runs a server for each connection on an ephemeral port, until the test
// ends. A connection is closed when its function returns; 10 s bound it.
func serve(t testing.TB, one func(net.Conn)) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(deadline))
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			all.Go(func() {
				defer stop()
				defer conn.Close()
				one(conn)
			})
		}
	})
	t.Cleanup(func() {
		cancel()
		l.Close()
		all.Wait()
	})
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}

// echo gives back what it gets.
func echo(conn net.Conn) { io.Copy(conn, conn) }

// head reads a request up to its blank line.
func head(conn net.Conn) string {
	var b strings.Builder
	for r := bufio.NewReader(conn); !strings.HasSuffix(b.String(), "\r\n\r\n"); {
		c, err := r.ReadByte()
		if err != nil {
			return b.String()
		}
		b.WriteByte(c)
	}
	return b.String()
}

// relay connects the client with the server behind host and port.
func relay(client net.Conn, host string, port int) {
	server, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return
	}
	defer server.Close()
	ended := make(chan struct{})
	go func() {
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
		close(ended)
	}()
	io.Copy(client, server)
	client.Close()
	<-ended
}

// answering is an HTTP proxy that says reply, in one write, and whatever else the
// function does.
func answering(t testing.TB, reply string, then func(net.Conn)) Options {
	t.Helper()
	return through(ProxyHTTP)(serve(t, func(conn net.Conn) {
		head(conn)
		io.WriteString(conn, reply)
		if then != nil {
			then(conn)
		}
	}))
}

// through makes the options for a proxy at an address.
func through(kind ProxyKind) func(host string, port int) Options {
	return func(host string, port int) Options {
		return Options{Proxy: ProxyOptions{Mode: ProxyExplicit, Proxy: Proxy{Kind: kind, Host: host, Port: port}}}
	}
}

// proxyFails connects and wants a failure of the proxy, which ends the connection
// to it.
func proxyFails(t *testing.T, raw string, o Options) *Error {
	t.Helper()
	conn, err := Connect(within(t), parse(t, raw), o)
	return mustFail(t, conn, err, StageProxy)
}

// waitForEnd is a proxy's end that waits until the client has gone.
func waitForEnd(gone chan<- error) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := io.Copy(io.Discard, conn)
		gone <- err
	}
}

// wantGone checks that the client has closed its socket.
func wantGone(t *testing.T, gone <-chan error) {
	t.Helper()
	select {
	case err := <-gone:
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("the socket was not closed: %v", err)
		}
	case <-time.After(deadline):
		t.Error("the socket was not closed")
	}
}

// wantEcho checks that a server is at the other end.
func wantEcho(t *testing.T, conn io.ReadWriter, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	wantRead(t, conn, text)
}

func wantRead(t *testing.T, conn io.Reader, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != text {
		t.Fatalf("read %q and error %v, want %q", got, err, text)
	}
}
