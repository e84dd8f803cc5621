// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"libws/core/fd"
)

// dialTCP connects to one address. The end of ctx ends it.
func dialTCP(ctx context.Context, address netip.AddrPort, o fd.Options) (net.Conn, error) {
	const tries = 3
	for try := 1; ; try++ {
		conn, err := fd.DialBy(ctx, "tcp", address.String(), o)
		switch {
		case err == nil && try < tries && conn.LocalAddr().String() == address.String():
			conn.Close() // to itself: an ephemeral port of this machine that nobody listens at
		case err == nil:
			return conn, nil
		case try == tries || !errors.Is(err, syscall.EADDRNOTAVAIL) || ctx.Err() != nil:
			return nil, withoutOp(err)
		}
	}
}
