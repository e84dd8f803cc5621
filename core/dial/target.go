// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Target is what a URL names. It is read only.
type Target struct {
	// URL has the scheme ws or wss, the host in its ASCII form and no user part, so
	// that it can be shown. For a Unix socket the host is localhost.
	URL *url.URL
	// Socket is the path of a Unix socket, or "" for TCP.
	Socket string
	// Authorization is the value of the header field that the user part of the URL
	// asks for (RFC 7617), or "".
	Authorization string
}

// Secure tells whether TLS is spoken.
func (t *Target) Secure() bool { return t.URL.Scheme == "wss" }

// Address is where to connect to: the host and the URL's port, or 443 for wss
// and 80 for ws, or the path of the Unix socket. An IPv6 address comes in
// brackets.
func (t *Target) Address() string {
	if t.Socket != "" {
		return t.Socket
	}
	return net.JoinHostPort(t.URL.Hostname(), strconv.Itoa(int(t.port())))
}

// hostPort is Address without a zone (RFC 6874), which means something to this machine only.
func (t *Target) hostPort() string {
	return net.JoinHostPort(t.host(), strconv.Itoa(int(t.port())))
}

// port is the URL's port or its scheme's.
func (t *Target) port() uint16 {
	if n, err := strconv.ParseUint(t.URL.Port(), 10, 16); err == nil {
		return uint16(n) // fits: it was parsed as 16 bits
	}
	if t.Secure() {
		return 443
	}
	return 80
}

// host is the name, or the address without a zone.
func (t *Target) host() string {
	name, _, _ := strings.Cut(t.URL.Hostname(), "%")
	return name
}

// basic makes credentials of RFC 7617 2.
func basic(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}

// maxSocketPath is what fits into a socket address of this system, with its zero.
const maxSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// parseUnix reads ws+unix:/path/of/socket:/http/path?query, which has no host; the
// part after the colon may be absent. A colon or question mark in the socket's
// path is percent-encoded. Three slashes are one.
func parseUnix(scheme, rest string) (*Target, string) {
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		if !strings.HasPrefix(after, "/") {
			return nil, "there is no host before the path of a Unix socket; write " + scheme + "+unix:/path"
		}
		rest = after
	}
	if !strings.HasPrefix(rest, "/") {
		return nil, "the path of a Unix socket must begin with a slash"
	}
	end := strings.IndexAny(rest, ":?")
	if end < 0 {
		end = len(rest)
	}
	socket, err := url.PathUnescape(rest[:end])
	if err != nil {
		return nil, parseText(err)
	}
	rest = strings.TrimPrefix(rest[end:], ":")
	switch {
	case strings.IndexByte(socket, 0) >= 0:
		return nil, "the path of the Unix socket contains a zero byte"
	case len(socket) > maxSocketPath:
		return nil, fmt.Sprintf("the path of the Unix socket has %d bytes, the system takes %d", len(socket), maxSocketPath)
	case socket == "/":
		return nil, "the path of the Unix socket is missing"
	case rest != "" && rest[0] != '/' && rest[0] != '?':
		return nil, "the path after the colon must begin with a slash"
	}
	t, text := parseNet(scheme + "://localhost" + rest)
	if text != "" {
		return nil, text
	}
	t.Socket = socket
	return t, ""
}
