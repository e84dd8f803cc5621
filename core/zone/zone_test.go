// SPDX-License-Identifier: Apache-2.0

package zone

import (
	"net"
	"net/netip"
	"strconv"
	"testing"
)

func TestZonesAreNamesOrNumbersOfInterfaces(t *testing.T) {
	t.Parallel()
	all, err := net.Interfaces()
	if err != nil || len(all) == 0 {
		t.Skip("there is no interface")
	}
	for _, i := range all {
		for _, zone := range []string{i.Name, strconv.Itoa(i.Index), i.Name} {
			if n, ok := Number(zone); !ok || n != uint32(i.Index) {
				t.Errorf("%s: %d, %v", zone, n, ok)
			}
		}
		for range 2 {
			if got := Of(uint32(i.Index)); got != i.Name {
				t.Errorf("%d: %q", i.Index, got)
			}
		}
	}
	for _, zone := range []string{"", "0", "no such interface", "-1", "99999999999", "1x"} {
		if n, ok := Number(zone); ok {
			t.Errorf("%q: %d", zone, n)
		}
	}
	if got := Of(0); got != "" {
		t.Errorf("%q", got)
	}
	if got := Of(1 << 30); got != "1073741824" {
		t.Errorf("%q", got)
	}
}

func TestOnlyLinkLocalAddressesHaveZones(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"fe80::1": "fe80::1%1073741824", "febf::1": "febf::1%1073741824", "::1": "::1", "2001:db8::1": "2001:db8::1", "169.254.0.1": "169.254.0.1",
		"::ffff:169.254.0.1": "::ffff:169.254.0.1",
	} {
		if got := With(netip.MustParseAddr(text), 1<<30); got.String() != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
