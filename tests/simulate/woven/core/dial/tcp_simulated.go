// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package dial

import (
	"context"
	"net"
	"net/netip"
	"time"

	"libws/core/fd"
	"libws/core/loop"
	"libws/tests/simulate/world"
)

// dialTCP connects to an address of the simulated world.
func dialTCP(ctx context.Context, address netip.AddrPort, _ fd.Options) (net.Conn, error) {
	world.Block("connects", world.Now()+time.Duration(1+world.Draw(40))*100*time.Microsecond, func() bool { return ctx.Err() != nil })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, errno := world.Connect(address)
	if errno != 0 {
		return nil, errno
	}
	return loop.Simulated(f), nil
}
