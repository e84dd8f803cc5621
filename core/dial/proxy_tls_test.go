// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// proxyOverTLS is an HTTPS proxy with a certificate, which leads to a server.
func proxyOverTLS(t *testing.T, cert *issued, host string, port int) Options {
	t.Helper()
	return through(ProxyHTTPS)(serve(t, func(raw net.Conn) {
		conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{cert.Certificate}})
		defer conn.Close()
		if strings.HasPrefix(head(conn), "CONNECT ") {
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			relay(conn, host, port)
		}
	}))
}

func TestTLSGoesThroughAProxyOverTLS(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	o := proxyOverTLS(t, w.server, host, port)
	o.Proxy.CA = w.ca.cert
	target := parse(t, "wss://server.test/")
	config, err := ClientTLS(target, TLSOptions{CA: w.ca.cert})
	if err != nil {
		t.Fatal(err)
	}
	socket, err := Connect(within(t), target, o)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	socket.SetDeadline(time.Now().Add(deadline))
	conn := tls.Client(socket, ForHandshake(config))
	hello := make([]byte, len("hello"))
	if _, err := io.ReadFull(conn, hello); err != nil || string(hello) != "hello" {
		t.Errorf("%q, %v", hello, err)
	}
}

func TestEndsPassThroughAProxyOverTLS(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port := serve(t, echo)
	o := proxyOverTLS(t, w.server, host, port)
	o.Proxy.CA = w.ca.cert
	socket, err := Connect(within(t), parse(t, "ws://server.test/"), o)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	socket.SetDeadline(time.Now().Add(deadline))
	text := strings.Repeat("much ", 100_000)
	go func() {
		io.WriteString(socket, text)
		socket.CloseWrite()
	}()
	if got, err := io.ReadAll(socket); err != nil || string(got) != text {
		t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
	}
}

func TestProxyOverTLSHasToBeTheOneThatIsMeant(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port := serve(t, echo)
	for what, c := range map[string]struct {
		cert *issued
		ca   []byte
		says string
	}{
		"another authority": {w.server, w.other.cert, "unknown authority"},
		"another name":      {w.client, w.ca.cert, "for another name"},
	} {
		o := proxyOverTLS(t, c.cert, host, port)
		o.Proxy.CA = c.ca
		e := proxyFails(t, "ws://server.test/", o)
		if !strings.Contains(e.Error(), "TLS handshake with the proxy: the certificate is") || !strings.Contains(e.Error(), c.says) || !WrongCertificate(e) {
			t.Errorf("%s: %v", what, e)
		}
	}
	o := ProxyOptions{Mode: ProxyExplicit, Proxy: Proxy{Kind: ProxyHTTPS, Host: "p.test"}, CA: []byte("none")}
	var input *InputError
	if err := o.Check(); !errors.As(err, &input) || input.Input != InputCA {
		t.Error(err)
	}
	o = ProxyOptions{Mode: ProxyEnvironment, Environment: func(string) string { return "https://me:secret@p.test" }}
	if p, err := o.choose(parse(t, "ws://server.test/")); err != nil || p.Kind != ProxyHTTPS || p.port() != 443 || p.Username != "me" {
		t.Errorf("%+v, %v", p, err)
	}
	o.Bare = true
	if p, err := o.choose(parse(t, "ws://server.test/")); err == nil || !strings.Contains(err.Error(), "WS_ACKNOWLEDGED_SENDS") {
		t.Errorf("%+v, %v", p, err)
	}
}
