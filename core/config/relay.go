// SPDX-License-Identifier: Apache-2.0

package config

import (
	"time"

	"libws/core/fault"
	"libws/core/topics"
)

// Relay is how a server queues what leaves by a relay. The zero value of a field is its default.
type Relay struct {
	Refuse      bool          // what finds the queue full is not published at all
	Interest    bool          // the relay wants to know which topics begin and end
	MaxMessages int64         // that may wait
	MaxBytes    int64         // of topics and data of these
	Returning   []string      // patterns of topics whose messages come back, and go nowhere before
	Drain       time.Duration // for what waits at the end; 0: 5 s, -1 ms: none
}

const (
	defaultRelayMessages = 65536
	mostRelayMessages    = 1 << 30
	defaultRelayBytes    = 64 << 20
	defaultRelayDrain    = 5 * time.Second
)

// Fill replaces zero values and checks ranges.
func (o *Relay) Fill() (bad *fault.Error) {
	switch {
	case o.MaxMessages == 0:
		o.MaxMessages = defaultRelayMessages
	case o.MaxMessages < 0 || o.MaxMessages > mostRelayMessages:
		return fault.Refused(fault.IDParameter, "relay.max_messages: %d is not in 1..2^30 or 0", o.MaxMessages)
	}
	switch {
	case o.MaxBytes == 0:
		o.MaxBytes = defaultRelayBytes
	case o.MaxBytes < 0 || o.MaxBytes > MaxMessage:
		return fault.Refused(fault.IDParameter, "relay.max_bytes: %d is not in 1..2^46 or 0", o.MaxBytes)
	}
	for _, pattern := range o.Returning {
		if err := topics.CheckPattern([]byte(pattern)); err != nil {
			return fault.Refused(fault.IDParameter, "relay.returning: %q: %s", pattern, err.Text)
		}
	}
	o.Drain, bad = duration(o.Drain, defaultRelayDrain, "relay.drain_timeout_ms")
	return bad
}
