// SPDX-License-Identifier: Apache-2.0

// Package zone knows the zones of IPv6 addresses (RFC 4007 11): a link-local address says
// nothing without the interface behind which it is, which is written by its name,
// fe80::1%eth0, or by its number, fe80::1%4.
//
// Enter here when such an address is taken for another one, refused or shown without its
// zone. It is below all other packages.
package zone

import (
	"libws/core/lock"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// fresh is how long a name is believed without asking the system again.
const fresh = 5 * time.Second

// known are names of interfaces that were asked for.
var known struct {
	mu      lock.Mutex[lock.Zone] // guards what follows
	until   time.Time
	names   map[uint32]string
	numbers map[string]uint32
}

// look gives what find says, or said not long ago. known is not locked.
func look[K comparable, V any](all *map[K]V, key K, find func(K) (V, bool)) (V, bool) {
	found, ok := recall(all, key)
	if ok {
		return found, true
	}
	if found, ok = asked(key, find); ok {
		remember(all, key, found)
	}
	return found, ok
}

// asked is find on a thread of the library: one of the host may be in another network namespace,
// where interfaces have other names and numbers.
func asked[K comparable, V any](key K, find func(K) (V, bool)) (V, bool) {
	type answer struct {
		found V
		ok    bool
	}
	answers := make(chan answer, 1)
	go func() {
		defer guard(func() { answers <- answer{} })
		found, ok := find(key)
		answers <- answer{found, ok}
	}()
	a := <-answers
	return a.found, a.ok
}

// guard is deferred: after a panic there is no such interface.
func guard(failed func()) {
	if recover() != nil {
		failed()
	}
}

func recall[K comparable, V any](all *map[K]V, key K) (found V, ok bool) {
	known.mu.Lock()
	defer known.mu.Unlock()
	if now := time.Now(); now.After(known.until) {
		known.names, known.numbers, known.until = map[uint32]string{}, map[string]uint32{}, now.Add(fresh)
	}
	found, ok = (*all)[key]
	return found, ok
}

func remember[K comparable, V any](all *map[K]V, key K, found V) {
	known.mu.Lock()
	defer known.mu.Unlock()
	(*all)[key] = found
}

// Number is that of the interface that a zone names; 0 and false when there is none. Any
// thread.
func Number(name string) (uint32, bool) {
	if name == "" {
		return 0, false
	}
	return look(&known.numbers, name, func(name string) (uint32, bool) {
		if i, err := net.InterfaceByName(name); err == nil {
			return uint32(i.Index), true // fits: the kernel has 32 bits for it
		}
		n, err := strconv.ParseUint(name, 10, 31)
		return uint32(n), err == nil && n > 0 // fits: parsed as 31 bits
	})
}

// Of is the zone of the interface with a number: its name, or the number itself when there
// is no such interface any more; "" for 0. Any thread.
func Of(number uint32) string {
	if number == 0 {
		return ""
	}
	name, ok := look(&known.names, number, func(number uint32) (string, bool) {
		i, err := net.InterfaceByIndex(int(number))
		if err != nil {
			return "", false
		}
		return i.Name, true
	})
	if !ok {
		return strconv.FormatUint(uint64(number), 10)
	}
	return name
}

// With is a with the zone of an interface, if it is a link-local address: all others are
// the same behind each interface.
func With(a netip.Addr, number uint32) netip.Addr {
	if number == 0 || !a.Is6() || a.Is4In6() || !a.IsLinkLocalUnicast() {
		return a
	}
	return a.WithZone(Of(number))
}
