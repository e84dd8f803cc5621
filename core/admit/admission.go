// SPDX-License-Identifier: Apache-2.0

// Package admit decides who may connect to a server: as many connections, clients and requests as its
// limits allow, counted by the address of the peer, or of the client behind a trusted proxy.
package admit

import (
	"fmt"
	"math"
	"time"

	"libws/core/config"
	"libws/core/ebb"
	"libws/core/handshake"
	"libws/core/lock"
)

// Limit is one that a server refuses connections for.
type Limit uint8

const (
	LimitDescriptors Limit = iota // the system gives no more
	LimitCeiling                  // connections of the process
	LimitConnections
	LimitClients
	LimitPerClient
	LimitRate
	LimitProxy // a trusted proxy that does not say who the client is
	LimitCount
)

// Refusal is why a client is not let in, and what it is answered.
type Refusal struct {
	handshake.Rejection
	Limit Limit
	Retry int // seconds until it may try again
}

// retryAfter is said where nobody knows when there will be room.
const retryAfter = 5

// The answers that never differ.
var (
	DescriptorsRefusal = &Refusal{handshake.Rejection{Status: 503, Text: "the server has no descriptor left"}, LimitDescriptors, retryAfter}
	CeilingRefusal     = &Refusal{handshake.Rejection{Status: 503, Text: "the server has as many connections as its process may have"}, LimitCeiling, retryAfter}
	connectionsRefusal = &Refusal{handshake.Rejection{Status: 503, Text: "the server has as many connections as it may have"}, LimitConnections, retryAfter}
	clientsRefusal     = &Refusal{handshake.Rejection{Status: 503, Text: "the server has as many clients as it may have"}, LimitClients, retryAfter}
	perClientRefusal   = &Refusal{handshake.Rejection{Status: 429, Text: "this address has as many connections as it may have"}, LimitPerClient, retryAfter}
)

// Admission is who is connected to a server, and who was lately. Its methods are for
// any thread.
type Admission struct {
	mu      lock.Mutex[lock.Admission]
	limits  config.ListenLimits       // guarded by mu, as all that follows
	front   *config.Front             // whose connections are not counted by their addresses
	count   int                       // connections that were let in
	present int                       // addresses that have some
	guests  ebb.Map[address6, *guest] // those, and those whose requests are still counted
	// Guests without a connection, the one that has left first at the front. An
	// attacker with many addresses makes many of them: they are bounded.
	away     guestList
	unlogged [LimitCount]uint64 // refusals since the last that was reported
	logged   [LimitCount]time.Time
}

// Open begins anew; nobody is connected.
func (a *Admission) Open(l config.ListenLimits, f *config.Front) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.front = f
	a.limits, a.count, a.present, a.away = l, 0, 0, guestList{}
	a.guests = ebb.Map[address6, *guest]{}
}

// counts tells whether the limits of one address hold for this one. Those of trusted
// proxies are not limited: many clients may stand behind them. a.mu is held.
func (a *Admission) counts(from Endpoint) bool {
	l := &a.limits
	return (l.Clients > 0 || l.PerClient > 0 || l.PerMinute > 0) && !a.front.Believes(from.AddrPort().Addr())
}

// Enter lets a connection in, which has to leave; or tells why not.
func (a *Admission) Enter(from Endpoint, now time.Time) *Refusal {
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
func (a *Admission) join(address address6, now time.Time) *Refusal {
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

// Moves counts a connection that entered for another address, because a proxy has named
// its client; or tells why not, and then nobody is counted for it but as from a proxy.
func (a *Admission) Moves(from, to Endpoint, now time.Time) *Refusal {
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

// Leave is the end of a connection that entered.
func (a *Admission) Leave(from Endpoint, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count--
	if a.counts(from) {
		a.part(addressOf(from), now)
	}
}

// part takes back one join. a.mu is held.
func (a *Admission) part(address address6, now time.Time) {
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

// Request counts an upgrade request of a connection that entered.
func (a *Admission) Request(from Endpoint, now time.Time) *Refusal {
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
	return &Refusal{handshake.Rejection{Status: 429, Text: "this address asks too often"}, LimitRate, int(math.Ceil((1 - g.tokens) * each))}
}

// Refused counts a refusal. tell is how many there were since the last one that was
// reported, or 0: that is done once a second for each limit.
func (a *Admission) Refused(why Limit, now time.Time) (tell uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unlogged[why]++
	if !a.logged[why].IsZero() && now.Sub(a.logged[why]) < time.Second {
		return 0
	}
	tell = a.unlogged[why]
	a.unlogged[why], a.logged[why] = 0, now
	return tell
}

// Reached says which limit it is.
func (a *Admission) Reached(why Limit) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := &a.limits
	switch why {
	case LimitConnections:
		return fmt.Sprintf("config.max_connections: there are %d", l.Connections)
	case LimitClients:
		return fmt.Sprintf("config.max_concurrent_clients_number: %d addresses are connected", l.Clients)
	case LimitPerClient:
		return fmt.Sprintf("config.max_connections_for_one_client: the address has %d", l.PerClient)
	case LimitRate:
		return fmt.Sprintf("config.max_upgrades_per_minute: the address has asked for %d", l.PerMinute)
	}
	return "the connections of the process are as many as its descriptors allow"
}

// Inside is how many connections were let in and have not left, and of how many addresses.
func (a *Admission) Inside() (connections, addresses int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.count, a.present
}
