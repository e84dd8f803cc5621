// SPDX-License-Identifier: Apache-2.0

package core

import "net/netip"

// endpoint is a peer's address, smaller than netip.AddrPort. One of IPv4 is kept
// as a mapped one, which the loops never tell.
type endpoint struct {
	ip   [16]byte
	port uint16
}

func endpointOf(a netip.AddrPort) endpoint { return endpoint{a.Addr().As16(), a.Port()} }

// addrPort is not valid for a Unix socket. The port is 0 when a proxy did not tell it.
func (e endpoint) addrPort() netip.AddrPort {
	if e.ip == ([16]byte{}) {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(netip.AddrFrom16(e.ip).Unmap(), e.port)
}

// addr is the text for people.
func (e endpoint) addr() string {
	switch a := e.addrPort(); {
	case !a.IsValid():
		return "a Unix socket"
	case e.port == 0:
		return a.Addr().String()
	default:
		return a.String()
	}
}
