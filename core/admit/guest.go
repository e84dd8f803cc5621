// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"net/netip"
	"time"
)

// maxAway bounds the addresses that are remembered without a connection: about 2 MiB.
const maxAway = 16384

// address6 is whom limits for one address count together: an IPv4 address, or the 64 bits
// of an IPv6 one that a subscriber has at least for himself.
type address6 [16]byte

func addressOf(e Endpoint) address6 {
	a := address6(e.ip)
	if !netip.AddrFrom16(e.ip).Is4In6() {
		clear(a[8:])
	}
	return a
}

// guest is one address.
type guest struct {
	address     address6
	connections int
	tokens      float64   // upgrade requests it may make, as of counted
	counted     time.Time // a full measure is there a minute after this
	prev, next  *guest    // while it is away
}

type guestList struct {
	first, last *guest
	count       int
}

func (l *guestList) append(g *guest) {
	g.prev, g.next = l.last, nil
	if l.last != nil {
		l.last.next = g
	} else {
		l.first = g
	}
	l.last = g
	l.count++
}

func (l *guestList) remove(g *guest) {
	if g.prev != nil {
		g.prev.next = g.next
	} else {
		l.first = g.next
	}
	if g.next != nil {
		g.next.prev = g.prev
	} else {
		l.last = g.prev
	}
	g.prev, g.next = nil, nil
	l.count--
}
