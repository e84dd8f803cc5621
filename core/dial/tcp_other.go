// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package dial

import (
	"context"
	"net"
	"net/netip"
)

// dialTCP connects to one address. The end of ctx ends it.
func dialTCP(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address.String())
}
