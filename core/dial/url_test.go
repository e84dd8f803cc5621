// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"strings"
	"testing"
)

func TestParseURLAcceptsAndNormalises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, want, host, address, request string }{
		{"ws://example.com", "ws://example.com/", "example.com", "example.com:80", "/"},
		{"wss://example.com", "wss://example.com/", "example.com", "example.com:443", "/"},
		{"WS://example.com/", "ws://example.com/", "example.com", "example.com:80", "/"},
		{"wSs://example.com/", "wss://example.com/", "example.com", "example.com:443", "/"},
		{"ws://example.com:8080/chat", "ws://example.com:8080/chat", "example.com:8080", "example.com:8080", "/chat"},
		{"ws://example.com:1/", "ws://example.com:1/", "example.com:1", "example.com:1", "/"},
		{"ws://example.com:65535/", "ws://example.com:65535/", "example.com:65535", "example.com:65535", "/"},
		{"ws://example.com:/", "ws://example.com/", "example.com", "example.com:80", "/"},
		{"ws://example.com:0080/", "ws://example.com:80/", "example.com:80", "example.com:80", "/"},
		{"wss://example.com:80/", "wss://example.com:80/", "example.com:80", "example.com:80", "/"},
		{"ws://example.com?a=b", "ws://example.com/?a=b", "example.com", "example.com:80", "/?a=b"},
		{"ws://example.com/p?", "ws://example.com/p?", "example.com", "example.com:80", "/p?"},
		{"ws://example.com/p?a=%23&b=c/d?e", "ws://example.com/p?a=%23&b=c/d?e", "example.com", "example.com:80", "/p?a=%23&b=c/d?e"},
		{"ws://example.com//p", "ws://example.com//p", "example.com", "example.com:80", "//p"},
		{"ws://example.com/a%2Fb", "ws://example.com/a%2Fb", "example.com", "example.com:80", "/a%2Fb"},
		{"ws://example.com/ü?ü", "ws://example.com/%C3%BC?%C3%BC", "example.com", "example.com:80", "/%C3%BC?%C3%BC"},
		{`ws://example.com/?"<>`, "ws://example.com/?%22%3C%3E", "example.com", "example.com:80", "/?%22%3C%3E"},
		{"ws://127.0.0.1:9000/", "ws://127.0.0.1:9000/", "127.0.0.1:9000", "127.0.0.1:9000", "/"},
		{"ws://[::1]", "ws://[::1]/", "[::1]", "[::1]:80", "/"},
		{"wss://[2001:db8::1]:9/", "wss://[2001:db8::1]:9/", "[2001:db8::1]:9", "[2001:db8::1]:9", "/"},
		{"ws://[fe80::1%25eth0]:9/", "ws://[fe80::1%25eth0]:9/", "[fe80::1%eth0]:9", "[fe80::1%eth0]:9", "/"},
		{"ws://me:secret@example.com/", "ws://example.com/", "example.com", "example.com:80", "/"},
		{"ws://@example.com/", "ws://example.com/", "example.com", "example.com:80", "/"},
		{"ws://bücher.example/", "ws://xn--bcher-kva.example/", "xn--bcher-kva.example", "xn--bcher-kva.example:80", "/"},
		{"ws://B%C3%9Ccher.example:8080/", "ws://xn--bcher-kva.example:8080/", "xn--bcher-kva.example:8080", "xn--bcher-kva.example:8080", "/"},
		{"ws://例え。テスト/", "ws://xn--r8jz45g.xn--zckzah/", "xn--r8jz45g.xn--zckzah", "xn--r8jz45g.xn--zckzah:80", "/"},
		{"ws://my_host.xn--bcher-kva/", "ws://my_host.xn--bcher-kva/", "my_host.xn--bcher-kva", "my_host.xn--bcher-kva:80", "/"},
	} {
		target, err := ParseURL(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		u := target.URL
		if u.String() != c.want || u.Host != c.host || u.RequestURI() != c.request {
			t.Errorf("%s: got %s with host %s and request %s, want %s, %s, %s", c.raw, u, u.Host, u.RequestURI(), c.want, c.host, c.request)
		}
		if got := target.Address(); got != c.address {
			t.Errorf("%s: address %s, want %s", c.raw, got, c.address)
		}
	}
}

