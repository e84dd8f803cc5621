// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"strings"
	"testing"
)

func patterns(t *testing.T, all ...string) (read []OriginPattern) {
	t.Helper()
	for _, text := range all {
		p, err := ParseOrigin(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		read = append(read, p)
	}
	return read
}

func TestOriginPatternsMeanThoseBelowAndAllPorts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pattern, matches, others string }{
		{"https://*.example.com", "https://a.example.com https://A.b.Example.com https://a.example.com:443",
			"https://example.com http://a.example.com https://a.example.com:8443 https://aexample.com https://a.example.com.evil https://.example.com https://evil/a.example.com null"},
		{"http://localhost:*", "http://localhost http://localhost:1 http://LOCALHOST:65535", "https://localhost:1 http://localhost.evil:1 http://a.localhost"},
		{"https://*.example.com:*", "https://x.example.com:9 https://x.example.com", "http://x.example.com:9"},
		{"https://example.com:443", "https://example.com https://example.com:443", "https://example.com:444"},
		{"https://*", "https://a https://[::1]", "http://a https://a:1 https://"},
		{"http://[0:0::1]:80", "http://[::1] http://[::1]:80", "http://[::2]"},
		{"https://example.com", "https://example.com https://example.com.", "https://xexample.com"},
		{"chrome-extension://abcdef", "chrome-extension://abcdef", "chrome-extension://abcdeg moz-extension://abcdef"},
		{"file://", "file://", "http:// file://a"},
		{"null", "null NULL", "http://null"},
		{"*", "null http://a file://", ""},
	} {
		o := &ServerOptions{Origins: patterns(t, c.pattern)}
		for i, list := range []string{c.matches, c.others} {
			for _, origin := range strings.Fields(list) {
				if rej := o.mayConnect([]byte(origin), []byte("elsewhere")); (rej == nil) != (i == 0) {
					t.Errorf("%q, a page of %q: %v", c.pattern, origin, rej)
				}
			}
		}
	}
}

func TestPatternsThatNeverMatchAreRefused(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		"":                               "neither",
		"example.com":                    "neither",
		"*.example.com":                  "neither",
		"://a":                           "neither",
		"1http://a":                      "neither",
		"http*://a":                      "neither",
		"https://example.com/":           "ends behind its host",
		"https://example.com?x":          "ends behind its host",
		"https://me@example.com":         "user",
		"https://":                       "host",
		"https://*.":                     "host",
		"https://a.*.example.com":        "first labels",
		"https://*example.com":           "first labels",
		"https://*.*.com":                "first labels",
		"https://b\u00fccher.example":    "ASCII",
		"https://a%41":                   "ASCII",
		"https://a b":                    "host",
		"https://[::1":                   "host",
		"https://::1":                    "host",
		"https://*.127.0.0.1":            "below an address",
		"https://*.[::1]":                "below an address",
		"https://127.1":                  "192.0.2.1",
		"https://300.1.1.1":              "192.0.2.1",
		"https://a:0":                    "port",
		"https://a:65536":                "port",
		"https://a:8*":                   "port",
		"https://example.com:443, https": "",
	} {
		if _, err := ParseOrigin(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, which should say %q", text, err, why)
		}
	}
}

func TestByTLSNoPageOfHTTPConnectsUnlessItIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		origin  string
		origins []string
		secure  bool
		passes  bool
	}{
		{"http://here", nil, false, true},
		{"http://here", nil, true, false},
		{"HTTP://here", nil, true, false},
		{"https://here", nil, true, true},
		{"http://here", []string{"http://here"}, true, true},
		{"http://here", []string{"https://here"}, true, false},
		{"http://here", []string{"*"}, true, true},
	} {
		o := &ServerOptions{Origins: patterns(t, c.origins...), Secure: c.secure}
		if rej := o.mayConnect([]byte(c.origin), []byte("here")); (rej == nil) != c.passes {
			t.Errorf("%+v: %v", c, rej)
		} else if rej != nil && (!strings.Contains(rej.Error(), c.origin) || strings.Contains(string(rej.AppendReply(nil)), c.origin)) {
			t.Errorf("%+v: the log says %v, the answer %q", c, rej, rej.AppendReply(nil))
		}
	}
}

func TestHostsAreThoseOfTheListAndOfLoopback(t *testing.T) {
	t.Parallel()
	const own = "localhost LOCALHOST:80 localhost. a.localhost 127.0.0.1 127.9.9.9:1 [::1] [::1]:80 [::ffff:127.0.0.1]"
	for _, c := range []struct {
		loopback        bool
		names           string
		answers, others string
	}{
		{true, "", own, "evil.example localhost.evil 192.0.2.1 [2001:db8::1] 127.0.0.1.evil xlocalhost 0.0.0.0"},
		{true, "example.com *.example.org 192.0.2.1", own + " example.com:8080 EXAMPLE.com. a.example.org 192.0.2.1:1", "b.example.com example.org 192.0.2.2"},
		{false, "example.com ::1", "example.com [::1]:5", "localhost 127.0.0.1"},
	} {
		h := &Hosts{Loopback: c.loopback}
		for _, name := range strings.Fields(c.names) {
			if err := h.Add(name); err != nil {
				t.Fatal(err)
			}
		}
		for i, list := range []string{c.answers, c.others} {
			for _, host := range strings.Fields(list) {
				rej := h.answers([]byte(host))
				if (rej == nil) != (i == 0) || rej != nil && (rej.Status != 421 || !strings.Contains(rej.Error(), host)) {
					t.Errorf("loopback %v, names %q: %q: %v", c.loopback, c.names, host, rej)
				}
			}
		}
	}
	for _, name := range []string{"", "a:80", "[::1]:80", "a b", "a.*", "http://a", "300.1.1.1", "b\u00fccher"} {
		if (&Hosts{}).Add(name) == nil {
			t.Errorf("%q was taken for a host", name)
		}
	}
	if rej := (*Hosts)(nil).answers([]byte("anybody")); rej != nil {
		t.Error(rej)
	}
}

func TestEveryRequestIsForAHostOfTheServer(t *testing.T) {
	t.Parallel()
	o := &ServerOptions{Hosts: &Hosts{Loopback: true}}
	for _, c := range []struct {
		lines  []string
		status int
	}{
		{[]string{"GET / HTTP/1.1", "Host: evil"}, 421},
		{[]string{"GET http://evil/ HTTP/1.1", "Host: localhost"}, 421},
		{[]string{"GET http://localhost/ HTTP/1.1", "Host: evil"}, 0},
		{[]string{"GET / HTTP/1.1", "Host: evil", fUpgrade, fConnection, fKey, fVersion}, 421},
		{[]string{"GET / HTTP/1.1", "Host: localhost", fUpgrade, fConnection, fKey, fVersion}, 0},
		{[]string{"GET / HTTP/1.0", "A: b"}, 0},
	} {
		head := request(c.lines[0], c.lines[1:]...)
		_, reply, rej := Parse(nil, []byte(head), o, true)
		if rej != nil && rej.Status != c.status || rej == nil && c.status != 0 {
			t.Errorf("%q: %v, %q", head, rej, reply)
		}
		if _, _, rej := Accept(nil, []byte(head), o); c.status != 0 && (rej == nil || rej.Status != c.status) {
			t.Errorf("%q: %v", head, rej)
		}
	}
}
