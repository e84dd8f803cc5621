// SPDX-License-Identifier: Apache-2.0

package metrics

import "time"

// ServerStats are the figures of one server; see ws_server_stats in the header.
type ServerStats struct {
	Connections, Peak                                 int64
	Accepted, Upgraded                                uint64
	MessagesIn, MessagesOut, BytesIn, BytesOut        uint64
	PingsIn, PingsOut, PongsIn                        uint64
	Secured, Unsecured, Left, Dropped                 uint64
	Descriptors, Ceiling, Limit, Clients, Own, Rate   uint64 // refused by each limit
	BadRequests, Origins, Late, TooLarge, Unavailable uint64
	Buffered                                          uint64
	Skipped                                           uint64 // messages over the limit
	Replaced                                          uint64 // messages for which newer ones went
	Relay                                             RelayStats
}

// RelayStats are the figures of the relays that a server has had; see ws_server_stats in the header.
type RelayStats struct {
	Was                               bool // it has had one
	Sent, Delivered, Dropped, Refused uint64
	Waiting, WaitingBytes             int64
	Lag, Age                          time.Duration
	Subscriptions                     int64
}

// Stats is a snapshot of the library; see ws_stats in the header.
type Stats struct {
	Loops                                int
	Open, Peak, Ceiling                  int64
	Accepted, Refused, Unheard, Relieved uint64
	Dropped, Replaced                    uint64
	Budget, Used                         int64
	Uptime, CPU                          time.Duration
	Suppressed                           uint64
	Panics                               uint64
}

// QueueStats is what waits in the queues of the host, as the host says.
type QueueStats struct{ Events, Bytes uint64 }
