// SPDX-License-Identifier: Apache-2.0

// Package core is the product in pure Go: WebSocket clients and servers on
// event loops (RFC 6455), delivering events in batches to a Host.
//
// Enter here for the rules of a connection: what may be sent when, what a close
// does, which event follows which, which limit applies. Frames are in wire, the
// HTTP upgrade in handshake, addresses in dial, descriptors and timers in loop.
//
// A file holds one concept: conn.go the connection and its life, read.go bytes
// to messages, send.go messages to bytes, queue.go what the kernel did not take,
// outbox.go what callbacks send, close.go the ends, pause.go back-pressure towards
// the peer, limits.go ceilings and figures, relief.go memory that is short, secure.go TLS,
// compress.go permessage-deflate, client.go, server.go and accept.go the two products,
// listeners.go where a server listens, drain.go how it stops that, topics.go who has
// subscribed to what, leave.go how that ends, publish.go one message to many, publish_packed.go the same compressed,
// fan.go how a loop writes it,
// admission.go and refuse.go whom a server does not let in, front.go who the client is
// behind a proxy, worker.go a loop with its batch.
//
// # Locks
//
// In this order, and never two of a kind at once:
//
//  1. Engine.mu: the list of clients and servers, starting and stopping.
//  2. topics.mu: the subscriptions of a server; held while a message is given to all
//     who want it, so that all get two messages in one order.
//  3. Server.mu: its state, its listeners with their descriptors, and its list of connections.
//  4. admission.mu: who is connected to a server; nothing is locked while it is held.
//  5. compression.mu: the history of what a connection sends compressed.
//  6. secure.out: what a TLS connection encrypts and queues.
//  7. Conn.mu: descriptor, queue and closing state of one connection.
//  8. fan.mu: to whom of a loop something was published; nothing is locked while it is held.
//  9. relief.mu: who holds memory.
//
// Apart from these: leaver.mu, whose subscriptions are being ended; nothing is locked while it is
// held, and it is taken with no other lock held.
//
// No lock is held while callbacks run, and none while a record is added.
// Everything else of a Conn belongs to the thread of its loop.
package core
