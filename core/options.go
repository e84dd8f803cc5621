// SPDX-License-Identifier: Apache-2.0

package core

import (
	"math"
	"time"

	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// Limits that hold unless an option says otherwise.
const (
	DefaultMaxMessage       = 64 << 20
	DefaultMaxBuffered      = 16 << 20
	DefaultHandshakeTimeout = 15 * time.Second
	DefaultBacklog          = 4096
	DefaultSubscriptions    = 1024
	MaxSend                 = min(maxMessage, math.MaxInt/2) // bytes of a message without limit, here
	maxMessage              = 1 << 46                        // the same wherever there is room; leaves some in Block.Out
	maxHandshakes           = 64                             // of TLS that compute at once, of clients and of servers
	closeTimeout            = 5 * time.Second
	drainTimeout            = 2 * time.Second
	drainMax                = 1 << 20  // bytes read and dropped after our last frame
	maxPongs                = 32 << 10 // bytes of pongs that may wait for a peer that only pings
)

// Config is the whole library. The zero value of a field is its default.
type Config struct {
	Loops    int           // 1..64; 0: 1
	Budget   int64         // bytes of all buffers together; 0: a quarter of the memory; -1: no ceiling
	LogLevel journal.Level // 0: journal.Warn
	LogLines int           // of each level in a second; 0: 100; -1: no limit
	Engine   EngineKind
	Meter    *loop.Meter // where buffers are counted, the host's as well; nil: core's own
	Threads  Threads
}

// EngineKind is how the loops wait; the numbers are those of WS_ENGINE_.
type EngineKind = loop.Kind

// Engines. EngineEpoll is for Linux only, and the default there but on Android.
const (
	EngineDefault   = loop.Default
	EngineEpoll     = loop.Epoll
	EngineGoroutine = loop.Goroutine
)

// ConnOptions are the limits of a connection. The zero value of a field is its
// default.
type ConnOptions struct {
	MaxMessage  int64 // bytes of one message, received or sent; -1: none
	MaxSend     int64 // bytes of one message sent, when that is less; 0: MaxMessage
	MaxBuffered int64 // bytes that may wait to be sent
	HighWater   int64 // drain follows when more than this waited; 0: MaxBuffered
	LowWater    int64 // buffered bytes at which drain comes; 0: a quarter of HighWater
	RefuseEarly bool  // a client refuses messages until it is open, instead of keeping them
	Pieces      bool  // a message is told in pieces as they come
	Pings       bool  // pings and pongs are told although nobody listens
	KeepRequest bool  // a server's connections remember their upgrade request
	Full        FullPolicy
	Floods      Floods // of a server's connections
	// MaxSubscriptions is to how many topics a server's connection may subscribe; 0: 1024;
	// -1: no limit.
	MaxSubscriptions int
}

// ListenOptions is where a server listens.
type ListenOptions struct {
	IP      string        // literal; "": 0.0.0.0
	Port    int           // 0: ephemeral
	Timeout time.Duration // for the upgrade request of a client; 0: 15 s; -1: none
	Backlog int           // 0: 4096
	TLS     ServerTLS
	HTTP    HTTPOptions
	Limits  ListenLimits
	Front   FrontOptions
	// Deadlines of the open connections; 0: the defaults, Write 60 s, Idle none.
	Deadlines Silence
	ReusePort bool // others may listen on IP and Port
	// More places, or all.
	Listeners     []ListenerOptions
	ListenersOnly bool
	TCPKeepAlive  time.Duration // silence of a peer before TCP probes it; 0: none
	// Compression of the connections; nil: none.
	Compression *Compression
}

// fill replaces zero values and checks ranges; name is the host's argument.
func (o *ConnOptions) fill() *fault.Error {
	switch {
	case o.MaxMessage == 0:
		o.MaxMessage = DefaultMaxMessage
	case o.MaxMessage == -1:
		o.MaxMessage = maxMessage
	case o.MaxMessage < 0 || o.MaxMessage > maxMessage:
		return fault.Refused(fault.IDParameter, "options.max_message_size: %d is not in 1..2^46, 0 or -1", o.MaxMessage)
	}
	switch {
	case o.MaxSend == 0:
		o.MaxSend = o.MaxMessage
	case o.MaxSend < 0 || o.MaxSend > o.MaxMessage:
		return fault.Refused(fault.IDParameter, "options.max_send_size: %d is not in 1..max_message_size (%d) or 0", o.MaxSend, o.MaxMessage)
	}
	switch {
	case o.MaxBuffered == 0:
		o.MaxBuffered = DefaultMaxBuffered
	case o.MaxBuffered < 0 || o.MaxBuffered > maxMessage:
		return fault.Refused(fault.IDParameter, "options.max_buffered: %d is not in 1..2^46 or 0", o.MaxBuffered)
	}
	if o.HighWater == 0 {
		o.HighWater = o.MaxBuffered
	}
	if o.HighWater < 0 || o.HighWater > o.MaxBuffered {
		return fault.Refused(fault.IDParameter, "options.high_water_mark: %d is not in 1..max_buffered (%d) or 0", o.HighWater, o.MaxBuffered)
	}
	if o.LowWater == 0 {
		o.LowWater = o.HighWater / 4
	}
	if o.LowWater < 0 || o.LowWater >= o.HighWater {
		return fault.Refused(fault.IDParameter, "options.low_water_mark: %d is not in 1..high_water_mark-1 (%d) or 0", o.LowWater, o.HighWater)
	}
	if o.Full > FullDropOldest {
		return fault.Refused(fault.IDParameter, "options.full_policy: %d is not in 0..%d", o.Full, FullDropOldest)
	}
	switch {
	case o.MaxSubscriptions == 0:
		o.MaxSubscriptions = DefaultSubscriptions
	case o.MaxSubscriptions == -1:
		o.MaxSubscriptions = math.MaxInt32
	case o.MaxSubscriptions < 0:
		return fault.Refused(fault.IDParameter, "options.max_subscriptions: %d is less than 0 and not -1", o.MaxSubscriptions)
	}
	o.fit()
	return o.Floods.fill()
}

// fit bounds what was wanted by what an int counts here: on a system of 32 bits a larger
// message is refused like any that is too large.
func (o *ConnOptions) fit() {
	for _, size := range []*int64{&o.MaxMessage, &o.MaxSend, &o.MaxBuffered, &o.HighWater} {
		*size = min(*size, MaxSend)
	}
	o.LowWater = min(o.LowWater, o.HighWater-1)
}

// duration reads a deadline: 0 is the default, -1 none (0 is returned).
func duration(d, standard time.Duration, name string) (time.Duration, *fault.Error) {
	switch {
	case d == 0:
		return standard, nil
	case d == -time.Millisecond:
		return 0, nil
	case d < 0 || d > time.Hour:
		return 0, fault.Refused(fault.IDParameter, "%s: %d is not in 1..3600000, 0 or -1", name, d/time.Millisecond)
	}
	return d, nil
}
