// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"net/netip"
	"testing"
	"time"

	"libws/core/config"
	"libws/core/handshake"
)

func from(address string) Endpoint {
	return EndpointOf(netip.AddrPortFrom(netip.MustParseAddr(address), 1))
}

// visitors is an admission with a clock of its own.
type visitors struct {
	Admission
	t   *testing.T
	now time.Time
}

func admitting(t *testing.T, l config.ListenLimits) *visitors {
	v := &visitors{t: t, now: time.Unix(1_000_000, 0)}
	v.Open(l, nil)
	return v
}

// comes lets a connection try to enter; want is the limit that keeps it out, or 0.
func (v *visitors) comes(address string, want Limit) {
	v.t.Helper()
	v.check(address, v.Enter(from(address), v.now), want)
}

func (v *visitors) asks(address string, want Limit) *Refusal {
	v.t.Helper()
	r := v.Request(from(address), v.now)
	v.check(address, r, want)
	return r
}

func (v *visitors) check(address string, r *Refusal, want Limit) {
	v.t.Helper()
	got := Limit(0)
	if r != nil {
		got = r.Limit
	}
	if got != want {
		v.t.Fatalf("%s meets limit %d (%v), want %d", address, got, r, want)
	}
}

func (v *visitors) goes(address string) { v.Leave(from(address), v.now) }

func TestConnectionsAreBoundedAsAWhole(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{Connections: 2})
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.2", LimitConnections)
	v.goes("10.0.0.1")
	v.comes("10.0.0.2", 0)
	v.comes("10.0.0.1", LimitConnections)
	if v.guests.Len() != 0 {
		t.Error("addresses are kept for no limit of theirs")
	}
}

func TestAddressesAndTheirConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{Clients: 2, PerClient: 3})
	for range 3 {
		v.comes("10.0.0.1", 0)
	}
	v.comes("10.0.0.1", LimitPerClient)
	v.comes("2001:db8:1:2::1", 0)
	v.comes("10.0.0.3", LimitClients)
	v.comes("2001:db8:1:2::1", 0)
	v.goes("2001:db8:1:2::1")
	v.comes("10.0.0.3", LimitClients) // there is still one of it
	v.goes("2001:db8:1:2::1")
	v.comes("10.0.0.3", 0)
	v.goes("10.0.0.1")
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", LimitPerClient)
	if v.guests.Len() != 2 {
		t.Errorf("%d addresses are kept for 2 that are connected", v.guests.Len())
	}
}

func TestAnIPv6SubscriberIsOneAddress(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerClient: 2})
	v.comes("2001:db8:1:2::1", 0)
	v.comes("2001:db8:1:2:ffff::2", 0)
	v.comes("2001:db8:1:2:3:4:5:6", LimitPerClient)
	v.comes("2001:db8:1:3::1", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.2", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", LimitPerClient)
}

func TestRequestsOfAnAddressAreBoundedPerMinute(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerMinute: 6})
	v.comes("10.0.0.1", 0)
	for range 6 {
		v.asks("10.0.0.1", 0)
	}
	if r := v.asks("10.0.0.1", LimitRate); r.Status != 429 || r.Retry != 10 {
		t.Errorf("the answer is %d, and to come again after %d s, want 429 and 10", r.Status, r.Retry)
	}
	v.goes("10.0.0.1") // who comes again is remembered
	v.comes("10.0.0.1", 0)
	v.asks("10.0.0.1", LimitRate)
	v.comes("10.0.0.2", 0)
	v.asks("10.0.0.2", 0)
	v.now = v.now.Add(4 * time.Second)
	if r := v.asks("10.0.0.1", LimitRate); r.Retry != 6 {
		t.Errorf("to come again after %d s, want 6", r.Retry)
	}
	v.now = v.now.Add(6 * time.Second)
	v.asks("10.0.0.1", 0)
	v.asks("10.0.0.1", LimitRate)
	v.now = v.now.Add(time.Hour) // no more than one measure gathers
	for range 6 {
		v.asks("10.0.0.1", 0)
	}
	v.asks("10.0.0.1", LimitRate)
}

func TestAddressesThatHaveLeftAreForgotten(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerMinute: 5, Clients: 10})
	pass := func(n int) {
		a := EndpointOf(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 1))
		if r := v.Enter(a, v.now); r != nil {
			t.Fatal(r)
		}
		if r := v.Request(a, v.now); r != nil {
			t.Fatal(r)
		}
		v.Leave(a, v.now)
	}
	for n := range maxAway + 1000 {
		pass(n)
	}
	if v.guests.Len() != maxAway || v.away.count != maxAway || v.present != 0 || v.count != 0 {
		t.Errorf("%d addresses are kept, %d of them away, want %d; %d are present with %d connections", v.guests.Len(), v.away.count, maxAway, v.present, v.count)
	}
	if v.guests.Of(addressOf(from("10.0.0.1"))) != nil {
		t.Error("the one that left first is kept longest")
	}
	v.now = v.now.Add(time.Minute)
	pass(0)
	if v.guests.Len() != 1 || v.away.count != 1 {
		t.Errorf("%d addresses are kept after a minute", v.guests.Len())
	}
}

func TestALimitIsToldOnceASecond(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{})
	tell := func(l Limit, want uint64) {
		t.Helper()
		if n := v.Refused(l, v.now); n != want {
			t.Errorf("%d refusals are told of limit %d, want %d", n, l, want)
		}
	}
	tell(LimitClients, 1)
	tell(LimitClients, 0)
	tell(LimitRate, 1)
	v.now = v.now.Add(999 * time.Millisecond)
	tell(LimitClients, 0)
	v.now = v.now.Add(time.Millisecond)
	tell(LimitClients, 3)
	tell(LimitClients, 0)
}

// Who is behind a proxy is counted by his own address, the proxy by none.
func TestClientsBehindAProxyAreCountedEach(t *testing.T) {
	t.Parallel()
	trusted, err := handshake.ParseTrusted("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	v := admitting(t, config.ListenLimits{Clients: 2, PerClient: 1, PerMinute: 1})
	v.Open(v.limits, &config.Front{Source: config.AddressXForwardedFor, Trusted: trusted})
	moves := func(from_, to string, want Limit) {
		t.Helper()
		v.check(to, v.Moves(from(from_), from(to), v.now), want)
	}
	for range 4 {
		v.comes("10.0.0.1", 0)
		v.asks("10.0.0.1", 0) // as often as it likes
	}
	moves("10.0.0.1", "192.0.2.1", 0)
	moves("192.0.2.1", "192.0.2.1", 0)
	moves("10.0.0.1", "192.0.2.1", LimitPerClient)
	moves("10.0.0.1", "192.0.2.2", 0)
	moves("10.0.0.1", "192.0.2.3", LimitClients)
	moves("192.0.2.2", "192.0.2.3", 0) // in the place of the one before
	moves("192.0.2.3", "192.0.2.1", LimitPerClient)
	moves("10.0.0.1", "10.0.0.2", 0)
	if v.count != 4 || v.present != 1 {
		t.Errorf("%d connections of %d addresses", v.count, v.present)
	}
	v.asks("192.0.2.1", 0)
	v.asks("192.0.2.1", LimitRate)
	moves("192.0.2.1", "10.0.0.1", 0)
	for range 4 {
		v.goes("10.0.0.1")
	}
	if v.count != 0 || v.present != 0 {
		t.Errorf("%d connections of %d addresses are left", v.count, v.present)
	}
}
