// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/config"
)

// rare is what few connections need. It is made when it is needed first and stays
// until the connection is forgotten.
type rare struct {
	// client is what only a client has; nil for an accepted connection. Set before
	// anybody else knows the connection; never changes.
	client *client
	// held is what a pause keeps; the loop's.
	held heldBack
	// vigil ends a connection whose peer is silent; nil: nothing is watched. The
	// loop's.
	vigil *vigil
	// pings are our own that are not answered; guarded by Conn.mu.
	pings pings
	// pongWaits: the answer to a ping waits for room, see sendPongs; guarded by Conn.mu.
	pongWaits bool
	// tally counts what passes through; nil: nobody has asked.
	tally atomic.Pointer[tally]
	// request is what is remembered of the upgrade request; nil: nothing.
	request atomic.Pointer[keptRequest]
	// skipping is a message over the limit that is being dropped; the loop's.
	skipping skipping
	// whole: what cannot leave at once waits whole, because of SendWith. Stored under Conn.mu.
	whole atomic.Bool
	// shelf is where messages wait whole. Guarded by Conn.mu.
	shelf shelf
	// compression is nil unless it was agreed on. Stored under Conn.mu.
	compression atomic.Pointer[compression]
	// sending is a message that is sent in pieces. Guarded by Conn.mu.
	sending pieces
	// posts are functions of the host that wait for their time. Guarded by Conn.mu.
	posts []*post
	// own are the limits of an accepted connection that differ from its server's; nil: none do. Stored
	// before it is open.
	own atomic.Pointer[config.ConnOptions]
	// silence is the same of its deadlines; the loop's.
	silence *config.Silence
	// member is what an accepted connection has of its subscriptions.
	member member
}

// takeCompression ends compression with its connection. r may be nil. Conn.mu is held.
func (r *rare) takeCompression() *compression {
	if r == nil {
		return nil
	}
	return r.compression.Swap(nil)
}
