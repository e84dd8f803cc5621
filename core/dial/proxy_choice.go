// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"net/url"
	"os"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// choose finds the proxy for t, or nil for none.
func (o *ProxyOptions) choose(t *Target) (*Proxy, error) {
	switch o.Mode {
	case ProxyExplicit:
		if excluded(o.Exclude, t.host(), t.port()) {
			return nil, nil
		}
		p := o.Proxy
		return &p, p.Check()
	case ProxyEnvironment:
		ask := o.Environment
		if ask == nil {
			ask = os.Getenv
		}
		return fromEnvironment(ask, t, o.Bare)
	}
	return nil, nil
}

// fromEnvironment reads the variables by the rules of httpproxy: ws counts as
// http and wss as https, the lower-case name comes first, and this machine
// itself is never reached through a proxy. all_proxy, which httpproxy does not
// know, is for what has no variable of its own.
func fromEnvironment(ask func(string) string, t *Target, bare bool) (*Proxy, error) {
	either := func(name string) (variable, value string) {
		for _, variable := range [2]string{name, strings.ToUpper(name)} {
			if value := strings.TrimSpace(ask(variable)); value != "" {
				return variable, value
			}
		}
		return "", ""
	}
	scheme := "http"
	if t.Secure() {
		scheme = "https"
	}
	variable, value := either(scheme + "_proxy")
	if variable == "HTTP_PROXY" && ask("REQUEST_METHOD") != "" {
		value = "" // a CGI script: its client sets it by a header field named Proxy
	}
	if value == "" {
		variable, value = either("all_proxy")
	}
	if value == "" || ownName(t.host()) { // httpproxy knows localhost itself only
		return nil, nil
	}
	_, except := either("no_proxy")
	const some = "http://proxy" // only whether, not which
	rules := httpproxy.Config{HTTPProxy: some, HTTPSProxy: some, NoProxy: except}
	used, err := rules.ProxyFunc()(&url.URL{Scheme: scheme, Host: t.hostPort()})
	if err != nil || used == nil {
		return nil, err
	}
	p, text := parseProxyURL(value)
	if text == "" && bare && p.Kind == ProxyHTTPS {
		text = "WS_ACKNOWLEDGED_SENDS: what a proxy behind TLS has acknowledged cannot be told"
	}
	if text != "" {
		return nil, &proxyError{text: "the environment variable " + variable + ": " + text}
	}
	return p, nil
}

// parseProxyURL reads what stands in an environment variable: a URL, or
// host:port for an HTTP proxy. It repeats nothing of it: there may be a password.
func parseProxyURL(value string) (*Proxy, string) {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil {
		return nil, "it is no URL: " + parseText(err)
	}
	if strings.IndexByte(u.EscapedPath()+u.RawQuery+u.Fragment, '@') >= 0 {
		return nil, "a slash, question mark or # in user name or password must be percent-encoded"
	}
	p := &Proxy{}
	switch u.Scheme {
	case "http":
	case "socks5", "socks5h":
		p.Kind = ProxySOCKS5
	case "https":
		p.Kind = ProxyHTTPS
	default:
		return nil, "the scheme must be http, https or socks5"
	}
	p.Host = u.Hostname()
	if port := u.Port(); port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return nil, "the port must be 1 to 65535"
		}
		p.Port = int(n) // fits: it was parsed as 16 bits
	}
	if u.User != nil {
		p.Username = u.User.Username()
		p.Password, _ = u.User.Password()
	}
	if e := p.check(); e != nil {
		return nil, e.Error()
	}
	return p, ""
}
