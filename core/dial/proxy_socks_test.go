// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
)

// Messages of a SOCKS5 proxy.
const (
	chooseNone     = "\x05\x00"
	choosePassword = "\x05\x02"
	passwordGood   = "\x01\x00"
	boundIPv4      = "\x05\x00\x00\x01\x7f\x00\x00\x01\x12\x34"
	boundIPv6      = "\x05\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x12\x34"
	boundName      = "\x05\x00\x00\x03\x09localhost\x12\x34"
	boundNothing   = "\x05\x00\x00\x03\x00\x12\x34"
)

func TestSOCKSProxyIsAskedAsRFC1928Says(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 255)
	for _, c := range []struct {
		what, user, password, host, replies, want string
	}{
		{"a name", "", "", "example.test", chooseNone + boundIPv4, "\x05\x01\x00" + "\x05\x01\x00\x03\x0cexample.test\x01\xbb"},
		{"IPv4", "", "", "192.0.2.1", chooseNone + boundName, "\x05\x01\x00" + "\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb"},
		{"IPv6", "", "", "2001:db8::1", chooseNone + boundIPv6, "\x05\x01\x00" + "\x05\x01\x00\x04\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x01\x01\xbb"},
		{"a password", "me", "secret", "a.b", choosePassword + passwordGood + boundNothing, "\x05\x02\x00\x02" + "\x01\x02me\x06secret" + "\x05\x01\x00\x03\x03a.b\x01\xbb"},
		{"a password that is not wanted", "me", "secret", "a.b", chooseNone + boundIPv4, "\x05\x02\x00\x02" + "\x05\x01\x00\x03\x03a.b\x01\xbb"},
		{"an empty password", "me", "", "a.b", choosePassword + passwordGood + boundIPv4, "\x05\x02\x00\x02" + "\x01\x02me\x00" + "\x05\x01\x00\x03\x03a.b\x01\xbb"},
		{"the version of SOCKS in the answer to the password", "me", "p", "a.b", choosePassword + "\x05\x00" + boundIPv4, "\x05\x02\x00\x02" + "\x01\x02me\x01p" + "\x05\x01\x00\x03\x03a.b\x01\xbb"},
		{"the greatest lengths", long, long, long, choosePassword + passwordGood + boundIPv4, "\x05\x02\x00\x02" + "\x01\xff" + long + "\xff" + long + "\x05\x01\x00\x03\xff" + long + "\x01\xbb"},
	} {
		peer := &script{in: strings.NewReader(c.replies + "rest")}
		if err := askSOCKS(peer, &Proxy{Kind: ProxySOCKS5, Username: c.user, Password: c.password}, c.host, 443); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if got := peer.out.String(); got != c.want {
			t.Errorf("%s: asked %q, want %q", c.what, got, c.want)
		}
		if rest, _ := io.ReadAll(peer.in); string(rest) != "rest" {
			t.Errorf("%s: left %q", c.what, rest)
		}
	}
}

func TestSOCKSProxyCarriesTheConnection(t *testing.T) {
	t.Parallel()
	echoHost, echoPort := serve(t, echo)
	for _, bound := range []string{boundIPv4, boundIPv6, boundName, boundNothing} {
		for _, raw := range []string{"ws://example.test/", "wss://[2001:db8::1]:1/"} {
			o := through(ProxySOCKS5)(serve(t, func(conn net.Conn) {
				io.ReadFull(conn, make([]byte, 4))
				io.WriteString(conn, choosePassword)
				io.ReadFull(conn, make([]byte, len("\x01\x02me\x06secret")))
				io.WriteString(conn, passwordGood)
				var request [4]byte
				io.ReadFull(conn, request[:])
				rest := 16 + 2
				if request[3] == socksName {
					rest = 1 + len("example.test") + 2
				}
				io.ReadFull(conn, make([]byte, rest))
				for i := range len(bound) { // in pieces, and the stream right behind it
					io.WriteString(conn, bound[i:i+1])
				}
				io.WriteString(conn, "first bytes")
				relay(conn, echoHost, echoPort)
			}))
			o.Proxy.Proxy.Username, o.Proxy.Proxy.Password = "me", "secret"
			conn, err := Connect(within(t), parse(t, raw), o)
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			wantRead(t, conn, "first bytes")
			wantEcho(t, conn, "over the proxy")
			conn.Close()
		}
	}
}

