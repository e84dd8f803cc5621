// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"net/netip"
	"strconv"
)

// Proxies add the address that they see to the end of a list. So the list is read from
// its end: as long as the address is a trusted proxy's, what that one has added before is
// believed. All that is left of the first address that is not trusted may be a lie.

// Hops names the field of a request in which proxies list addresses.
type Hops uint8

const (
	Forwarded     Hops = iota // RFC 7239
	XForwardedFor             // its forerunner, addresses only
)

// maxHops bounds how many trusted proxies a request is followed through.
const maxHops = 64

// Client is the client of a request: the address that the last of the trusted proxies
// names, counted from peer, who is trusted. When one of them names nobody, or
// nothing that is an address, it is that one. The port is 0 where it is not said. head is
// only read; when it is malformed it names nobody.
func (h Hops) Client(head []byte, peer netip.AddrPort, trusted *Trusted) netip.AddrPort {
	lines := h.lines(head)
	hops := 0
	for i := len(lines) - 1; i >= 0; i-- { // repeated fields are one list (RFC 9110 5.3)
		rest := lines[i]
		for more := true; more; {
			var element []byte
			element, rest, more = cutLast(rest)
			if len(element) == 0 {
				continue // of no meaning (RFC 9110 5.6.1)
			}
			if hops++; hops > maxHops {
				return peer
			}
			node, ok := element, true
			if h == Forwarded {
				node, ok = forwardedFor(element)
			}
			var next netip.AddrPort
			if ok {
				next, ok = parseNode(node)
			}
			if !ok {
				return peer
			}
			if peer = next; !trusted.Has(peer.Addr()) {
				return peer
			}
		}
	}
	return peer
}

// lines are the values of the field, in their order.
func (h Hops) lines(head []byte) (values [][]byte) {
	wanted := "forwarded"
	if h == XForwardedFor {
		wanted = "x-forwarded-for"
	}
	_, rest, ok := cutLine(head)
	for ok {
		name, value, next, f := cutField(rest)
		if f != flawNone {
			return nil // what the proxy has added may lie behind it
		}
		if name == nil {
			break
		}
		if foldEqual(name, wanted) {
			values = append(values, value)
		}
		rest = next
	}
	return values
}

// cutLast takes the last element off a list with commas; more tells that there was
// a comma before it. It goes backwards, because what lies before may come from the
// client, who would open a string that swallows what a proxy adds. When a string has no begin,
// all of it is one element.
func cutLast(list []byte) (element, rest []byte, more bool) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i] == '"' && !(quoted && escaped(list[:i])):
			quoted = !quoted
		case list[i] == ',' && !quoted:
			return trim(list[i+1:]), list[:i], true
		}
	}
	return trim(list), nil, false
}

// escaped tells whether a quote behind before is part of its string.
func escaped(before []byte) bool {
	n := len(before) - len(bytes.TrimRight(before, `\`))
	return n%2 == 1
}

// forwardedFor is the node of the parameter for of an element (RFC 7239 4); false when
// there is none, or the element is malformed.
func forwardedFor(element []byte) (node []byte, ok bool) {
	for rest := element; ; {
		rest = trim(rest)
		if len(rest) > 0 && rest[0] == ';' { // an empty pair
			rest = rest[1:]
			continue
		}
		if len(rest) == 0 {
			return node, node != nil
		}
		name, value, found := bytes.Cut(rest, []byte{'='})
		if !found || !all(name, classToken) || len(name) == 0 {
			return nil, false
		}
		if value, rest, found = cutValue(value); !found {
			return nil, false
		}
		if foldEqual(name, "for") {
			if node != nil {
				return nil, false // each parameter comes once at most
			}
			node = value
		}
		if rest = trim(rest); len(rest) > 0 && rest[0] != ';' {
			return nil, false
		}
	}
}

// cutValue takes a token or a quoted string (RFC 9110 5.6.4) off the begin of s. What
// is escaped in a string is left as it is: no address has any.
func cutValue(s []byte) (value, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '"' {
		n := 0
		for n < len(s) && class[s[n]]&classToken != 0 {
			n++
		}
		return s[:n], s[n:], n > 0
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[1:i], s[i+1:], true
		}
	}
	return nil, nil, false
}

// parseNode reads an address, with or without a port: 192.0.2.1, 192.0.2.1:80,
// [2001:db8::1]:80, and 2001:db8::1, which X-Forwarded-For has without brackets. False
// for "unknown", for what is obfuscated (RFC 7239 6.3), and for all else. A port that is
// obfuscated is 0.
func parseNode(node []byte) (netip.AddrPort, bool) {
	if len(node) > len("[0000:0000:0000:0000:0000:0000:255.255.255.255]:")+32 {
		return netip.AddrPort{}, false
	}
	s := string(node)
	if a, err := netip.ParseAddr(s); err == nil {
		return known(a, 0)
	}
	host, port := s, ""
	if s != "" && s[0] == '[' {
		end := bytes.IndexByte(node, ']')
		if end < 0 {
			return netip.AddrPort{}, false
		}
		host, port = s[1:end], s[end+1:]
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() {
			return netip.AddrPort{}, false
		}
	} else if colon := bytes.IndexByte(node, ':'); colon >= 0 {
		host, port = s[:colon], s[colon:]
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, false
	}
	switch {
	case port == "":
		return known(a, 0)
	case port[0] != ':' || len(port) == 1:
		return netip.AddrPort{}, false
	case port[1] == '_' && all(node[len(node)-len(port)+1:], classToken):
		return known(a, 0)
	}
	number, ok := parsePort(port[1:])
	if !ok {
		return netip.AddrPort{}, false
	}
	return known(a, number)
}

// known is an address that can be a client's.
func known(a netip.Addr, port uint16) (netip.AddrPort, bool) {
	a = a.Unmap()
	if a.Zone() != "" || a.IsUnspecified() || a.IsMulticast() {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(a, port), true
}

// parsePort reads 0..65535, without signs and leading zeros.
func parsePort(s string) (uint16, bool) {
	if s == "" || s[0] == '+' || s[0] == '0' && s != "0" {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil // fits: it was parsed as 16 bits
}
