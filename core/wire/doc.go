// SPDX-License-Identifier: Apache-2.0

// Package wire is the frame layer of RFC 6455 (sections 5, 7.4, 8.1 and 10.3):
// it turns received bytes into checked pieces of messages, and messages into
// bytes to send. It does no I/O, keeps no buffers and starts nothing.
//
// Enter here when a peer's frame is refused that should pass, or passes that
// should be refused; when a length, a mask or a close code is wrong on the wire;
// or when text with broken UTF-8 gets through.
//
// Receiving: a [Parser] is fed whatever bytes arrived and gives a [Chunk] for
// each frame, or for the piece of a frame that is there. It works in place: the
// chunk's payload lies in the bytes it was fed. Sending: [AppendFrame],
// [AppendClose] and [AppendHeader] append to a buffer of the caller.
//
// Nothing here allocates. A Parser belongs to one thread at a time; the
// functions may be called from any thread.
package wire