func TestParseURLMakesCredentialsOfTheUserPart(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"ws://example.com/":                   "",
		"ws://me:s%40cret@example.com/":       "Basic bWU6c0BjcmV0", // me:s@cret
		"ws://Aladdin:open%20sesame@a/":       "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
		"ws://me@example.com/":                "Basic bWU6",
		"ws://:p@example.com/":                "Basic OnA=",
		"ws://%C3%BC:%C3%BC@example.com/":     "Basic w7w6w7w=",
		"wss+unix:/run/x.sock:/path?user:p@q": "",
	} {
		target, err := ParseURL(raw)
		if err != nil {
			t.Fatal(err)
		}
		if target.Authorization != want || target.URL.User != nil {
			t.Errorf("%s: %q, want %q", raw, target.Authorization, want)
		}
	}
}

func TestParseURLReadsUnixSockets(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("x", maxSocketPath-1)
	for _, c := range []struct {
		raw, socket, request string
		secure               bool
	}{
		{"ws+unix:/run/x.sock", "/run/x.sock", "/", false},
		{"ws+unix:///run/x.sock", "/run/x.sock", "/", false},
		{"WS+Unix:/run/x.sock:", "/run/x.sock", "/", false},
		{"wss+unix:/run/x.sock:/chat/room?a=b:c", "/run/x.sock", "/chat/room?a=b:c", true},
		{"ws+unix:/run/x.sock?a=b", "/run/x.sock", "/?a=b", false},
		{"ws+unix:/run/x.sock:?a=b", "/run/x.sock", "/?a=b", false},
		{"ws+unix:/run/a%20b%3Ac%3Fd/ü:/ü", "/run/a b:c?d/ü", "/%C3%BC", false},
		{"ws+unix:" + long, long, "/", false},
	} {
		target, err := ParseURL(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		if target.Socket != c.socket || target.Address() != c.socket || target.URL.RequestURI() != c.request || target.Secure() != c.secure || target.URL.Host != "localhost" {
			t.Errorf("%s: %+v, request %s", c.raw, target, target.URL.RequestURI())
		}
	}
}

func TestParseURLRefusesAndSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, text string }{
		{"", "empty"},
		{"example.com", "scheme must be ws or wss"},
		{"http://example.com/", "scheme must be ws or wss"},
		{"//example.com/", "scheme must be ws or wss"},
		{"://example.com/", "scheme"},
		{"ws:example.com", "must follow the scheme"},
		{"ws:/example.com", "must follow the scheme"},
		{"ws:", "must follow the scheme"},
		{"ws://", "host is missing"},
		{"ws:///path", "host is missing"},
		{"ws://:80/", "host is missing"},
		{"ws://me@/", "host is missing"},
		{"ws://example.com:0/", "port must be 1 to 65535"},
		{"ws://example.com:65536/", "port must be 1 to 65535"},
		{"ws://example.com:99999999999999999999/", "port must be 1 to 65535"},
		{"ws://example.com:http/", "port is not a number"},
		{"ws://example.com:-1/", "port is not a number"},
		{"ws://example.com/#", "fragment"},
		{"ws://example.com/p?q=1#frag", "fragment"},
		{"ws://example.com/a b", "space or control character at byte 18"},
		{" ws://example.com/", "space or control character at byte 0"},
		{"ws://example.com/\r\nX: y", "space or control character"},
		{"ws://example.com/\x00", "space or control character"},
		{"ws://example.com/\x7f", "space or control character"},
		{"ws://bü_cher.example/", "internationalised name"},
		{"ws://\u200d.example/", "internationalised name"},
		{"ws://a\xffb/", "internationalised name"},
		{"ws://bü\u2024\u2024.example/", "internationalised name"},
		{"ws+unix:", "begin with a slash"},
		{"ws+unix:relative.sock", "begin with a slash"},
		{"ws+unix:/", "Unix socket is missing"},
		{"ws+unix://host/run/x.sock", "no host before the path"},
		{"ws+unix:/run/x.sock:chat", "after the colon must begin with a slash"},
		{"ws+unix:/run/x.sock#f", "fragment"},
		{"ws+unix:/run/%zz", "invalid URL escape"},
		{"ws+unix:/run/%00", "zero byte"},
		{"ws+unix:/" + strings.Repeat("x", maxSocketPath), "the system takes"},
		{"http+unix:/run/x.sock", "scheme must be ws or wss"},
		{"ws://exam,ple.com/", "','"},
		{"ws://exam\"ple.com/", "character '\"'"},
		{"ws://[127.0.0.1]/", "IP"},
		{"ws://[::g]/", ""},
		{"ws://[::1/", ""},
		{"ws://::1/", ""},
		{"ws://example.com/%zz", "invalid URL escape"},
		{"ws://a%3Ab:p@example.com/", "colon"},
		{"ws://a%0A:p@example.com/", "control character"},
		{"ws://a:p%00@example.com/", "control character"},
		{"ws://example.com/" + strings.Repeat("x", MaxURL), "at most 8196"},
	} {
		u, err := ParseURL(c.raw)
		var ue *URLError
		if !errors.As(err, &ue) {
			t.Errorf("%.60q: got %v and error %v, want a *URLError", c.raw, u, err)
			continue
		}
		if !strings.Contains(ue.Text, c.text) || ue.Text == "" {
			t.Errorf("%.60q: text %q does not say %q", c.raw, ue.Text, c.text)
		}
		if len(err.Error()) > 300 || strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Errorf("%.60q: the error is no short single line: %q", c.raw, err)
		}
	}
}

