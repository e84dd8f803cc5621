// SPDX-License-Identifier: Apache-2.0

package fd

import (
	"context"
	"net"
)

// Windows numbers sockets apart from files.
func refuse(uintptr) error { return nil }

func dial(context.Context, string, string, Options) (net.Conn, error) { return nil, errLow }
