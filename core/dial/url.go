// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxURL is the greatest length of a URL in bytes.
const MaxURL = 8196

// URLError says why a URL cannot be used.
type URLError struct {
	URL  string // scheme and host; what may be secret is left out (shown.go)
	Text string // what is wrong with it
}

// Error repeats the URL, quoted, and says what is wrong with it.
func (e *URLError) Error() string {
	return "URL " + strconv.Quote(e.URL) + ": " + e.Text
}

// ParseURL reads a WebSocket URL (RFC 6455 3). The scheme is ws or wss in any
// case, the host is required, the port is 1 to 65535 or absent, an IPv6 address
// stands in brackets. A name with characters outside ASCII is converted (RFC
// 5891). A fragment is refused, because it means nothing here and would be sent.
// In the result the scheme is lower-case, the path is at least "/", the query is
// kept, and what a request line cannot carry is percent-encoded.
//
// ws+unix:/path/of/socket:/http/path and wss+unix: name a Unix socket.
//
// The error is always a *URLError.
func ParseURL(raw string) (*Target, error) {
	t, text := parseURL(raw)
	if text != "" {
		return nil, &URLError{URL: shown(raw), Text: text}
	}
	return t, nil
}

func parseURL(raw string) (*Target, string) {
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
	scheme, rest, _ := strings.Cut(raw, ":")
	if scheme, ok := strings.CutSuffix(strings.ToLower(scheme), "+unix"); ok && (scheme == "ws" || scheme == "wss") {
		return parseUnix(scheme, rest)
	}
	return parseNet(raw)
}

// parseNet reads a URL of ws or wss.
func parseNet(raw string) (*Target, string) {
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
	t := &Target{URL: u}
	if u.User != nil {
		name := u.User.Username()
		password, _ := u.User.Password()
		if text := checkCredentials(name, password); text != "" {
			return nil, text
		}
		t.Authorization, u.User = basic(name, password), nil
	}
	if text := normalizeHost(u); text != "" {
		return nil, text
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = encodeQuery(u.RawQuery)
	return t, ""
}

// parseText is the reason in an error of net/url. It never repeats a part of the URL,
// which may be one of a password.
func parseText(err error) string {
	var whole *url.Error
	if errors.As(err, &whole) {
		err = whole.Err
	}
	var escape url.EscapeError
	var character url.InvalidHostError
	text := strings.TrimPrefix(err.Error(), "net/url: ")
	switch {
	case errors.As(err, &escape):
		return "invalid URL escape: two hexadecimal digits must follow a percent sign"
	case errors.As(err, &character) && len(character) == 1:
		return text
	case strings.HasPrefix(text, "invalid port"):
		return "the port is not a number"
	}
	switch text {
	case "missing protocol scheme", "first path segment in URL cannot contain colon", "invalid userinfo",
		"invalid IP-literal", "missing ']' in host":
		return text
	}
	return "it is malformed"
}

// checkCredentials refuses what Basic authentication cannot carry (RFC 7617 2).
func checkCredentials(name, password string) string {
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
	host, text := asciiHost(host, bracketed)
	if text != "" {
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

// asciiHost converts a name with other characters (RFC 5891 5) and checks the
// result. Names in ASCII stay as they are: the rules of RFC 5891 would refuse
// underscores, which hosts of private networks have.
func asciiHost(host string, bracketed bool) (string, string) {
	if !bracketed && strings.IndexFunc(host, func(r rune) bool { return r >= 0x80 }) >= 0 {
		ascii, err := idna.Lookup.ToASCII(host)
		if !utf8.ValidString(host) {
			err = errors.New("it is not UTF-8")
		}
		if err != nil {
			return "", "the host is no internationalised name: " + strings.TrimPrefix(err.Error(), "idna: ")
		}
		host = ascii
	}
	if host == "" {
		return "", "the host is missing"
	}
	return host, checkHost(host, bracketed)
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
