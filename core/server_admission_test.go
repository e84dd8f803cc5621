// SPDX-License-Identifier: Apache-2.0

package core

import (
	"net/netip"
	"testing"
	"time"

	"libws/core/config"
)

func from(address string) endpoint {
	return endpointOf(netip.AddrPortFrom(netip.MustParseAddr(address), 1))
}

// visitors is an admission with a clock of its own.
type visitors struct {
	admission
	t   *testing.T
	now time.Time
}

func admitting(t *testing.T, l config.ListenLimits) *visitors {
	v := &visitors{t: t, now: time.Unix(1_000_000, 0)}
	v.open(l, nil)
	return v
}

// comes lets a connection try to enter; want is the limit that keeps it out, or 0.
func (v *visitors) comes(address string, want limit) {
	v.t.Helper()
	v.check(address, v.enter(from(address), v.now), want)
}

func (v *visitors) asks(address string, want limit) *refusal {
	v.t.Helper()
	r := v.request(from(address), v.now)
	v.check(address, r, want)
	return r
}

func (v *visitors) check(address string, r *refusal, want limit) {
	v.t.Helper()
	got := limit(0)
	if r != nil {
		got = r.limit
	}
	if got != want {
		v.t.Fatalf("%s meets limit %d (%v), want %d", address, got, r, want)
	}
}

func (v *visitors) goes(address string) { v.leave(from(address), v.now) }

func TestConnectionsAreBoundedAsAWhole(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{Connections: 2})
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.2", limitConnections)
	v.goes("10.0.0.1")
	v.comes("10.0.0.2", 0)
	v.comes("10.0.0.1", limitConnections)
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
	v.comes("10.0.0.1", limitPerClient)
	v.comes("2001:db8:1:2::1", 0)
	v.comes("10.0.0.3", limitClients)
	v.comes("2001:db8:1:2::1", 0)
	v.goes("2001:db8:1:2::1")
	v.comes("10.0.0.3", limitClients) // there is still one of it
	v.goes("2001:db8:1:2::1")
	v.comes("10.0.0.3", 0)
	v.goes("10.0.0.1")
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", limitPerClient)
	if v.guests.Len() != 2 {
		t.Errorf("%d addresses are kept for 2 that are connected", v.guests.Len())
	}
}

func TestAnIPv6SubscriberIsOneAddress(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerClient: 2})
	v.comes("2001:db8:1:2::1", 0)
	v.comes("2001:db8:1:2:ffff::2", 0)
	v.comes("2001:db8:1:2:3:4:5:6", limitPerClient)
	v.comes("2001:db8:1:3::1", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.2", 0)
	v.comes("10.0.0.1", 0)
	v.comes("10.0.0.1", limitPerClient)
}

func TestRequestsOfAnAddressAreBoundedPerMinute(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerMinute: 6})
	v.comes("10.0.0.1", 0)
	for range 6 {
		v.asks("10.0.0.1", 0)
	}
	if r := v.asks("10.0.0.1", limitRate); r.Status != 429 || r.retry != 10 {
		t.Errorf("the answer is %d, and to come again after %d s, want 429 and 10", r.Status, r.retry)
	}
	v.goes("10.0.0.1") // who comes again is remembered
	v.comes("10.0.0.1", 0)
	v.asks("10.0.0.1", limitRate)
	v.comes("10.0.0.2", 0)
	v.asks("10.0.0.2", 0)
	v.now = v.now.Add(4 * time.Second)
	if r := v.asks("10.0.0.1", limitRate); r.retry != 6 {
		t.Errorf("to come again after %d s, want 6", r.retry)
	}
	v.now = v.now.Add(6 * time.Second)
	v.asks("10.0.0.1", 0)
	v.asks("10.0.0.1", limitRate)
	v.now = v.now.Add(time.Hour) // no more than one measure gathers
	for range 6 {
		v.asks("10.0.0.1", 0)
	}
	v.asks("10.0.0.1", limitRate)
}

func TestAddressesThatHaveLeftAreForgotten(t *testing.T) {
	t.Parallel()
	v := admitting(t, config.ListenLimits{PerMinute: 5, Clients: 10})
	pass := func(n int) {
		a := endpointOf(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 1))
		if r := v.enter(a, v.now); r != nil {
			t.Fatal(r)
		}
		if r := v.request(a, v.now); r != nil {
			t.Fatal(r)
		}
		v.leave(a, v.now)
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
	tell := func(l limit, want uint64) {
		t.Helper()
		if n := v.refused(l, v.now); n != want {
			t.Errorf("%d refusals are told of limit %d, want %d", n, l, want)
		}
	}
	tell(limitClients, 1)
	tell(limitClients, 0)
	tell(limitRate, 1)
	v.now = v.now.Add(999 * time.Millisecond)
	tell(limitClients, 0)
	v.now = v.now.Add(time.Millisecond)
	tell(limitClients, 3)
	tell(limitClients, 0)
}
