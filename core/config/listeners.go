// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"net/netip"
	"time"

	"libws/core/fault"
	"libws/core/zone"
)

// MaxListeners bounds the places besides the first where a server listens.
const MaxListeners = 64

// defaultMode is that of the file of a Unix socket: for this user only.
const defaultMode = 0o600

// maxKeepAlive is what every system takes.
const maxKeepAlive = 9 * time.Hour

// maxPath is what the address of a Unix socket has room for, everywhere.
const maxPath = 103

// ListenerOptions is one more place where a server listens. The zero value of a field is
// its default.
type ListenerOptions struct {
	IP         string // as in ListenOptions, unless Path or Given says where
	Port       int
	Path       string // of a Unix socket; "@name": an abstract one of Linux
	Mode       int    // of its file; 0: 0600
	Given      bool   // Descriptor is a socket that listens already; it stays its owner's
	Descriptor int
	Backlog    int
	ReusePort  bool // others may listen there; with several loops a socket for each
	OnlyV6     bool // "::" takes no clients of IPv4
	Plain      bool // no TLS, although the server has certificates
	FirstLoop  int  // its connections go to these loops in turn
	Loops      int  // 0: all from FirstLoop on
}

// Place is a checked one.
type Place struct {
	ListenerOptions
	Name    string // of the host's struct
	Index   int    // among the host's listeners; -1: the one of ListenOptions itself
	Address netip.AddrPort

	KeepAlive time.Duration // silence of a peer before TCP probes it; 0: for ever
}

// check replaces zero values and tells what is wrong.
func (p *Place) check(loops int) *fault.Error {
	wrong := func(member, format string, args ...any) *fault.Error {
		return fault.Refused(fault.IDParameter, "%s%s: %s", p.Name, member, fmt.Sprintf(format, args...))
	}
	if p.FirstLoop < 0 || p.FirstLoop >= loops {
		return wrong("first_loop", "%d is not in 0..%d", p.FirstLoop, loops-1)
	}
	rest := loops - p.FirstLoop
	if p.Loops < 0 || p.Loops > rest {
		return wrong("loops", "%d is not in 0..%d, the loops from first_loop on", p.Loops, rest)
	}
	if p.Loops == 0 {
		p.Loops = rest
	}
	switch {
	case p.Given && p.Path != "":
		return wrong("path", "is given, and a descriptor as well")
	case p.Given && p.Backlog != 0:
		return wrong("backlog", "is that of the descriptor, which listens already")
	case (p.Given || p.Path != "") && (p.IP != "" || p.Port != 0):
		return wrong("ip", "an address is given, and a path or a descriptor as well")
	case (p.Given || p.Path != "") && p.ReusePort:
		return wrong("flags", "WS_LISTEN_REUSE_PORT is for an address and a port")
	case (p.Given || p.Path != "") && p.OnlyV6:
		return wrong("flags", "WS_LISTEN_IPV6_ONLY is for an address of IPv6")
	case p.Path == "" && p.Mode != 0:
		return wrong("mode", "is for the file of a path")
	case p.Mode < 0 || p.Mode > 0o777:
		return wrong("mode", "%#o is not in 0..0777", p.Mode)
	case len(p.Path) > maxPath:
		return wrong("path", "has %d bytes, more than %d", len(p.Path), maxPath)
	case p.Given && p.Descriptor < 0:
		return wrong("descriptor", "%d is none", p.Descriptor)
	case !p.Given && p.Descriptor != 0:
		return wrong("descriptor", "%d is given without the flag WS_LISTEN_DESCRIPTOR", p.Descriptor)
	}
	if p.Mode == 0 {
		p.Mode = defaultMode
	}
	if p.Backlog == 0 {
		p.Backlog = DefaultBacklog
	}
	if p.Backlog < 1 || p.Backlog > 65535 {
		if p.Index < 0 {
			return fault.Refused(fault.IDParameter, "config.backlog: %d is not in 1..65535 or 0", p.Backlog)
		}
		return wrong("backlog", "%d is not in 1..65535 or 0", p.Backlog)
	}
	if p.Given || p.Path != "" {
		return nil
	}
	if p.IP == "" {
		p.IP = "0.0.0.0"
	}
	ip, err := netip.ParseAddr(p.IP)
	if err != nil {
		return fault.Refused(fault.IDListenIP, "%sip: %q is not a literal IPv4 or IPv6 address", p.Name, p.IP)
	}
	if _, ok := zone.Number(ip.Zone()); !ok && ip.Zone() != "" {
		return fault.Refused(fault.IDListenIP, "%sip: %q: there is no interface %q", p.Name, p.IP, ip.Zone())
	}
	if p.OnlyV6 && !ip.Is6() {
		return fault.Refused(fault.IDParameter, "%sip: %q is not of IPv6, and the flag WS_LISTEN_IPV6_ONLY or WS_IPV6_ONLY is given", p.Name, p.IP)
	}
	if p.Port < 0 || p.Port > 65535 {
		return fault.Refused(fault.IDListenPort, "%sport: %d is not in 0..65535", p.Name, p.Port)
	}
	p.Address = netip.AddrPortFrom(ip, uint16(p.Port)) // fits: checked above
	return nil
}
