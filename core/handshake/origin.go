// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"strings"
)

// allows tells whether a page of origin may connect to host.
func (o *ServerOptions) allows(origin, host []byte) bool {
	for _, ours := range o.Origins {
		if ours == "*" || foldEqual(origin, ours) {
			return true
		}
	}
	return len(o.Origins) == 0 && sameHost(origin, host)
}

// sameHost tells whether the host of an origin is the one in Host; the port that the
// origin's scheme implies may be left out (RFC 6454 6.2), or empty (RFC 9110 4.2.3).
func sameHost(origin, host []byte) bool {
	scheme, authority, ok := bytes.Cut(origin, []byte("://"))
	if !ok {
		return false // "null" among others
	}
	port := ""
	switch {
	case foldEqual(scheme, "http"), foldEqual(scheme, "ws"):
		port = ":80"
	case foldEqual(scheme, "https"), foldEqual(scheme, "wss"):
		port = ":443"
	}
	strip := func(b []byte) string {
		return strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(string(b)), port), ":")
	}
	return strip(authority) == strip(host)
}