func TestSOCKSProxyThatRefusesOrTalksNonsense(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ user, replies, says string }{
		{"", "\x05\xff", "wants authentication"},
		{"me", "\x05\xff", "neither a password nor anonymous"},
		{"", choosePassword, "chose the method 2, which was not offered"},
		{"me", "\x05\x01", "chose the method 1, which was not offered"},
		{"", "\x04\x5b", "does not speak SOCKS5"},
		{"", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak SOCKS5; its reply begins with 0x48"},
		{"me", choosePassword + "\x01\x01", "does not take user name and password"},
		{"me", choosePassword + "\x07\x00", "begins with 0x07"},
		{"", chooseNone + "\x05\x01", "general failure"},
		{"", chooseNone + "\x05\x02\x00\x01", "rules do not allow"},
		{"", chooseNone + "\x05\x03", "network is unreachable"},
		{"", chooseNone + "\x05\x04", "host is unreachable"},
		{"", chooseNone + "\x05\x05", "connection was refused"},
		{"", chooseNone + "\x05\x06", "time to live"},
		{"", chooseNone + "\x05\x07", "does not know the command"},
		{"", chooseNone + "\x05\x08", "kind of address"},
		{"", chooseNone + "\x05\x09", "RFC 1928 does not know (9)"},
		{"", chooseNone + "\x05\xff", "RFC 1928 does not know (255)"},
		{"", chooseNone + "\x04\x00", "reply begins with 0x04"},
		{"", chooseNone + "\x05\x00\x00\x02\x00", "unknown kind 2"},
	} {
		gone := make(chan error, 1)
		o := through(ProxySOCKS5)(serve(t, func(conn net.Conn) {
			io.WriteString(conn, c.replies)
			waitForEnd(gone)(conn)
		}))
		o.Proxy.Proxy.Username, o.Proxy.Proxy.Password = c.user, "secret"
		e := proxyFails(t, "ws://a.test/", o)
		wantGone(t, gone)
		if !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Error(), "a.test:80") || strings.Contains(e.Error(), "secret") {
			t.Errorf("%q: %v", c.replies, e)
		}
	}
}

func TestRepliesOfASOCKSProxyThatAreCutAreErrors(t *testing.T) {
	t.Parallel()
	for _, bound := range []string{boundIPv4, boundIPv6, boundName, boundNothing} {
		replies := choosePassword + passwordGood + bound
		for n := range len(replies) {
			peer := &script{in: strings.NewReader(replies[:n])}
			err := askSOCKS(peer, &Proxy{Username: "me", Password: "p"}, "a.test", 80)
			var e *proxyError
			if !errors.As(err, &e) || !strings.Contains(e.text, "ended the connection") {
				t.Errorf("%q: %v", replies[:n], err)
			}
		}
	}
}

func TestNameTooLongForSOCKSIsRefused(t *testing.T) {
	t.Parallel()
	peer := &script{in: strings.NewReader(chooseNone + boundIPv4)}
	err := askSOCKS(peer, &Proxy{}, strings.Repeat("x", 256), 80)
	if err == nil || !strings.Contains(err.Error(), "256 bytes") || peer.out.Len() > 0 {
		t.Errorf("%v after %q", err, peer.out.String())
	}
}

func FuzzRepliesOfASOCKSProxy(f *testing.F) {
	for _, bound := range []string{boundIPv4, boundIPv6, boundName, boundNothing} {
		f.Add([]byte(chooseNone+bound+"rest"), false)
		f.Add([]byte(choosePassword+passwordGood+bound+"rest"), true)
	}
	f.Add([]byte(chooseNone+"\x05\x02"), false)
	f.Fuzz(func(t *testing.T, replies []byte, password bool) {
		p := &Proxy{}
		if password {
			p.Username, p.Password = "me", "secret"
		}
		var consumed [2]int
		for i, wrap := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader} {
			rest := bytes.NewReader(replies)
			err := askSOCKS(&script{in: wrap(rest)}, p, "a.test", 80)
			consumed[i] = len(replies) - rest.Len()
			if consumed[i] > 2+2+4+1+255+2 {
				t.Fatalf("%d bytes were read", consumed[i])
			}
			var e *proxyError
			if err != nil && (!errors.As(err, &e) || e.text == "") {
				t.Fatalf("imprecise error %#v", err)
			}
		}
		if consumed[0] != consumed[1] {
			t.Fatalf("%d bytes were read at once, %d in pieces", consumed[0], consumed[1])
		}
	})
}