func TestParseURLTakesTheGreatestLengthAndNoMore(t *testing.T) {
	t.Parallel()
	const start = "ws://example.com/"
	raw := start + strings.Repeat("x", MaxURL-len(start))
	if _, err := ParseURL(raw); err != nil {
		t.Errorf("%d bytes: %v", len(raw), err)
	}
	if _, err := ParseURL(raw + "x"); err == nil {
		t.Errorf("%d bytes were accepted", len(raw)+1)
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"ws://example.com", "wss://u:p@[::1%25e]:1/p?q", "ws:x", "@", "ws://%zz", "ws://a/?\xff", "WS://h:/", "ws+unix:///a%20:/b?c", "ws://ü。ü", "wss+unix:/a?b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseURL(raw)
		if err != nil {
			var ue *URLError
			if !errors.As(err, &ue) || ue.Text == "" || len(ue.URL) > shownHost+40 {
				t.Fatalf("%q: imprecise error %#v", raw, err)
			}
			return
		}
		for _, c := range []byte(u.URL.RequestURI() + u.URL.Host + u.Authorization) {
			if c < ' ' || c >= 0x7f || c == '#' {
				t.Fatalf("%q: byte %#x would be sent", raw, c)
			}
		}
		if u.Socket != "" {
			if u.Socket[0] != '/' || strings.IndexByte(u.Socket, 0) >= 0 {
				t.Fatalf("%q: the socket %q", raw, u.Socket)
			}
			return
		}
		again, err := ParseURL(u.URL.String())
		if err != nil && len(u.URL.String()) <= MaxURL {
			t.Fatalf("%q: its own form %q is refused: %v", raw, u.URL, err)
		}
		if err == nil && (again.URL.Host != u.URL.Host || again.URL.RequestURI() != u.URL.RequestURI()) {
			t.Fatalf("%q: reading %q again gives %q", raw, u.URL, again.URL)
		}
	})
}

func TestParseURLRepeatsNothingOfABrokenPassword(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"ws://me:%secret@example.com/", "ws://me:secret%@example.com/"} {
		if _, err := ParseURL(raw); err == nil || strings.Contains(err.Error(), "%") || strings.Contains(err.Error(), "ret") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
