// SPDX-License-Identifier: Apache-2.0

package core

import "time"

// Bounds that no option changes.
const (
	maxHandshakes = 64 // of TLS that compute at once, of clients and of servers
	lingerTimeout = 2 * time.Second
	lingerMax     = 1 << 20          // bytes read and dropped after our last frame
	maxPongs      = 32 << 10         // bytes of pongs that may wait for a peer that only pings
	replyTimeout  = 30 * time.Second // for a client to read an answer
)
