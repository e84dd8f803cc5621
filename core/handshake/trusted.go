// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"fmt"
	"net/netip"
	"strings"
)

// maxTrusted bounds a list of networks, through which each address of a request is looked up.
const maxTrusted = 1024

// Trusted is whose word about the client is taken. The zero value trusts nobody.
type Trusted struct {
	networks []netip.Prefix
	unix     bool // peers of Unix sockets, which have no address
}

// ParseTrusted reads a list of networks and addresses with commas, such as
// "10.0.0.0/8, ::1"; "unix" stands for the peers of Unix sockets.
func ParseTrusted(list string) (Trusted, error) {
	var t Trusted
	for _, element := range strings.Split(list, ",") {
		element = strings.TrimSpace(element)
		if element == "unix" {
			t.unix = true
			continue
		}
		p, err := parseNetwork(element)
		if err != nil {
			return Trusted{}, err
		}
		if len(t.networks) == maxTrusted {
			return Trusted{}, fmt.Errorf("there are more than %d", maxTrusted)
		}
		t.networks = append(t.networks, p)
	}
	return t, nil
}

func parseNetwork(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
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
	a = a.Unmap()
	for _, p := range t.networks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
