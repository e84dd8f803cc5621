// SPDX-License-Identifier: Apache-2.0

package cookies

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"libws/core/handshake"
)

func at(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// sets is an answer with these Set-Cookie fields.
func sets(values ...string) (fields []handshake.Field) {
	for _, v := range values {
		fields = append(fields, handshake.Field{Name: "set-cookie", Value: v})
	}
	return fields
}

// sent is the Cookie field of a request, "" for none.
func sent(fields []handshake.Field) string {
	for _, f := range fields {
		if f.Name == "Cookie" {
			return f.Value
		}
	}
	return ""
}

func TestACookieGoesToWhomItIsMeantFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, set, to, want string }{
		{"ws://a.example/", "n=v", "ws://a.example/", "n=v"},
		{"ws://a.example/", "n=v", "ws://a.example:81/x", "n=v"}, // RFC 6265 8.5: ports do not matter
		{"ws://a.example/", "n=v", "wss://a.example/", "n=v"},
		{"ws://a.example/", "n=v", "ws://b.a.example/", ""},
		{"ws://a.example/", "n=v", "ws://example/", ""},
		{"wss://a.example/", "n=v; Secure; HttpOnly", "ws://a.example/", ""},
		{"wss://a.example/", "n=v; Secure; HttpOnly", "wss://a.example/", "n=v"},
		{"ws://b.a.example/", "n=v; Domain=a.example", "ws://c.a.example/", "n=v"},
		{"ws://b.a.example/", "n=v; Domain=.A.example", "ws://a.example/", "n=v"},
		{"ws://a.example/", "n=v; Domain=b.example", "ws://b.example/", ""},
		{"ws://a.co.uk/", "n=v; Domain=co.uk", "ws://b.co.uk/", ""},             // a public suffix
		{"ws://a.github.io/", "n=v; Domain=github.io", "ws://b.github.io/", ""}, // a private one
		{"ws://a.example/chat/room", "n=v", "ws://a.example/chat/other", "n=v"},
		{"ws://a.example/chat/room", "n=v", "ws://a.example/", ""},
		{"ws://a.example/", "n=v; Path=/chat", "ws://a.example/chat/1", "n=v"},
		{"ws://a.example/", "n=v; Path=/chat", "ws://a.example/chatter", ""},
		{"ws://a.example/", "n=v; Max-Age=0", "ws://a.example/", ""},
		{"ws://a.example/", "n=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "ws://a.example/", ""},
		{"ws://127.0.0.1/", "n=v", "ws://127.0.0.1:9/", "n=v"},
		{"ws://[::1]:8/", "n=v", "ws://[::1]:9/", "n=v"},
		{"ws://a.example/", "n=a b", "ws://a.example/", `n="a b"`},
		{"ws://a.example/", "=v", "ws://a.example/", ""},
		{"ws://a.example/", "n=" + strings.Repeat("v", MostSize-2), "ws://a.example/", "n=" + strings.Repeat("v", MostSize-2)},
		{"ws://a.example/", "n=" + strings.Repeat("v", MostSize-1), "ws://a.example/", ""},
	} {
		var j Jar
		j.Keep(at(t, c.from), "", sets(c.set))
		if got := sent(j.Add(at(t, c.to), "", nil)); got != c.want {
			t.Errorf("%.60s of %s is for %s: %.60q, want %.60q", c.set, c.from, c.to, got, c.want)
		}
	}
}

func TestTheHostFieldSaysWhoseCookiesTheyAre(t *testing.T) {
	t.Parallel()
	var j Jar
	j.Keep(at(t, "ws://10.0.0.1/"), "a.example:80", sets("n=v; Domain=a.example"))
	if got := sent(j.Add(at(t, "ws://a.example/"), "", nil)); got != "n=v" {
		t.Errorf("%q", got)
	}
	if got := sent(j.Add(at(t, "ws://10.0.0.1/"), "", nil)); got != "" {
		t.Errorf("%q", got)
	}
}

func TestTheHostsOwnCookiesStayAndWin(t *testing.T) {
	t.Parallel()
	var j Jar
	j.Keep(at(t, "ws://a.example/"), "", sets("a=jar", "b=jar"))
	given := []handshake.Field{{Name: "X", Value: "1"}, {Name: "cookie", Value: "a=own; c=own"}}
	got := j.Add(at(t, "ws://a.example/"), "", given)
	if len(got) != 2 || got[1].Value != "a=own; c=own; b=jar" || given[1].Value != "a=own; c=own" {
		t.Errorf("%v, given %v", got, given)
	}
}

// A server cannot fill the memory of a client: the cookies that were set first go.
func TestAJarHasBounds(t *testing.T) {
	t.Parallel()
	var j Jar
	u := at(t, "ws://a.example/")
	const n = 3 * Most
	for i := range n {
		j.Keep(u, "", sets(fmt.Sprintf("c%d=v", i)))
		j.Keep(u, "", sets("stays=v")) // set anew
	}
	got := strings.Split(sent(j.Add(u, "", nil)), "; ")
	if len(got) != Most || len(j.kept) != Most {
		t.Fatalf("%d cookies are sent, %d are remembered", len(got), len(j.kept))
	}
	for _, want := range []string{"stays=v", fmt.Sprintf("c%d=v", n-1), fmt.Sprintf("c%d=v", n-Most+1)} {
		if !strings.Contains(strings.Join(got, " "), want) {
			t.Errorf("%s is missing among %v", want, got)
		}
	}
	for i := range n {
		j.Keep(u, "", sets(fmt.Sprintf("c%d=; Max-Age=0", i)))
	}
	if got := sent(j.Add(u, "", nil)); got != "stays=v" || len(j.kept) != 1 {
		t.Errorf("%q is left, %d are remembered", got, len(j.kept))
	}
}
