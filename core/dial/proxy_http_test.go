// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

func TestHTTPProxyIsAskedForHostAndPort(t *testing.T) {
	t.Parallel()
	echoHost, echoPort := serve(t, echo)
	for _, c := range []struct {
		raw, user, password, want string
	}{
		{"ws://example.test/chat", "", "", "CONNECT example.test:80 HTTP/1.1\r\nHost: example.test:80\r\n\r\n"},
		{"wss://example.test/", "", "", "CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n"},
		{"ws://bücher.test:81/", "", "", "CONNECT xn--bcher-kva.test:81 HTTP/1.1\r\nHost: xn--bcher-kva.test:81\r\n\r\n"},
		{"ws://[2001:db8::1]/", "", "", "CONNECT [2001:db8::1]:80 HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"},
		{"ws://[fe80::1%25eth0]/", "", "", "CONNECT [fe80::1]:80 HTTP/1.1\r\nHost: [fe80::1]:80\r\n\r\n"},
		{"ws://a.test/", "Aladdin", "open sesame", "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"},
		{"ws://a.test/", "only", "", "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\nProxy-Authorization: Basic b25seTo=\r\n\r\n"},
		{"ws://me:secret@a.test/", "", "", "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"},
	} {
		asked := make(chan string, 1)
		o := through(ProxyHTTP)(serve(t, func(conn net.Conn) {
			asked <- head(conn)
			io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
			relay(conn, echoHost, echoPort)
		}))
		o.Proxy.Proxy.Username, o.Proxy.Proxy.Password = c.user, c.password
		conn, err := Connect(within(t), parse(t, c.raw), o)
		if err != nil {
			t.Fatal(err)
		}
		wantEcho(t, conn, "over the tunnel")
		conn.Close()
		if got := <-asked; got != c.want {
			t.Errorf("%s: the proxy was asked %q, want %q", c.raw, got, c.want)
		}
	}
}

// good are replies that open the tunnel.
var good = []string{
	"HTTP/1.1 200 Connection established\r\n\r\n",
	"HTTP/1.0 200\r\n\r\n",
	"HTTP/1.1 200 \r\n\r\n",
	"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 x\r\n\r\n",
	"HTTP/1.1 200 OK\n\n",
	"HTTP/1.1 200 OK\nVia: x\r\n\n",
	"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
}

func TestNothingBehindTheReplyOfAnHTTPProxyIsLost(t *testing.T) {
	t.Parallel()
	for _, reply := range good {
		o := answering(t, reply+"\r\n\nfirst bytes", echo)
		conn, err := Connect(within(t), parse(t, "ws://a.test/"), o)
		if err != nil {
			t.Errorf("%q: %v", reply, err)
			continue
		}
		wantRead(t, conn, "\r\n\nfirst bytes")
		wantEcho(t, conn, "more")
		conn.Close()
	}
}

func TestReplyOfAnHTTPProxyMayComeInPieces(t *testing.T) {
	t.Parallel()
	for _, reply := range good {
		o := answering(t, "", func(conn net.Conn) {
			for i := range len(reply) {
				io.WriteString(conn, reply[i:i+1])
			}
			echo(conn)
		})
		conn, err := Connect(within(t), parse(t, "ws://a.test/"), o)
		if err != nil {
			t.Errorf("%q: %v", reply, err)
			continue
		}
		wantEcho(t, conn, "more")
		conn.Close()
	}
}

func TestReplyOfAnHTTPProxyThatIsCutIsAnError(t *testing.T) {
	t.Parallel()
	for _, reply := range good {
		for n := range len(reply) {
			err := askHTTP(&script{in: strings.NewReader(reply[:n])}, &Proxy{}, "a.test:80")
			var e *proxyError
			if !errors.As(err, &e) || !strings.Contains(e.text, "ended the connection") {
				t.Errorf("%q: %v", reply[:n], err)
			}
		}
	}
	proxyFails(t, "ws://a.test/", answering(t, "HTTP/1.1 200 OK\r\n", nil))
}

func TestHTTPProxyThatRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reply    string
		password string
		status   int
		says     []string
	}{
		{"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno\r\n", "", 403, []string{`403 "Forbidden"`}},
		{"HTTP/1.1 502 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "", 502, []string{"502"}},
		{"HTTP/1.1 503 \x1b[31mred\r\n\r\n", "", 503, []string{`\x1b[31mred`}},
		{"HTTP/1.1 302 Found\r\nLocation: http://login.test/\r\n\r\n", "", 302, []string{"302"}},
		{"HTTP/1.1 101 Switching Protocols\r\n\r\n", "", 101, []string{"101"}},
		{"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nproxy-authenticate:NTLM\r\n\r\n", "", 407,
			[]string{"it wants user name and password", "it offers Basic, NTLM"}},
		{"HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n", "secret", 407, []string{"does not take", "offers Negotiate"}},
		{"HTTP/1.1 407 No\r\n\r\n", "secret", 407, []string{"does not take"}},
	} {
		gone := make(chan error, 1)
		o := answering(t, c.reply, waitForEnd(gone))
		if c.password != "" {
			o.Proxy.Proxy.Username, o.Proxy.Proxy.Password = "me", c.password
		}
		e := proxyFails(t, "ws://a.test/", o)
		wantGone(t, gone)
		if e.Status != c.status {
			t.Errorf("%q: status %d", c.reply, e.Status)
		}
		for _, part := range append(c.says, "a.test:80", o.Proxy.Proxy.Host) {
			if !strings.Contains(e.Error(), part) {
				t.Errorf("%q: %q does not say %q", c.reply, e, part)
			}
		}
		if strings.Contains(e.Error(), "secret") {
			t.Errorf("the password is in %q", e)
		}
	}
}

func TestHTTPProxyThatTalksNonsense(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ reply, says string }{
		{"SSH-2.0-OpenSSH_9.2p1\r\n", "does not speak HTTP/1"},
		{"\x15\x03\x01\x00\x02\x02\x46", "does not speak HTTP/1"},
		{"HTTP/2 200\r\n\r\n", "does not speak HTTP/1"},
		{"\r\nHTTP/1.1 200 OK\r\n\r\n", "does not speak HTTP/1"},
		{"HTTP/1.1 20\r\n\r\n", "malformed"},
		{"HTTP/1.1 2000 OK\r\n\r\n", "malformed"},
		{"HTTP/1.1 +20 OK\r\n\r\n", "malformed"},
		{"HTTP/1.1 099 OK\r\n\r\n", "malformed"},
		{"HTTP/1.1  200 OK\r\n\r\n", "malformed"},
		{"HTTP/1.x 200 OK\r\n\r\n", "malformed"},
		{"HTTP/1.1200 OK\r\n\r\n", "malformed"},
		{"HTTP/1.1 200OK\r\n\r\n", "malformed"},
		{"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", maxProxyHead), "longer than 16384 bytes"},
		{strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", maxProxyHead/20), "longer than 16384 bytes"},
	} {
		gone := make(chan error, 1)
		e := proxyFails(t, "ws://a.test/", answering(t, c.reply, waitForEnd(gone)))
		wantGone(t, gone)
		if !strings.Contains(e.Error(), c.says) || e.Status != 0 || len(e.Error()) > 300 {
			t.Errorf("%.40q: status %d, %v", c.reply, e.Status, e)
		}
	}
}

func TestHTTPProxyWithAnEndlessHeadIsGivenUp(t *testing.T) {
	t.Parallel()
	gone := make(chan error, 1)
	e := proxyFails(t, "ws://a.test/", answering(t, "HTTP/1.1 200 OK\r\n", func(conn net.Conn) {
		for {
			if _, err := io.WriteString(conn, "X: y\r\n"); err != nil {
				gone <- err
				return
			}
		}
	}))
	wantGone(t, gone)
	if !strings.Contains(e.Error(), "longer than") {
		t.Error(e)
	}
}

func TestProxyThatSaysNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []ProxyKind{ProxyHTTP, ProxySOCKS5} {
		for _, own := range []bool{true, false} {
			gone := make(chan error, 1)
			o := through(kind)(serve(t, waitForEnd(gone)))
			ctx, cancel := within(t), func() {}
			if own {
				o.Timeout = 50 * time.Millisecond
			} else {
				ctx, cancel = context.WithTimeout(ctx, 50*time.Millisecond)
			}
			conn, err := Connect(ctx, parse(t, "ws://a.test/"), o)
			cancel()
			e := mustFail(t, conn, err, StageTimeout)
			wantGone(t, gone)
			if e.During != StageProxy || e.Errno != 0 || errors.Is(err, ErrTimeout) != own || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("kind %d, our own timeout %v: during %s, errno %d, %v", kind, own, e.During, e.Errno, err)
			}
		}
	}
}

