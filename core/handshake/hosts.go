// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"errors"
	"net/netip"
	"strings"
)

// Hosts is for whom a server answers (Host, RFC 9110 7.2). A page whose name leads to an address of
// this host or of a local network (DNS rebinding) has its own name there, and is refused by
// that. Nil: for any.
type Hosts struct {
	Loopback bool // also for the names and addresses of this host itself
	names    []namePattern
}

// Add lets a name in: "example.com", "*.example.com", or an address; "::1" or "[::1]". The error
// says why no client ever sends a Host like that.
func (h *Hosts) Add(name string) error {
	name = strings.ToLower(name)
	if a, err := netip.ParseAddr(name); err == nil && a.Is6() {
		name = "[" + name + "]"
	}
	if _, port := cutPort(name); port != "" {
		return errors.New("it is meant with any port, so it has none")
	}
	p, err := parseName(name)
	if err == nil {
		h.names = append(h.names, p)
	}
	return err
}

// answers judges the host that a client means.
func (h *Hosts) answers(host []byte) *Rejection {
	if h == nil || len(host) == 0 { // only HTTP/1.0 has none, which no browser speaks
		return nil
	}
	name, _ := cutPort(strings.ToLower(string(host)))
	for i := range h.names {
		if h.names[i].matches(name) {
			return nil
		}
	}
	if h.Loopback && isLoopback(plainName(name)) {
		return nil
	}
	return &Rejection{Status: 421, Text: "this server does not answer for that host", Detail: quoted(host) + " is not in config.hosts, and no name of this host itself"}
}

// isLoopback tells whether a name is one of this host (RFC 6761 6.3), or an address of it.
func isLoopback(name string) bool {
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && a.Unmap().IsLoopback()
}
