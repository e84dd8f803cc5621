// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
)

// ShownURL is what a text repeats of a URL: not its user part, and of its query only that
// there is one, since tokens stand in both.
func ShownURL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	text := shown.String()
	if len(text) > 200 {
		text = text[:200] + "..."
	}
	if u.RawQuery != "" {
		text += "?..."
	}
	return text
}

// Location is where the answer leads to, fit for a text; "" when it does not.
func (e *StatusError) Location() string {
	value := e.field("location")
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" {
		return "an address that cannot be read"
	}
	return strconv.Quote(ShownURL(u))
}

// field is the first value of a name in lower case, "" for none.
func (e *StatusError) field(name string) string {
	for _, f := range e.Fields {
		if foldEqual(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Scheme is the scheme of the first challenge (RFC 9110 11.6.1), "" for none.
func (e *StatusError) Scheme() string {
	scheme, _, _ := strings.Cut(strings.TrimSpace(e.field("www-authenticate")), " ")
	scheme = strings.TrimSuffix(scheme, ",")
	if len(scheme) > 32 || scheme == "" || !all(scheme, classToken) {
		return ""
	}
	return scheme
}

// Answer shows the first line of an HTTP answer, "" when b does not begin with one.
func Answer(b []byte) string {
	if !bytes.HasPrefix(b, []byte("HTTP/")) {
		return ""
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	return shorten(strings.TrimRight(string(line), "\r"))
}