func TestCancelEndsTheTalkWithAProxy(t *testing.T) {
	t.Parallel()
	for _, kind := range []ProxyKind{ProxyHTTP, ProxySOCKS5} {
		ctx, cancel := context.WithCancel(within(t))
		gone := make(chan error, 1)
		o := through(kind)(serve(t, func(conn net.Conn) {
			conn.Read(make([]byte, 1)) // it has been asked
			cancel()
			waitForEnd(gone)(conn)
		}))
		conn, err := Connect(ctx, parse(t, "ws://a.test/"), o)
		mustFail(t, conn, err, StageProxy)
		wantGone(t, gone)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("kind %d: %v", kind, err)
		}
	}
}

func TestCancelAfterTheTunnelLeavesTheSocketAlone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(within(t))
	conn, err := Connect(ctx, parse(t, "ws://a.test/"), answering(t, good[0], echo))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cancel()
	wantEcho(t, conn, "still there")
}

func TestProxyThatCannotBeReachedIsAProxyErrorWithErrno(t *testing.T) {
	t.Parallel()
	l, _ := listen(t, "127.0.0.1:0")
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	for _, kind := range []ProxyKind{ProxyHTTP, ProxySOCKS5} {
		o := through(kind)("127.0.0.1", port)
		e := proxyFails(t, "ws://a.test/", o)
		if e.Errno != syscall.ECONNREFUSED || !strings.Contains(e.Error(), o.Proxy.Proxy.String()) || !strings.Contains(e.Error(), "a.test:80") {
			t.Errorf("errno %d: %v", e.Errno, e)
		}
		o.Proxy.Proxy.Host = "a..b"
		e = proxyFails(t, "ws://a.test/", o)
		if !strings.Contains(e.Error(), "a..b") {
			t.Error(e)
		}
	}
}

func TestProxyThatResetsKeepsItsErrno(t *testing.T) {
	t.Parallel()
	for _, kind := range []ProxyKind{ProxyHTTP, ProxySOCKS5} {
		e := proxyFails(t, "ws://a.test/", through(kind)(serve(t, func(conn net.Conn) {
			conn.Read(make([]byte, 1))
			conn.(*net.TCPConn).SetLinger(0)
		})))
		if e.Errno != syscall.ECONNRESET || !errors.Is(e, syscall.ECONNRESET) {
			t.Errorf("kind %d: errno %d, %v", kind, e.Errno, e)
		}
	}
}

// script is a peer that says what in has, whatever it hears.
type script struct {
	in  io.Reader
	out bytes.Buffer
}

func (s *script) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error) { return s.out.Write(p) }

func FuzzReplyOfAnHTTPProxy(f *testing.F) {
	for _, reply := range good {
		f.Add([]byte(reply + "rest"))
	}
	f.Add([]byte("HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\n\n\r\n"))
	f.Fuzz(func(t *testing.T, reply []byte) {
		var first string
		for i, wrap := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader} {
			rest := bytes.NewReader(reply)
			err := askHTTP(&script{in: wrap(rest)}, &Proxy{}, "a.test:80")
			if consumed := len(reply) - rest.Len(); consumed > maxProxyHead {
				t.Fatalf("%d bytes were read", consumed)
			} else if taken := reply[:consumed]; err == nil && i < 2 {
				if !bytes.HasSuffix(taken, []byte("\n\r\n")) && !bytes.HasSuffix(taken, []byte("\n\n")) {
					t.Fatalf("%q was read, which does not end a head", taken)
				}
			}
			text := "tunnel"
			if err != nil {
				var e *proxyError
				if !errors.As(err, &e) || e.text == "" {
					t.Fatalf("imprecise error %#v", err)
				}
				text = e.text
			}
			if i == 0 {
				first = text
			} else if i == 1 && (text == "tunnel") != (first == "tunnel") {
				t.Fatalf("%q: %q at once, %q in pieces", reply, first, text)
			}
		}
	})
}
