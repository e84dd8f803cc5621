// SPDX-License-Identifier: Apache-2.0

// Package main is the C ABI over core: the only package with cgo.
//
// Enter here for handles, listeners, options, error texts and the way of a call
// or an event across the language border. A call comes in through a C front
// (front_*.c), which checks handles and options and takes the fast path of
// ws_send; the rest enters Go by a hidden export (wsgo_*), which does three
// things: check, call core, translate the error. Events go out in batches by
// one call into dispatch.c, which runs callbacks or hands them to queues
// (queue.h). No rule of WebSocket lives here.
//
// The headers, from the bottom: shared.h (the structs that Go reads, too) and
// thread.h (a thread's error text, and the gate between C and Go), handle.h (the
// table of handles), runtime.h (how Go starts), shape.h (sizes, flags and reserved
// members of public structs), dispatch.h (callbacks and
// listeners), queue.h, exports.h (what Go offers to C) and front.h (what a front
// begins with). The C files use each other in one direction only.
//
// include/libws/ws.h is generated from the fronts.
//
// # Delivery
//
// Liveness and listeners are looked up right before each callback in C: a sequence lock over the
// listener list, and the DEAD bit of the state block. A single listener that got the last message
// gets the next one after a look at the sequence.
//
// A Record is 40 bytes of integers; its detail lies in the arena. Delivery (wsx_deliver) takes a
// dispatcher and a record and knows nothing of loops, so a queue copies records and delivers them
// elsewhere by the same rules.
//
// # Life of a handle
//
// kind (3 bits) | generation (22) | index (28), below 2^53. Blocks are never unmapped, so a stale
// handle is read and recognised, never followed. Free slots are reused first-in first-out; a slot
// whose generations are used up retires. ws_destroy sets DEAD at once (calls fail from then on),
// the loop ends the connection and records completions, close, destroyed; when that batch was
// dispatched, or the event came out of its queue, the slot is released. The same way ends an
// accepted connection after its close.
//
// A slot is released behind everything that names it. Records, outbox segments, posts and what a
// dispatcher remembers name slots without a generation, because each of them is ordered before
// the release:
//
//   - Records and segments lie in the batch of the loop that owns the handle, and only that
//     loop's thread releases it, between batches: without a queue after the batch with the
//     destroyed event, with one after the batch that was being filled when the host had come to
//     that event (worker.releaseBehind). So wsx_dispatch, worker.marked and sendOutbox may take
//     the owner of a slot for granted.
//   - A post holds the Conn or Server, not the slot. One that runs after the release finds
//     phaseReleased; one of another thread is made under Conn.mu or Server.mu, where destroyed or
//     the state is looked at first. A server's last events are posted under Server.mu as well, so
//     nothing of it is posted behind them. What a host may call again and again is posted once
//     (Conn.post), however busy the loop is.
//   - Other threads reach a connection by its handle: host.connection compares it with the block,
//     Conn.destroyed, set before the release, is looked at under Conn.mu before the block is
//     touched, and a C front that reads a block looks at its handle again afterwards.
//   - A queue's dispatcher reads the handle of a stream that it has taken, and gives the stream
//     back before it calls Ended; what it tells core (Heard, QueueNotFull, Ended) carries the
//     handle. Streams and queues have places of their own in the table by slot.
//   - A slot is known to others only when it is whole: a stream or queue is put into the table
//     when it is filled in, and a client or server that is being made is known to the host before
//     a shutdown can end it (NewClient).
//
// tests/model searches every interleaving of that for spin, and finds a fault as soon as one of
// the rules is left out; rules.txt there names the lines that keep each.
//
// The host of the core tests uses each slot once and notices what comes after its release;
// queue_slots_change_hands does it with slots that are taken at once.
//
// # Queues: the second way to receive
//
//	loop: wsx_dispatch → wsx_push: copy into the handle's stream → stream stands in the queue's line
//	host: ws_queue_dispatch → take up to 16 events of the first stream → wsx_deliver each, no lock held
//
// In detail:
//
//   - A stream per handle, made with the handle and freed with its slot; QUEUED in the block's
//     life says that there is one. Its events stay in order; streams take turns.
//   - Pause is a matter of the queue: a dispatcher that meets a paused stream moves its events
//     aside (held), delivers completions only, and goes on with the next stream. Core sends a
//     Resumed record, which is no event, when the pause ends. An aborted connection (CUT)
//     delivers its last events although it is paused, and drops what it kept.
//   - Memory. Short messages of a run share a chunk of up to 16 KiB, because the thread that frees is
//     not the one that asks for memory. The last of them frees it.
//   - Room. A message counts its payload and 64 bytes, a ping or pong that is an event 256. When the
//     queue is over max_bytes, or a stream over an eighth of it, the record is marked FULL and core stops reading the
//     connection; below half, Conn.QueueNotFull lets it go on. Both take effect on the loop's
//     thread, in this order. What a pause keeps takes nothing from the others' room. Lifecycle
//     and completions always fit. These bytes are in the memory budget; no connection ends for
//     them, because only the host can give them back.
//   - Ends. A Close frame, a violation and the end of the stream are acted on when the host has
//     got what came before, as inline: a Mark record goes through the stream, the connection is
//     in phaseDelivering and not read, and the dispatcher calls Conn.Delivered.
//   - Destroyed releases nothing by itself: the dispatcher calls Ended, which does on the loop's
//     thread what otherwise follows the batch. So ws_server_stop, ws_shutdown_wait and a server's
//     destroyed event wait for what is in queues.
//   - Wake-ups. A dispatcher waits at a bell, a word of its slot that is never unmapped: ringing
//     is one futex call and no lock, so that ws_queue_wake may do it in a handler of signals;
//     what that asks for stays in the word until a wait has ended for it. A descriptor (eventfd, a
//     pipe, on Windows a UDP socket; flag.h) is made only when asked for, written when the line was empty and nobody
//     is dispatching, emptied by the dispatcher that leaves an empty line. The loop decides under
//     the queue's mutex and wakes without it, or the host would sleep again at once; a dispatcher
//     that finds the write still to come leaves it to the next one. What was pushed last is handed over
//     before a callback of the same batch, which may take its time.
//   - What callbacks send is gathered in an outbox of the thread (gather.c), also over TLS, or its connection holds
//     it (held.c), and leaves when the dispatch ends, or after a millisecond of turns;
//     core/send_gathered.go and send_held.go have the rules. With WS_QUEUE_GATHER a thread that has polled events does the same until it polls again. A
//     thread that is cancelled sends it in the cleanup handler, and its outbox goes to another one.
//   - ws_queue_poll runs no callbacks: it applies the same rules of life and hands out copies of
//     the events. A connection's close ends its turn, so that the handle lives until the next
//     poll.
//   - Shutdown dispatches queues itself when the calling thread, no thread or an ended one
//     dispatched them last. Queues of other threads are waited for, and wake their threads when
//     nothing is left.
//   - A dispatcher may end in a callback or in its wait, by cancellation: what it has taken and
//     what it is delivering is in its work, which a cleanup handler gives back. Everywhere else
//     cancellation is disabled. Nobody leaves Go that way: the two callbacks that Go calls on a
//     thread of the host run with it disabled, too.
//   - No memory for a message of a peer: after 0.1 s it is lost, and with it all later ones of
//     its connection, which core ends with 1013 (RecordLost). Other events are small, and the
//     loop waits for memory to copy them.
//
// What core wants to know of libc it asks of package net, which would decide again whether to
// ask libc, by rules that do not know systems without /etc/resolv.conf; so its address is handed over.
//
//go:debug netdns=cgo
package main

//go:generate go run ./genheader

/*
#cgo CFLAGS: -I${SRCDIR}/../include -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wconversion -fvisibility=hidden
#cgo windows CFLAGS: -D_WIN32_WINNT=0x0a00 -D__USE_MINGW_ANSI_STDIO=1
#cgo windows LDFLAGS: -lsynchronization -lws2_32
#include <exports.h>
*/
import "C"

func main() {} // c-shared wants one; it never runs
