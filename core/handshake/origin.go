// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// OriginPattern is whose pages may connect (RFC 6454): an origin, all below a name, all ports
// of a host, or anybody.
type OriginPattern struct {
	scheme  string // "": whole says all
	whole   string // "*" or "null"
	host    namePattern
	port    string // "" for a scheme that has none of its own
	anyPort bool
}

// ParseOrigin reads "https://example.com", "https://*.example.com", "http://localhost:*", "*" or
// "null". The error says why no browser ever sends an origin like that.
func ParseOrigin(text string) (p OriginPattern, err error) {
	text = strings.ToLower(text)
	if text == "*" || text == "null" {
		return OriginPattern{whole: text}, nil
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !isScheme(scheme) {
		return p, errors.New("it is neither \"*\" nor an origin like https://example.com")
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return p, errors.New("an origin ends behind its host and port, this one goes on with " + shorten(rest[i:]))
	}
	if strings.Contains(rest, "@") {
		return p, errors.New("an origin has no user")
	}
	host, port := cutPort(rest)
	p = OriginPattern{scheme: scheme, port: port, anyPort: port == "*"}
	switch {
	case p.anyPort:
	case !isPort([]byte(port)) || port == "0":
		return p, errors.New("its port is neither a number up to 65535 nor \"*\"")
	case port == "":
		p.port = portOf(scheme)
	}
	if rest == "" && scheme == "file" { // which some views of files send
		return p, nil
	}
	p.host, err = parseName(host)
	return p, err
}

// isScheme tells whether s is a scheme in lower case (RFC 3986 3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; ('a' > c || c > 'z') && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

// portOf is what a port that is left out means (RFC 6454 6.2).
func portOf(scheme string) string {
	switch scheme {
	case "http", "ws":
		return "80"
	case "https", "wss":
		return "443"
	}
	return ""
}

// cutPort takes the port off an authority; it may be "", and is without leading zeros.
func cutPort(authority string) (host, port string) {
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err == nil {
			port = strconv.FormatUint(n, 10)
		}
		return host, port
	}
	return authority, ""
}

// matches tells whether a page of origin is meant.
func (p *OriginPattern) matches(origin string) bool {
	if p.scheme == "" {
		return p.whole == "*" || p.whole == origin
	}
	scheme, rest, ok := strings.Cut(origin, "://")
	if !ok || scheme != p.scheme || strings.ContainsAny(rest, "/?#@") {
		return false
	}
	host, port := cutPort(rest)
	if port == "" {
		port = portOf(scheme)
	}
	return (p.anyPort || port == p.port) && p.host.matches(host)
}

// mayConnect judges Origin (RFC 6455 10.2).
func (o *ServerOptions) mayConnect(origin, host []byte) *Rejection {
	text := strings.ToLower(string(origin))
	for i := range o.Origins {
		if o.Origins[i].matches(text) {
			return nil
		}
	}
	switch {
	case len(o.Origins) > 0 || !sameHost(origin, host):
		return &Rejection{Status: 403, Text: "this origin is not allowed", Detail: quoted(origin) + " is none of config.origins, nor of the host that it connects to"}
	case o.Secure && strings.HasPrefix(text, "http://"):
		return &Rejection{Status: 403, Text: "a page of http may not connect by TLS", Detail: quoted(origin) + " can be changed on its way; config.origins may name it, or WS_HTTP_ORIGINS takes such pages"}
	}
	return nil
}

// sameHost tells whether the host of an origin is the one in Host; the port that the
// origin's scheme implies may be left out (RFC 6454 6.2), or empty (RFC 9110 4.2.3).
func sameHost(origin, host []byte) bool {
	scheme, authority, ok := bytes.Cut(origin, []byte("://"))
	if !ok {
		return false // "null" among others
	}
	port := portOf(strings.ToLower(string(scheme)))
	strip := func(b []byte) string {
		text := strings.ToLower(string(b))
		if port != "" {
			text = strings.TrimSuffix(text, ":"+port)
		}
		return strings.TrimSuffix(text, ":")
	}
	return strip(authority) == strip(host)
}

// namePattern is a host, or with below all names under it; below alone is any.
type namePattern struct {
	name  string // as plainName gives it
	below bool
}

// parseName reads "example.com", "*.example.com", "*", "[::1]" or "127.0.0.1", in lower case.
func parseName(text string) (p namePattern, err error) {
	if text == "*" {
		return namePattern{below: true}, nil
	}
	p.name, p.below = strings.CutPrefix(text, "*.")
	switch {
	case p.name == "":
		return p, errors.New("it has no host")
	case strings.Contains(p.name, "*"):
		return p, errors.New("\"*\" stands for the first labels of a name, as in *.example.com")
	case strings.ContainsRune(p.name, '%') || !isASCII(p.name):
		return p, errors.New("names of hosts are in ASCII, others are sent in their form of xn--")
	case !isAuthority([]byte(p.name)):
		return p, errors.New("its host is none")
	}
	p.name = plainName(p.name)
	_, bad := netip.ParseAddr(strings.Trim(p.name, "[]"))
	last := p.name[strings.LastIndexByte(p.name, '.')+1:]
	switch {
	case bad == nil && p.below:
		return p, errors.New("no name is below an address")
	case bad != nil && last != "" && strings.Trim(last, "0123456789") == "":
		return p, errors.New("what ends in a number is an address, and this one is none like 192.0.2.1")
	}
	return p, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// plainName is a host in lower case, without the dot that ends it, and addresses of IPv6 in the
// form of RFC 5952.
func plainName(host string) string {
	if literal, is := strings.CutPrefix(host, "["); is {
		if a, err := netip.ParseAddr(strings.TrimSuffix(literal, "]")); err == nil {
			return "[" + a.String() + "]"
		}
	}
	return strings.TrimSuffix(host, ".")
}

// matches tells whether host, in lower case and without a port, is meant.
func (p *namePattern) matches(host string) bool {
	host = plainName(host)
	if !p.below {
		return host == p.name
	}
	return p.name == "" && host != "" || len(host) > len(p.name)+1 && strings.HasSuffix(host, "."+p.name)
}
