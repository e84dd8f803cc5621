// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"net/netip"
	"time"

	"golang.org/x/sys/windows"
)

// Descriptor is a stream socket that no Socket owns yet: from Listen, Detach or
// Accept. It has one owner at a time, who registers or closes it. Here it stays
// an object of package net, which knows how to wait for it.
type Descriptor struct {
	conn     Stream
	listener listening // one of both
}

// handle is what the system calls of a registered socket take.
type handle = windows.Handle

// Close closes it, unless it was registered.
func (d Descriptor) Close() {
	if d.listener != nil {
		d.listener.Close()
	} else if d.conn != nil {
		d.conn.Close()
	}
}

// LocalAddress is the address it is bound to.
func (d Descriptor) LocalAddress() netip.AddrPort {
	if d.listener != nil {
		return addrPort(d.listener.Addr())
	}
	return addrPort(d.conn.LocalAddr())
}

// PeerAddress is the address at the other end of a connection.
func (d Descriptor) PeerAddress() netip.AddrPort { return addrPort(d.conn.RemoteAddr()) }

func addrPort(name net.Addr) netip.AddrPort {
	tcp, ok := name.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	a := tcp.AddrPort()
	ip := a.Addr().Unmap()
	if !ip.IsLinkLocalUnicast() {
		ip = ip.WithZone("") // others are the same behind each interface
	}
	return netip.AddrPortFrom(ip, a.Port())
}

// Attach is the connection of package net inside.
func (d Descriptor) Attach() (Stream, error) { return d.conn, nil }

// Answer sends p as the only thing, and drops what the peer has sent so far, so
// that closing makes no reset that destroys p.
func (d Descriptor) Answer(p []byte) {
	d.conn.SetDeadline(time.Now().Add(10 * time.Millisecond))
	d.conn.Write(p)
	d.conn.CloseWrite()
	var drop [4096]byte
	d.conn.Read(drop[:])
}

// Detach takes a connection of package net over. The caller owns it.
func Detach(c Stream) (Descriptor, error) { return Descriptor{conn: c}, nil }
