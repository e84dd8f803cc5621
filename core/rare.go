// SPDX-License-Identifier: Apache-2.0

package core

import "sync/atomic"

// rare is what few connections need. It is made when it is needed first and stays
// until the connection is forgotten.
type rare struct {
	// client is what only a client has; nil for an accepted connection. Set before
	// anybody else knows the connection; never changes.
	client *client
	// held is what a pause keeps; the loop's.
	held held
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
	// shelf is where messages wait whole. Guarded by Conn.mu.
	shelf shelf
	// compression is nil unless it was agreed on. Stored under Conn.mu.
	compression atomic.Pointer[compression]
	// sending is a message that is sent in pieces. Guarded by Conn.mu.
	sending pieces
	// subscriptions of an accepted connection, and how many; guarded by topics.mu.
	// subscribed: there may be some; guarded by Conn.mu.
	subscriptions *subscription
	nsubscribed   int
	subscribed    bool
	// leaves: the server's leaver ends them; lingers: and the slot waits for that. Guarded by
	// leaver.mu.
	leaves, lingers bool
}

// needRare makes the rare part. Any thread.
func (c *Conn) needRare() *rare {
	if r := c.rare.Load(); r != nil {
		return r
	}
	c.rare.CompareAndSwap(nil, new(rare))
	return c.rare.Load()
}

// watched is the vigil of the connection, nil for none. The loop's.
func (c *Conn) watched() *vigil {
	if r := c.rare.Load(); r != nil {
		return r.vigil
	}
	return nil
}

// client is what only a client has, nil for an accepted connection. Any thread.
func (c *Conn) client() *client {
	if r := c.rare.Load(); r != nil {
		return r.client
	}
	return nil
}

// takeCompression ends compression with its connection. r may be nil. Conn.mu is held.
func (r *rare) takeCompression() *compression {
	if r == nil {
		return nil
	}
	return r.compression.Swap(nil)
}
