// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"net/netip"
	"testing"
)

func TestAnEndpointKeepsItsZone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[fe80::1%7777]:1", "[fe80::1]:1", "[2001:db8::5:0:1]:2", "192.0.2.1:3", "[::1]:4"} {
		if got := EndpointOf(netip.MustParseAddrPort(text)).AddrPort().String(); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
}
