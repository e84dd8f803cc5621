// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"sync/atomic"
	"time"
)

// Counts are what the relays of a server have done, one after the other. What was published while
// there was one, and not refused, is sent, dropped, or waits.
type Counts struct {
	Was       atomic.Bool   // there has been one
	Sent      atomic.Uint64 // messages that a relay got
	Delivered atomic.Uint64 // messages that a relay has handed in
	Dropped   atomic.Uint64 // messages that found no room, or were left at an end
	Refused   atomic.Uint64 // messages that were not published because there was no room
	Age       atomic.Int64  // of the last message that was handed in, by its sender's clock; 0: not known
}

// Standing is how a queue stands.
type Standing struct {
	Messages, Bytes int64         // that wait
	Lag             time.Duration // how long the oldest of them has waited
	Known           int64         // topics and patterns that the relay knows of
}

// Standing tells how the queue stands. Any thread.
func (q *Queue) Standing() Standing {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Standing{Messages: q.messages, Bytes: q.bytes, Known: q.known}
	for i := q.first; i != nil; i = i.behind {
		if i.Name == "" {
			s.Lag = max(0, time.Since(i.At))
			break
		}
	}
	return s
}
