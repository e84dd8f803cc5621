// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"net/netip"

	"libws/core/zone"
)

// endpoint is a peer's address, smaller than netip.AddrPort. One of IPv4 is kept
// as a mapped one, which the loops never tell. Bytes 4 to 8 of a link-local one, which
// are zero by RFC 4291 2.5.6, are the number of its zone, as in kernels of BSD.
type endpoint struct {
	ip   [16]byte
	port uint16
}

func endpointOf(a netip.AddrPort) endpoint {
	e := endpoint{a.Addr().As16(), a.Port()}
	if e.linkLocal() {
		number, _ := zone.Number(a.Addr().Zone())
		binary.BigEndian.PutUint32(e.ip[4:8], number)
	}
	return e
}

func (e *endpoint) linkLocal() bool { return e.ip[0] == 0xfe && e.ip[1]&0xc0 == 0x80 }

// addrPort is not valid for a Unix socket. The port is 0 when a proxy did not tell it.
func (e endpoint) addrPort() netip.AddrPort {
	if e.ip == ([16]byte{}) {
		return netip.AddrPort{}
	}
	number := uint32(0)
	if e.linkLocal() {
		number = binary.BigEndian.Uint32(e.ip[4:8])
		clear(e.ip[4:8])
	}
	return netip.AddrPortFrom(zone.With(netip.AddrFrom16(e.ip).Unmap(), number), e.port)
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
