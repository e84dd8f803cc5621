// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"libws/core/zone"
)

// maxTrusted bounds a list of networks, through which each address of a request is looked up.
const maxTrusted = 1024

// Trusted is whose word about the client is taken. The zero value trusts nobody.
type Trusted struct {
	networks []netip.Prefix
	zoned    []netip.Addr // link-local addresses behind one interface
	unix     bool         // peers of Unix sockets, which have no address
}

// ParseTrusted reads a list of networks and addresses with commas, such as
// "10.0.0.0/8, ::1"; "unix" stands for the peers of Unix sockets. A link-local address may
// have a zone, and is then trusted behind that interface only.
func ParseTrusted(list string) (Trusted, error) {
	var t Trusted
	for _, element := range strings.Split(list, ",") {
		element = strings.TrimSpace(element)
		if element == "unix" {
			t.unix = true
			continue
		}
		if len(t.networks)+len(t.zoned) == maxTrusted {
			return Trusted{}, fmt.Errorf("there are more than %d", maxTrusted)
		}
		if a, err := netip.ParseAddr(element); err == nil && a.Zone() != "" {
			number, ok := zone.Number(a.Zone())
			if !ok || !a.IsLinkLocalUnicast() {
				return Trusted{}, fmt.Errorf("%q has a zone, and is no address behind an interface of this machine", element)
			}
			t.zoned = append(t.zoned, zone.With(a.WithZone(""), number))
			continue
		}
		p, err := parseNetwork(element)
		if err != nil {
			return Trusted{}, err
		}
		t.networks = append(t.networks, p)
	}
	return t, nil
}

func parseNetwork(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return netip.Prefix{}, fmt.Errorf("%q is neither an address, nor a network like 10.0.0.0/8, nor \"unix\"", s)
	case p != p.Masked(): // such as an address whose length was meant to be 32
		return netip.Prefix{}, fmt.Errorf("%q has bits behind the length of its network, which is %v", s, p.Masked())
	case p.Addr().Is4In6() && p.Bits() >= 96:
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96), nil
	}
	return p, nil
}

// Has tells whether a is trusted; an address that is not valid is that of a Unix socket.
func (t *Trusted) Has(a netip.Addr) bool {
	if !a.IsValid() {
		return t.unix
	}
	if a.Zone() != "" {
		if slices.Contains(t.zoned, a) {
			return true
		}
		a = a.WithZone("") // a network has none
	}
	a = a.Unmap()
	for _, p := range t.networks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
