// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ClientOptions says what a client asks for. The zero value asks for a connection
// without subprotocol, extra fields or credentials. Read only while a call runs.
type ClientOptions struct {
	// Fields are extra header fields of the request, in order. Those that the
	// upgrade itself is made of are refused, see Check.
	Fields []Field

	// Protocols are the subprotocols offered, the preferred one first; tokens,
	// each once. Empty: none is offered.
	Protocols []string

	// Required refuses an answer that chooses none of Protocols.
	Required bool

	// Extensions is the value of Sec-WebSocket-Extensions; "": none is offered. Whether
	// the answer fits is for the caller to see, in Response.Extensions.
	Extensions string

	// Host is the value of the Host field instead of the target's: a name or an address
	// with a port or not. "": the target's.
	Host string

	// MaxHead is the greatest size of the response head in bytes; 0 means
	// DefaultMaxHead.
	MaxHead int

	// Authorization is the value of the Authorization field, such as "Basic
	// ...". "": none. An Authorization among Fields takes its place.
	Authorization string
}

// RequestError says which part of a request cannot be sent. Nothing was sent.
type RequestError struct {
	Name string // the field, or what it is about: "URL", "subprotocol"
	Text string // what is wrong with it
}

// Error names the part and says what is wrong with it.
func (e *RequestError) Error() string {
	return "upgrade request: " + e.Name + ": " + e.Text
}

// OwnHost is RequestError.Name of ClientOptions.Host.
const OwnHost = "Host, own"

// Check tells before any connection is made whether Connect would refuse the
// options; the error is a *RequestError. Field names and subprotocols must be
// tokens (RFC 9110 5.6.2), subprotocols differ (RFC 6455 4.1), values have no
// control characters, and these fields are not the caller's: Host, Connection,
// Upgrade, Sec-WebSocket-*, Content-Length, Transfer-Encoding, and those of a single
// hop.
func (o *ClientOptions) Check() error {
	for _, f := range o.Fields {
		if err := checkField(f); err != nil {
			return err
		}
	}
	if o.Host != "" && !isAuthority([]byte(o.Host)) {
		return &RequestError{OwnHost, "it is no host, nor host:port"}
	}
	if !isValue(o.Authorization) {
		return &RequestError{"Authorization", "the value contains a control character"}
	}
	for i, p := range o.Protocols {
		if !all(p, classToken) {
			return &RequestError{"subprotocol", "number " + strconv.Itoa(i+1) + " is not a token"}
		}
		if slices.Contains(o.Protocols[:i], p) {
			return &RequestError{"subprotocol", "number " + strconv.Itoa(i+1) + " is offered twice"}
		}
	}
	return nil
}

func checkField(f Field) error {
	if !all(f.Name, classToken) {
		return &RequestError{"field " + shorten(f.Name[:tokenLength(f.Name)]), "the name is not a token"}
	}
	name := strings.ToLower(f.Name)
	switch name {
	case "host", "connection", "upgrade", "content-length", "transfer-encoding",
		// RFC 9110 7.6.1: they mean the next hop, not the server.
		"keep-alive", "proxy-connection", "te", "trailer", "proxy-authorization", "proxy-authenticate":
		return &RequestError{f.Name, "this field belongs to the upgrade and cannot be set"}
	}
	if strings.HasPrefix(name, "sec-websocket-") {
		return &RequestError{f.Name, "this field belongs to the upgrade and cannot be set"}
	}
	if !isValue(f.Value) {
		return &RequestError{f.Name, "the value contains a control character"}
	}
	return nil
}

// tokenLength is how long s is a token. What follows may be a secret, where a host has
// given a whole line as the name of a field.
func tokenLength(s string) int {
	for i := range len(s) {
		if class[s[i]]&classToken == 0 {
			return i
		}
	}
	return len(s)
}

func isValue(s string) bool { return s == "" || all(s, classValue) }

// shorten quotes s for an error text.
func shorten(s string) string {
	if len(s) > 40 {
		s = s[:40] + "..."
	}
	return strconv.Quote(s)
}

// requestURL reduces target to what goes into the request: resource
// name and Host (RFC 6455 3 and 4.1). It has no credentials, no fragment, and no
// port that the scheme implies.
func requestURL(target *url.URL) (*url.URL, error) {
	u := &url.URL{
		Scheme: target.Scheme, Host: hostField(target),
		Path: target.Path, RawPath: target.RawPath,
		RawQuery: target.RawQuery, ForceQuery: target.ForceQuery,
	}
	if target.Opaque != "" || !strings.HasPrefix(u.RequestURI(), "/") {
		return nil, &RequestError{"URL", "the path does not start with a slash"}
	}
	if !all(u.RequestURI(), classURI) {
		return nil, &RequestError{"URL", "path or query contain a character that is not allowed there"}
	}
	if !isAuthority([]byte(u.Host)) {
		return nil, &RequestError{"URL", "the host is empty or malformed"}
	}
	return u, nil
}

// hostField is the value of Host: without the default port (RFC 6455 4.1), and
// without the zone of an IPv6 address, which means nothing to others (RFC 6874 4).
func hostField(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if strings.HasPrefix(u.Host, "[") {
		host, _, _ = strings.Cut(host, "%")
		host = "[" + host + "]"
	}
	if port == "" || port == "80" && u.Scheme == "ws" || port == "443" && u.Scheme == "wss" {
		return host
	}
	return host + ":" + port
}
