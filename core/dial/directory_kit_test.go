// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"net"
	"net/netip"
)

// connect is Connect with a resolver of choice.
func connect(ctx context.Context, t *Target, o Options, resolver *net.Resolver) (Socket, error) {
	return connectBy(ctx, t, o, &directory{turns: newTurns(func(ctx context.Context, host string) ([]netip.Addr, error) {
		return resolver.LookupNetIP(ctx, "ip", host)
	})})
}
