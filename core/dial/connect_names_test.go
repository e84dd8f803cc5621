// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// names is a resolver that knows these addresses of a name, and asks nobody else.
func names(t *testing.T, known map[string][]string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	go func() {
		defer close(ended)
		for packet := make([]byte, 1500); ; {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			if reply := answerDNS(packet[:n], known); reply != nil {
				server.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func answerDNS(packet []byte, known map[string][]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(packet) != nil || len(m.Questions) != 1 {
		return nil
	}
	question := m.Questions[0]
	m.Response, m.Authoritative, m.RecursionAvailable, m.Additionals = true, true, true, nil
	addresses, ok := known[strings.TrimSuffix(question.Name.String(), ".")]
	if !ok {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range addresses {
		header := dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET, TTL: 1}
		switch a := netip.MustParseAddr(text); {
		case a.Is4() && question.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && question.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

func portOf(l net.Listener) string { return strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }

func TestEachAddressOfANameIsTried(t *testing.T) {
	t.Parallel()
	resolver := names(t, map[string][]string{
		"both.test": {"127.0.0.1", "::1"},
		"many.test": {"127.0.0.2", "127.0.0.3", "127.0.0.1", "::1"},
		"four.test": {"127.0.0.1"},
	})
	l, _ := listen(t, "127.0.0.1:0") // and not [::1], nor the others
	for _, name := range []string{"both.test", "many.test", "four.test"} {
		conn, err := connect(within(t), parse(t, "ws://"+name+":"+portOf(l)+"/"), Options{}, resolver)
		if err != nil {
			t.Fatal(err)
		}
		if conn.RemoteAddr().String() != l.Addr().String() {
			t.Errorf("%s: connected to %s", name, conn.RemoteAddr())
		}
		conn.Close()
	}
	l.Close()
	conn, err := connect(within(t), parse(t, "ws://both.test:"+portOf(l)+"/"), Options{}, resolver)
	e := mustFail(t, conn, err, StageConnect)
	for _, part := range []string{"both.test:" + portOf(l), "127.0.0.1:" + portOf(l), "[::1]:" + portOf(l), "refused"} {
		if !strings.Contains(e.Error(), part) {
			t.Errorf("%q does not say %q", e, part)
		}
	}
	if e.Errno != syscall.ECONNREFUSED || e.During != StageConnect {
		t.Errorf("errno %d during %s", e.Errno, e.During)
	}
}

func TestNameWithoutAnAddressIsAResolveError(t *testing.T) {
	t.Parallel()
	resolver := names(t, map[string][]string{"empty.test": nil})
	for _, name := range []string{"empty.test", "unknown.test"} {
		conn, err := connect(within(t), parse(t, "ws://"+name+"/"), Options{}, resolver)
		e := mustFail(t, conn, err, StageResolve)
		var dns *net.DNSError
		if !errors.As(err, &dns) || !dns.IsNotFound || !strings.Contains(e.Error(), name+":80") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNameOfAProxyIsResolvedAndThatOfTheTargetIsNot(t *testing.T) {
	t.Parallel()
	resolver := names(t, map[string][]string{"proxy.test": {"127.0.0.1"}})
	asked := make(chan string, 1)
	_, port := serve(t, func(conn net.Conn) {
		asked <- head(conn)
		conn.Write([]byte(good[0]))
		echo(conn)
	})
	conn, err := connect(within(t), parse(t, "ws://target.test/"), through(ProxyHTTP)("proxy.test", port), resolver)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := <-asked; !strings.HasPrefix(got, "CONNECT target.test:80 ") {
		t.Errorf("%q", got)
	}
	wantEcho(t, conn, "through a proxy with a name")
}

func TestOwnTimeoutIsToldFromThatOfTheContext(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{true, false} {
		ctx, o := within(t), Options{Timeout: time.Hour}
		if own {
			o.Timeout = 20 * time.Millisecond
		} else {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
		}
		conn, err := connect(ctx, parse(t, "ws://name.test/"), o, silentResolver())
		e := mustFail(t, conn, err, StageTimeout)
		if e.During != StageResolve || errors.Is(err, ErrTimeout) != own || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("our own %v: during %s, %v", own, e.During, err)
		}
		if own && !strings.Contains(err.Error(), "the time to connect is over after 20ms: ") {
			t.Error(err)
		}
	}
}

func TestCancelAtAnyMomentLeavesNoSocket(t *testing.T) {
	t.Parallel()
	l, u := listen(t, "127.0.0.1:0")
	for i := range 100 {
		ctx, cancel := context.WithCancel(within(t))
		time.AfterFunc(time.Duration(i)*5*time.Microsecond, cancel)
		conn, err := Connect(ctx, u, Options{})
		cancel()
		if err == nil {
			conn.Close()
		} else if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	last, err := Connect(within(t), u, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close()
	// Whatever the server got before the last one has ended.
	for {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if conn.RemoteAddr().String() == last.LocalAddr().String() {
			return
		}
		conn.SetReadDeadline(time.Now().Add(deadline))
		var timeout net.Error
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil || errors.As(err, &timeout) && timeout.Timeout() {
			t.Fatalf("a socket is left over: %d bytes, %v", n, err)
		}
	}
}
