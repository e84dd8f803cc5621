// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"encoding/binary"
	"net/netip"

	"libws/core/zone"
)

// Endpoint is a peer's address, smaller than netip.AddrPort. One of IPv4 is kept
// as a mapped one, which the loops never tell. Bytes 4 to 8 of a link-local one, which
// are zero by RFC 4291 2.5.6, are the number of its zone, as in kernels of BSD.
type Endpoint struct {
	ip   [16]byte
	port uint16
}

func EndpointOf(a netip.AddrPort) Endpoint {
	e := Endpoint{a.Addr().As16(), a.Port()}
	if e.linkLocal() {
		number, _ := zone.Number(a.Addr().Zone())
		binary.BigEndian.PutUint32(e.ip[4:8], number)
	}
	return e
}

func (e *Endpoint) linkLocal() bool { return e.ip[0] == 0xfe && e.ip[1]&0xc0 == 0x80 }

// AddrPort is not valid for a Unix socket. The port is 0 when a proxy did not tell it.
func (e Endpoint) AddrPort() netip.AddrPort {
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

// String is the text for people.
func (e Endpoint) String() string {
	switch a := e.AddrPort(); {
	case !a.IsValid():
		return "a Unix socket"
	case e.port == 0:
		return a.Addr().String()
	default:
		return a.String()
	}
}
