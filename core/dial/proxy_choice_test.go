// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"strings"
	"testing"
)

func TestExclusionList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list string
		raw  string
		want bool
	}{
		{"", "ws://example.com/", false},
		{" ,", "ws://example.com/", false},
		// The documented rules: a name and the names below it, on every port.
		{"ample.com", "ws://ample.com/", true},
		{"ample.com", "ws://www.ample.com/", true},
		{"ample.com", "ws://a.b.ample.com/", true},
		{"ample.com", "ws://ample.com:80/", true},
		{"ample.com", "ws://ample.com:8080/", true},
		{"ample.com", "wss://ample.com/", true},
		{"ample.com", "ws://example.com/", false},
		{"ample.com", "ws://ample.com.cn/", false},
		{"www.ample.com", "ws://ample.com/", false},
		{"AMPLE.com", "ws://www.aMple.COM/", true},
		{" ample.com ", "ws://ample.com/", true},
		{"http://ample.com", "wss://ample.com/", true},
		{"https://ample.com/path", "ws://ample.com/", true},
		{".ample.com", "ws://www.ample.com/", true},
		{".ample.com", "ws://ample.com/", true},
		{"ample.com.", "ws://ample.com/", true},
		{"ample.com", "ws://ample.com./", true},
		{"com", "ws://ample.com/", true},
		{"bücher.example", "ws://www.xn--bcher-kva.example/", true},
		{"BÜCHER.example", "ws://bücher.example/", true},
		// A port narrows.
		{"ample.com:8080", "ws://ample.com:8080/", true},
		{"ample.com:8080", "ws://ample.com/", false},
		{"ample.com:80", "ws://www.ample.com/", true},
		{"ample.com:443", "wss://ample.com/", true},
		// Addresses, exactly.
		{"192.0.2.1", "ws://192.0.2.1/", true},
		{"192.0.2.1", "ws://192.0.2.1:9/", true},
		{"192.0.2.1", "ws://192.0.2.10/", false},
		{"0.2.1", "ws://192.0.2.1/", false},
		{"2.1", "ws://192.0.2.1/", false},
		{"192.0.2.1", "ws://x.192.0.2.1.test/", false},
		{"2001:db8::1", "ws://[2001:db8::1]/", true},
		{"2001:DB8:0:0::1", "ws://[2001:db8::1]/", true},
		{"[2001:db8::1]", "ws://[2001:db8::1]/", true},
		{"[2001:db8::1]:80", "ws://[2001:db8::1]/", true},
		{"[2001:db8::1]:81", "ws://[2001:db8::1]/", false},
		{"fe80::1", "ws://[fe80::1%25eth0]/", true},
		{"::ffff:192.0.2.1", "ws://192.0.2.1/", true},
		{"2001:db8::2", "ws://[2001:db8::1]/", false},
		// Patterns.
		{"*", "ws://example.com/", true},
		{"*", "ws://[::1]/", true},
		{"*.ample.com", "ws://www.ample.com/", true},
		{"*.ample.com", "ws://ample.com/", false},
		{"*ample.com", "ws://example.com/", true},
		{"*.AMPLE.com:81", "ws://www.ample.com:81/", true},
		{"*.ample.com:81", "ws://www.ample.com/", false},
		{"192.168.*", "ws://192.168.7.8/", true},
		{"192.168.*", "ws://192.169.7.8/", false},
		{"w*.a*e.com", "ws://www.ample.com/", true},
		{"w*x.a*e.com", "ws://www.ample.com/", false},
		{"a*b*c", "ws://abbcbc/", true},
		{"a*b*c", "ws://abbcbd/", false},
		// One of several.
		{"a.test,ample.com,b.test", "ws://ample.com/", true},
		{"a.test,b.test", "ws://ample.com/", false},
	} {
		o := ProxyOptions{Mode: ProxyExplicit, Proxy: Proxy{Host: "proxy.test"}, Exclude: strings.Split(c.list, ",")}
		p, err := o.choose(parse(t, c.raw))
		if err != nil {
			t.Errorf("%s: %v", c.list, err)
		} else if (p == nil) != c.want {
			t.Errorf("the list %q excludes %s: %v, want %v", c.list, c.raw, p == nil, c.want)
		}
	}
}

func TestPatternsTakeNoLongTime(t *testing.T) {
	t.Parallel()
	list := []string{strings.Repeat("a*", 4000) + "b"}
	if excluded(list, strings.Repeat("a", 8000), 80) {
		t.Error("it matches")
	}
}

func TestProxyOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  string // name=value ...
		raw  string
		want string // "" is none
	}{
		{"", "ws://a.test/", ""},
		{"http_proxy=http://p.test:3128", "ws://a.test/", "HTTP proxy p.test:3128"},
		{"http_proxy=http://p.test:3128", "wss://a.test/", ""},
		{"https_proxy=http://p.test:3128/", "wss://a.test/", "HTTP proxy p.test:3128"},
		{"https_proxy=http://p.test:3128", "ws://a.test/", ""},
		{"HTTP_PROXY=http://p.test", "ws://a.test/", "HTTP proxy p.test:80"},
		{"http_proxy=low.test HTTP_PROXY=up.test", "ws://a.test/", "HTTP proxy low.test:80"},
		{"http_proxy=p.test:8080", "ws://a.test/", "HTTP proxy p.test:8080"},
		{"http_proxy=10.0.0.1:8080", "ws://a.test/", "HTTP proxy 10.0.0.1:8080"},
		{"http_proxy=http://[2001:db8::1]:8080", "ws://a.test/", "HTTP proxy [2001:db8::1]:8080"},
		{"http_proxy=http://bücher.test", "ws://a.test/", "HTTP proxy xn--bcher-kva.test:80"},
		{"all_proxy=socks5://p.test", "ws://a.test/", "SOCKS5 proxy p.test:1080"},
		{"ALL_PROXY=socks5h://p.test:9050", "wss://a.test/", "SOCKS5 proxy p.test:9050"},
		{"all_proxy=socks5://p.test http_proxy=q.test", "ws://a.test/", "HTTP proxy q.test:80"},
		{"all_proxy=socks5://p.test http_proxy=q.test", "wss://a.test/", "SOCKS5 proxy p.test:1080"},
		// A CGI script must not believe what its client has set.
		{"HTTP_PROXY=evil.test REQUEST_METHOD=GET", "ws://a.test/", ""},
		{"HTTP_PROXY=evil.test REQUEST_METHOD=GET all_proxy=p.test", "ws://a.test/", "HTTP proxy p.test:80"},
		{"http_proxy=p.test REQUEST_METHOD=GET", "ws://a.test/", "HTTP proxy p.test:80"},
		// This machine.
		{"http_proxy=p.test", "ws://localhost:8080/", ""},
		{"all_proxy=p.test", "wss://127.0.0.1/", ""},
		{"http_proxy=p.test", "ws://[::1]/", ""},
		// no_proxy, by the rules of httpproxy.
		{"http_proxy=p.test no_proxy=a.test", "ws://a.test/", ""},
		{"http_proxy=p.test NO_PROXY=a.test", "ws://www.a.test/", ""},
		{"http_proxy=p.test no_proxy=.a.test", "ws://a.test/", "HTTP proxy p.test:80"},
		{"http_proxy=p.test no_proxy=10.0.0.0/8,b.test", "ws://10.1.2.3/", ""},
		{"http_proxy=p.test no_proxy=a.test:81", "ws://a.test/", "HTTP proxy p.test:80"},
		{"http_proxy=p.test no_proxy=a.test:80", "ws://a.test/", ""},
		{"all_proxy=socks5://p.test no_proxy=*", "ws://a.test/", ""},
		// An excluded host never meets a variable that cannot be used.
		{"http_proxy=ftp://p.test no_proxy=a.test", "ws://a.test/", ""},
	} {
		p, err := environment(c.env).choose(parse(t, c.raw))
		got := ""
		if p != nil {
			got = p.String()
		}
		if err != nil || got != c.want {
			t.Errorf("%s: %s goes through %q, want %q; error %v", c.env, c.raw, got, c.want, err)
		}
	}
}

func environment(list string) *ProxyOptions {
	variables := map[string]string{}
	for _, entry := range strings.Fields(list) {
		name, value, _ := strings.Cut(entry, "=")
		variables[name] = value
	}
	return &ProxyOptions{Mode: ProxyEnvironment, Environment: func(name string) string { return variables[name] }}
}

