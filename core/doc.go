// SPDX-License-Identifier: Apache-2.0

// Package core is the product in pure Go: WebSocket clients and servers on
// event loops (RFC 6455), delivering events in batches to a Host.
//
// Enter here for the rules of a connection: what may be sent when, what a close
// does, which event follows which, which limit applies. Frames are in wire, the
// HTTP upgrade in handshake, addresses in dial, descriptors and timers in loop.
//
// A file holds one concept. A connection: conn.go, conn_phases.go the table of what happens in
// which phase, close.go and ending.go its ends, pause.go back-pressure towards the peer.
//
// Its parts have methods of their own and lie in it by value, or in what it has only when it
// needs it: handshaking.go an accepted one until it is open, with request_bytes.go what has
// come of its request; incoming.go an incomplete message; queue.go what the kernel did not take;
// shelf.go what waits whole; pieces.go a message in pieces; held.go what a pause keeps;
// direct.go what the host sends itself; compression in packing.go and unpacking.go; rare.go
// what few connections need, among it client.go with retry.go and acknowledge.go; secure.go TLS.
//
// The ways of bytes: read.go and control.go bytes to messages, send.go messages to bytes, early.go
// those that have to wait, outbox.go what callbacks send, topics.go, publish.go and fan.go one
// message to many.
//
// Around them: worker.go a loop with its batch, relief.go memory that is short, limits.go ceilings
// and figures, server.go, accept.go and listeners.go a server, drain.go how it stops
// listening, opening.go, request.go and respond.go what it answers, admission.go and refuse.go whom
// it does not let in, front.go who the client is behind a proxy.
//
// # Locks
//
// Package lock has the list, and the order. A field says what guards it; what says nothing
// belongs to the thread of its loop.
package core
