// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// MaxURL is the greatest length of a URL in bytes.
const MaxURL = 8196

// shownURL is how many bytes of a URL an error text repeats.
const shownURL = 96

// URLError says why a URL cannot be used.
type URLError struct {
	URL  string // the URL, shortened; user name and password are left out
	Text string // what is wrong with it
}

// Error repeats the URL, quoted, and says what is wrong with it.
func (e *URLError) Error() string {
	return "URL " + strconv.Quote(e.URL) + ": " + e.Text
}

// ParseURL reads a WebSocket URL (RFC 6455 3). The scheme is ws or wss in any
// case, the host is required, the port is 1 to 65535 or absent, an IPv6 address
// stands in brackets. A fragment is refused, because it means nothing here and
// would be sent. In the result the scheme is lower-case, the path is at least
// "/", the query is kept, and what a request line cannot carry is
// percent-encoded. User name and password stay in URL.User, never in URL.Host.
//
// The error is always a *URLError. Names with characters outside ASCII are
// refused: the caller converts them (RFC 5890) beforehand.
func ParseURL(raw string) (*url.URL, error) {
	u, text := parseURL(raw)
	if text != "" {
		return nil, &URLError{URL: shorten(raw), Text: text}
	}
	return u, nil
}

func parseURL(raw string) (*url.URL, string) {
	if raw == "" {
		return nil, "it is empty"
	}
	if len(raw) > MaxURL {
		return nil, "it has " + strconv.Itoa(len(raw)) + " bytes, at most " + strconv.Itoa(MaxURL) + " are allowed"
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] <= ' ' || raw[i] == 0x7f {
			return nil, "it contains a space or control character at byte " + strconv.Itoa(i)
		}
	}
	// Also an empty fragment: net/url would drop the sign silently.
	if strings.IndexByte(raw, '#') >= 0 {
		return nil, "a fragment (#) is not allowed (RFC 6455 3)"
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, parseText(err)
	}
	if u.Scheme != "ws" && u.Scheme != "wss" {
		return nil, "the scheme must be ws or wss"
	}
	if u.Opaque != "" || !strings.HasPrefix(raw[len(u.Scheme):], "://") {
		return nil, "\"//\" and a host must follow the scheme"
	}
	if text := checkUser(u.User); text != "" {
		return nil, text
	}
	if text := normalizeHost(u); text != "" {
		return nil, text
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = encodeQuery(u.RawQuery)
	return u, ""
}

// parseText takes the reason out of an error of net/url, which repeats the whole
// URL, and with it a password.
func parseText(err error) string {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	text := strings.TrimPrefix(err.Error(), "net/url: ")
	if strings.HasPrefix(text, "invalid port") {
		return "the port is not a number" // the text may repeat a part of a password
	}
	return text
}

// checkUser refuses what Basic authentication cannot carry (RFC 7617 2).
func checkUser(user *url.Userinfo) string {
	if user == nil {
		return ""
	}
	name := user.Username()
	password, _ := user.Password()
	if strings.IndexByte(name, ':') >= 0 {
		return "the user name contains a colon"
	}
	for _, s := range [2]string{name, password} {
		for i := 0; i < len(s); i++ {
			if s[i] < ' ' || s[i] == 0x7f {
				return "user name or password contains a control character"
			}
		}
	}
	return ""
}

// normalizeHost checks host and port and writes them back without an empty port
// or leading zeros.
func normalizeHost(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if host == "" {
		return "the host is missing"
	}
	bracketed := u.Host[0] == '['
	if text := checkHost(host, bracketed); text != "" {
		return text
	}
	if bracketed {
		host = "[" + host + "]"
	}
	u.Host = host
	if port == "" {
		return ""
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "the port must be 1 to 65535"
	}
	u.Host = host + ":" + strconv.FormatUint(n, 10)
	return ""
}

func checkHost(host string, bracketed bool) string {
	if bracketed {
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() {
			return "there is no IPv6 address in the brackets"
		}
		host, _, _ = strings.Cut(host, "%") // the zone may have any name
	}
	for i := 0; i < len(host); i++ {
		c := host[i]
		switch {
		case c >= 0x80:
			return "the host has characters outside ASCII; give it in its ASCII form (xn--...)"
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '.', c == '_', c == '~':
		case c == ':' && bracketed:
		case c == ':':
			return "an IPv6 address must be in brackets"
		default:
			return "the host contains the character " + strconv.QuoteRune(rune(c))
		}
	}
	return ""
}

// encodeQuery percent-encodes what may not stand in a request line (RFC 3986
// 3.4). net/url does so with the path only.
func encodeQuery(q string) string {
	const hex = "0123456789ABCDEF"
	odd := func(c byte) bool { return c >= 0x80 || c == '"' || c == '<' || c == '>' }
	n := 0
	for i := 0; i < len(q); i++ {
		if odd(q[i]) {
			n++
		}
	}
	if n == 0 {
		return q
	}
	b := make([]byte, 0, len(q)+2*n)
	for i := 0; i < len(q); i++ {
		if c := q[i]; odd(c) {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

// shorten makes a URL fit for an error text: without credentials, and not long.
// It hides everything up to the last @, because a password with a raw slash is a
// likely cause of the error, and then net/url's idea of the user part is wrong.
func shorten(raw string) string {
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		start := 0
		if i := strings.Index(raw[:at], "//"); i >= 0 {
			start = i + 2
		}
		raw = raw[:start] + "..." + raw[at:]
	}
	if len(raw) > shownURL {
		raw = strings.ToValidUTF8(raw[:shownURL], "") + "..."
	}
	return raw
}

// Address returns the host:port to connect to: the URL's port, or 443 for wss
// and 80 for ws. An IPv6 address comes in brackets.
func Address(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "wss":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