func TestVariableThatNamesNoProxyIsAProxyError(t *testing.T) {
	t.Parallel()
	for env, says := range map[string]string{
		"http_proxy=socks4://me:secret@p.test":                              "scheme must be",
		"http_proxy=ftp://me:secret@p.test":                                 "scheme must be",
		"http_proxy=http://me:secret@":                                      "host is missing",
		"http_proxy=http://me:secret@p.test:0":                              "port must be",
		"http_proxy=http://me:secret@p.test:99999":                          "port must be",
		"http_proxy=http://me:secret@p.test:x":                              "port is not a number",
		"http_proxy=http://me:%secret@p.test":                               "hexadecimal digits",
		"http_proxy=http://me:12/secret@p.test":                             "percent-encoded",
		"http_proxy=http://me:12?secret@p.test":                             "percent-encoded",
		"http_proxy=http://me:secret@p,test":                                "','",
		"http_proxy=me:secret@p.test:port":                                  "port is not a number",
		"HTTP_PROXY=http://me%3A:secret@p.test":                             "colon",
		"all_proxy=socks5://" + strings.Repeat("u", 256) + ":secret@p.test": "more than 255 bytes",
	} {
		o := Options{Proxy: *environment(env)}
		e := proxyFails(t, "ws://a.test/", o)
		name, _, _ := strings.Cut(env, "=")
		if !strings.Contains(e.Error(), says) || !strings.Contains(e.Error(), name) || strings.Contains(e.Error(), "secret") || strings.Contains(e.Error(), "%") {
			t.Errorf("%s: %v", env, e)
		}
	}
}

func TestCredentialsOfTheEnvironmentAreSent(t *testing.T) {
	t.Parallel()
	for env, want := range map[string]string{
		"http_proxy=http://p.test":             "",
		"http_proxy=http://me:s%40cret@p.test": "me s@cret",
		"http_proxy=http://token@p.test":       "token ",
		"http_proxy=http://token:@p.test":      "token ",
		"http_proxy=token:@p.test:80":          "token ",
	} {
		p, err := environment(env).choose(parse(t, "ws://a.test/"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if p.authenticates() {
			got = p.Username + " " + p.Password
		}
		if got != want {
			t.Errorf("%s: %q, want %q", env, got, want)
		}
	}
}

func TestProxyIsCheckedBeforeAnythingIsTried(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for _, c := range []struct {
		p     Proxy
		field string // "" is good
	}{
		{Proxy{Host: "p.test"}, ""},
		{Proxy{Host: "p.test", Port: 65535}, ""},
		{Proxy{Host: "10.0.0.1"}, ""},
		{Proxy{Host: "::1"}, ""},
		{Proxy{Host: "[::1]"}, ""},
		{Proxy{Host: "bücher.test"}, ""},
		{Proxy{Host: "p.test", Username: "a"}, ""},  // an empty password
		{Proxy{Host: "p.test", Password: "\n"}, ""}, // not effective without a name
		{Proxy{Host: "p.test", Username: "a:b"}, "username"},
		{Proxy{Kind: ProxySOCKS5, Host: "p.test", Username: "a:b", Password: "\n"}, ""},
		{Proxy{}, "host"},
		{Proxy{Host: "http://p.test"}, "host"},
		{Proxy{Host: "p.test:80"}, "host"},
		{Proxy{Host: "me:secret@p.test"}, "host"},
		{Proxy{Host: "p test"}, "host"},
		{Proxy{Host: "p.test\r\nX: y"}, "host"},
		{Proxy{Host: "p.test", Port: -1}, "port"},
		{Proxy{Host: "p.test", Port: 65536}, "port"},
		{Proxy{Host: "p.test", Username: "a:b", Password: "secret"}, "username"},
		{Proxy{Host: "p.test", Username: "a", Password: "secret\r\nX: y"}, "username"},
		{Proxy{Kind: ProxySOCKS5, Host: "p.test", Username: long, Password: "secret"}, "username"},
		{Proxy{Kind: ProxySOCKS5, Host: "p.test", Username: "a", Password: "secret" + long}, "password"},
	} {
		err := c.p.Check()
		var e *ProxyError
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%+v: %v", c.p, err)
		case c.field != "" && (!errors.As(err, &e) || e.Field != c.field || strings.Contains(err.Error(), "secret")):
			t.Errorf("%+v: %v, want an error of the %s", c.p, err, c.field)
		}
	}
	p := Proxy{Host: "[2001:db8::1]"}
	if err := p.Check(); err != nil || p.String() != "HTTP proxy [2001:db8::1]:80" {
		t.Errorf("%s, %v", &p, err)
	}
}
