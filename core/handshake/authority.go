// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"net/netip"
)

// isAuthority tells whether a is a host with or without a port, as Host and the
// authority of a target have it (RFC 9112 3.2, RFC 3986 3.2.2, 3.2.3). An empty host is
// none of a URI of http (RFC 9110 4.2.1), and there is no user part (RFC 9110 4.2.4). An
// empty port is the default one. Two things that the grammar allows are refused: a comma,
// which two Host lines have that a proxy has merged, and a port that TCP does not have.
func isAuthority(a []byte) bool {
	var port []byte
	if len(a) > 0 && a[0] == '[' {
		end := bytes.IndexByte(a, ']')
		if end < 0 || !isLiteral(a[1:end]) {
			return false
		}
		port = a[end+1:]
	} else {
		colon := bytes.IndexByte(a, ':')
		if colon < 0 {
			colon = len(a)
		}
		port = a[colon:]
		if !isName(a[:colon]) {
			return false
		}
	}
	return len(port) == 0 || port[0] == ':' && isPort(port[1:])
}

// hasPort tells whether an authority ends in a port that is not empty.
func hasPort(a []byte) bool {
	port := bytes.LastIndexByte(a, ':')
	return port > bytes.LastIndexByte(a, ']') && port < len(a)-1
}

// isLiteral tells whether s is an address between brackets: of IPv6 without a zone, which
// means something to its own host only (RFC 6874 1), or of a version yet to come.
func isLiteral(s []byte) bool {
	if len(s) > 0 && s[0]|0x20 == 'v' {
		version, rest, ok := bytes.Cut(s[1:], []byte{'.'})
		return ok && all(version, classHex) && all(rest, className|classColon)
	}
	if len(s) > len("0000:0000:0000:0000:0000:0000:255.255.255.255") {
		return false
	}
	a, err := netip.ParseAddr(string(s))
	return err == nil && a.Is6() && a.Zone() == ""
}

// isName tells whether s is a registered name, or an address of IPv4, which looks like one.
func isName(s []byte) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case class[s[i]]&className != 0:
		case s[i] == '%' && i+2 < len(s) && all(s[i+1:i+3], classHex):
			i += 2
		default:
			return false
		}
	}
	return len(s) > 0
}

// isPort tells whether s is a port, or nothing.
func isPort(s []byte) bool {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
		if n = 10*n + int(c-'0'); n > 65535 {
			return false
		}
	}
	return true
}
