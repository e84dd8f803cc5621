// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math"
	"net/netip"
	"sync"
	"time"

	"libws/core/config"
	"libws/core/ebb"
	"libws/core/handshake"
)

// limit is one that a server refuses connections for.
type limit uint8

const (
	limitDescriptors limit = iota // the system gives no more
	limitCeiling                  // connections of the process
	limitConnections
	limitClients
	limitPerClient
	limitRate
	limitProxy // a trusted proxy that does not say who the client is
	limitCount
)

// refusal is why a client is not let in, and what it is answered.
type refusal struct {
	handshake.Rejection
	limit limit
	retry int // seconds until it may try again
}

// retryAfter is said where nobody knows when there will be room.
const retryAfter = 5

// The answers that never differ.
var (
	descriptorsRefusal = &refusal{handshake.Rejection{Status: 503, Text: "the server has no descriptor left"}, limitDescriptors, retryAfter}
	ceilingRefusal     = &refusal{handshake.Rejection{Status: 503, Text: "the server has as many connections as its process may have"}, limitCeiling, retryAfter}
	connectionsRefusal = &refusal{handshake.Rejection{Status: 503, Text: "the server has as many connections as it may have"}, limitConnections, retryAfter}
	clientsRefusal     = &refusal{handshake.Rejection{Status: 503, Text: "the server has as many clients as it may have"}, limitClients, retryAfter}
	perClientRefusal   = &refusal{handshake.Rejection{Status: 429, Text: "this address has as many connections as it may have"}, limitPerClient, retryAfter}
)

// admission is who is connected to a server, and who was lately. Its methods are for
// any thread.
type admission struct {
	mu      sync.Mutex
	limits  config.ListenLimits       // guarded by mu, as all that follows
	front   *config.Front             // whose connections are not counted by their addresses
	count   int                       // connections that were let in
	present int                       // addresses that have some
	guests  ebb.Map[address6, *guest] // those, and those whose requests are still counted
	// Guests without a connection, the one that has left first at the front. An
	// attacker with many addresses makes many of them: they are bounded.
	away   guestList
	untold [limitCount]uint64 // refusals since the last that was told
	told   [limitCount]time.Time
}

// maxAway bounds the addresses that are remembered without a connection: about 2 MiB.
const maxAway = 16384

// address6 is whom limits for one address count together: an IPv4 address, or the 64 bits
// of an IPv6 one that a subscriber has at least for himself.
type address6 [16]byte

func addressOf(e endpoint) address6 {
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

// open begins anew; nobody is connected.
func (a *admission) open(l config.ListenLimits, f *config.Front) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.front = f
	a.limits, a.count, a.present, a.away = l, 0, 0, guestList{}
	a.guests = ebb.Map[address6, *guest]{}
}

// counts tells whether the limits of one address hold for this one. Those of trusted
// proxies are not limited: many clients may stand behind them. a.mu is held.
func (a *admission) counts(from endpoint) bool {
	l := &a.limits
	return (l.Clients > 0 || l.PerClient > 0 || l.PerMinute > 0) && !a.front.Believes(from.addrPort().Addr())
}

// enter lets a connection in, which has to leave; or tells why not.
func (a *admission) enter(from endpoint, now time.Time) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := &a.limits
	if l.Connections > 0 && a.count >= l.Connections {
		return connectionsRefusal
	}
	if a.counts(from) {
		if r := a.join(addressOf(from), now); r != nil {
			return r
		}
	}
	a.count++
	return nil
}

// join counts a connection of an address, unless that is one too many. a.mu is held.
func (a *admission) join(address address6, now time.Time) *refusal {
	l, g := &a.limits, a.guests.Of(address)
	switch {
	case g != nil && l.PerClient > 0 && g.connections >= l.PerClient:
		return perClientRefusal
	case (g == nil || g.connections == 0) && l.Clients > 0 && a.present >= l.Clients:
		return clientsRefusal
	case g == nil:
		g = &guest{address: address, tokens: float64(l.PerMinute), counted: now}
		a.guests.Put(address, g)
	case g.connections == 0:
		a.away.remove(g)
	}
	if g.connections == 0 {
		a.present++
	}
	g.connections++
	return nil
}

// moves counts a connection that entered for another address, because a proxy has named
// its client; or tells why not, and then nobody is counted for it but as from a proxy.
func (a *admission) moves(from, to endpoint, now time.Time) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	was, is := a.counts(from), a.counts(to)
	if was && is && addressOf(from) == addressOf(to) {
		return nil
	}
	if was {
		a.part(addressOf(from), now)
	}
	if is {
		return a.join(addressOf(to), now)
	}
	return nil
}

// leave is the end of a connection that entered.
func (a *admission) leave(from endpoint, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count--
	if a.counts(from) {
		a.part(addressOf(from), now)
	}
}

// part takes back one join. a.mu is held.
func (a *admission) part(address address6, now time.Time) {
	g := a.guests.Of(address)
	if g.connections--; g.connections > 0 {
		return
	}
	a.present--
	a.away.append(g)
	for g := a.away.first; g != nil && (a.limits.PerMinute == 0 || a.away.count > maxAway || now.Sub(g.counted) >= time.Minute); g = a.away.first {
		a.away.remove(g)
		a.guests.Drop(g.address)
	}
}

// request counts an upgrade request of a connection that entered.
func (a *admission) request(from endpoint, now time.Time) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.limits.PerMinute == 0 || !a.counts(from) {
		return nil
	}
	g, most := a.guests.Of(addressOf(from)), float64(a.limits.PerMinute)
	each := time.Minute.Seconds() / most // for one more
	if passed := now.Sub(g.counted).Seconds(); passed > 0 {
		g.tokens, g.counted = min(most, g.tokens+passed/each), now
	}
	if g.tokens >= 1 {
		g.tokens--
		return nil
	}
	return &refusal{handshake.Rejection{Status: 429, Text: "this address asks too often"}, limitRate, int(math.Ceil((1 - g.tokens) * each))}
}

// refused counts a refusal. tell is how many there were since the host was told of the
// last one, or 0: it is told once a second for each limit.
func (a *admission) refused(why limit, now time.Time) (tell uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.untold[why]++
	if !a.told[why].IsZero() && now.Sub(a.told[why]) < time.Second {
		return 0
	}
	tell = a.untold[why]
	a.untold[why], a.told[why] = 0, now
	return tell
}

// reached says which limit it is.
func (a *admission) reached(why limit) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := &a.limits
	switch why {
	case limitConnections:
		return fmt.Sprintf("config.max_connections: there are %d", l.Connections)
	case limitClients:
		return fmt.Sprintf("config.max_concurrent_clients_number: %d addresses are connected", l.Clients)
	case limitPerClient:
		return fmt.Sprintf("config.max_connections_for_one_client: the address has %d", l.PerClient)
	case limitRate:
		return fmt.Sprintf("config.max_upgrades_per_minute: the address has asked for %d", l.PerMinute)
	}
	return "the connections of the process are as many as its descriptors allow"
}
