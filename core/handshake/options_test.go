// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestRequestCarriesFieldsProtocolsAndCredentials(t *testing.T) {
	t.Parallel()
	r, head := sent(t, "ws://h/", &ClientOptions{
		Fields: []Field{{"X-one", "1"}, {"Cookie", "a=b; c=d"}, {"X-one", " 2\t"}, {"X-Empty", ""}, {"X-Latin", "\xfc"},
			{"X-Large", strings.Repeat("x", 20000)}},
		Protocols:     []string{"chat", "superchat"},
		Authorization: "Basic bWU6c2VjcmV0",
	})
	if !slices.Equal(r.Header["X-One"], []string{"1", "2"}) || r.Header.Get("Cookie") != "a=b; c=d" || r.Header["X-Empty"][0] != "" ||
		r.Header.Get("X-Latin") != "\xfc" || len(r.Header.Get("X-Large")) != 20000 {
		t.Errorf("fields %v", r.Header)
	}
	if !strings.Contains(head, "\r\nX-one: 1\r\n") {
		t.Error("the spelling of a name changed")
	}
	if got := r.Header["Sec-Websocket-Protocol"]; !slices.Equal(got, []string{"chat, superchat"}) {
		t.Errorf("subprotocols %q", got)
	}
	if user, password, ok := r.BasicAuth(); !ok || user != "me" || password != "secret" {
		t.Errorf("credentials %q, %q", user, password)
	}
}

func TestAuthorizationFieldTakesThePlaceOfCredentials(t *testing.T) {
	t.Parallel()
	r, _ := sent(t, "ws://h/", &ClientOptions{
		Fields: []Field{{"authorization", "Bearer abc"}}, Authorization: "Basic bWU6c2VjcmV0",
	})
	if got := r.Header["Authorization"]; !slices.Equal(got, []string{"Bearer abc"}) {
		t.Errorf("Authorization %q", got)
	}
}

func TestRequestsThatCannotBeSentAreRefusedByName(t *testing.T) {
	t.Parallel()
	field := func(name, value string) *ClientOptions { return &ClientOptions{Fields: []Field{{name, value}}} }
	protocols := func(p ...string) *ClientOptions { return &ClientOptions{Protocols: p} }
	for _, c := range []struct {
		name string // must be in the error
		o    *ClientOptions
	}{
		{"Host", field("Host", "other")},
		{"cOnNection", field("cOnNection", "close")},
		{"Upgrade", field("Upgrade", "h2c")},
		{"Content-Length", field("Content-Length", "5")},
		{"transfer-encoding", field("transfer-encoding", "chunked")},
		{"Sec-WebSocket-Key", field("Sec-WebSocket-Key", sampleKey)},
		{"Sec-WebSocket-Version", field("Sec-WebSocket-Version", "8")},
		{"SEC-WEBSOCKET-PROTOCOL", field("SEC-WEBSOCKET-PROTOCOL", "x")},
		{"Sec-WebSocket-Extensions", field("Sec-WebSocket-Extensions", "x")},
		{"Sec-WebSocket-Anything", field("Sec-WebSocket-Anything", "x")},
		{`"X"`, field("X ", "v")},
		{`"X"`, field("X:", "v")},
		{`""`, field("", "v")},
		{`"X"`, field("X\r\nEvil", "v")},
		{"X-Value", field("X-Value", "a\r\nEvil: b")},
		{"X-Value", field("X-Value", "a\nb")},
		{"X-Value", field("X-Value", "a\rb")},
		{"X-Value", field("X-Value", "a\x00b")},
		{"X-Value", field("X-Value", "a\x7fb")},
		{"Authorization", &ClientOptions{Authorization: "Basic x\r\nEvil: y"}},
		{"number 1 is not a token", protocols("a b")},
		{"number 1 is not a token", protocols("")},
		{"number 1 is not a token", protocols("a,b")},
		{"number 2 is not a token", protocols("ok", "a\r\nEvil: b")},
		{"number 1 is not a token", protocols("ü")},
		{"number 3 is offered twice", protocols("a", "b", "a")},
	} {
		s := &script{}
		_, _, err := Connect(s, target(t, "ws://h/"), c.o)
		var re *RequestError
		if !errors.As(err, &re) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: %v", c.name, err)
		}
		if strings.ContainsAny(err.Error(), "\r\n\x00") {
			t.Errorf("%s: the text of the error is not one line: %q", c.name, err)
		}
		if len(s.writes) != 0 {
			t.Errorf("%s: something was sent", c.name)
		}
		if check := c.o.Check(); check == nil || check.Error() != err.Error() {
			t.Errorf("%s: Check says %v, Connect %v", c.name, check, err)
		}
	}
}

func TestTargetsThatCannotBeSentAreRefused(t *testing.T) {
	t.Parallel()
	for name, u := range map[string]*url.URL{
		"no host":                           {Scheme: "ws", Path: "/"},
		"line break in the query":           {Scheme: "ws", Host: "h", Path: "/", RawQuery: "a\r\nEvil: b"},
		"space in the query":                {Scheme: "ws", Host: "h", Path: "/", RawQuery: "a b"},
		"fragment in the query":             {Scheme: "ws", Host: "h", Path: "/", RawQuery: "q=1#frag"},
		"line break in the host":            {Scheme: "ws", Host: "h\r\nEvil: b", Path: "/"},
		"opaque":                            {Scheme: "ws", Opaque: "h", Path: "/"},
		"path without a slash at its start": {Scheme: "ws", Host: "h", Path: "p"},
	} {
		s := &script{}
		_, _, err := Connect(s, u, nil)
		var re *RequestError
		if !errors.As(err, &re) || re.Name != "URL" || len(s.writes) != 0 {
			t.Errorf("%s: %v, %d writes", name, err, len(s.writes))
		}
	}
}
