// SPDX-License-Identifier: Apache-2.0

// Package handshake is the HTTP/1.1 upgrade that opens every WebSocket
// connection (RFC 6455 4), in both roles, on a head of bounded size. It has no
// sockets: a server hands it bytes, a client an io.ReadWriter.
//
// Enter here when an upgrade is refused or accepted wrongly, when an HTTP answer
// has the wrong status, when a header field or subprotocol is lost, or when bytes
// right behind a head go missing.
//
// Heads are read, bounded and checked here to the letter (RFC 9112). A server's answer
// is written here as well: ws.Upgrader would look at less, and leave garbage for every
// connection; and so is a client's request: ws.Dialer would hold 8 KiB of buffers for each
// client that waits for its answer.
package handshake
