// SPDX-License-Identifier: Apache-2.0

package context

import "crypto/tls"

// Handshake is HandshakeContext of c, which would start a goroutine of its own.
func Handshake(ctx Context, c *tls.Conn) error {
	stop := AfterFunc(ctx, func() { c.NetConn().Close() })
	defer stop()
	err := c.Handshake()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
