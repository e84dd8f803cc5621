// SPDX-License-Identifier: Apache-2.0

// Package dial knows WebSocket URLs (RFC 6455 3), how to get from one to a
// connected socket, through a proxy or not, and what both roles of TLS need to
// be set up.
//
// Enter here when a URL is refused or read wrongly, when a name does not
// resolve, when connecting fails or takes too long, when a proxy is chosen,
// left out or spoken to wrongly, when a certificate or key is not taken, or when
// an error is reported with the wrong stage. What is said on the socket
// afterwards is not this package's business.
//
// Nothing outlives a call: Connect returns when its goroutines and sockets are
// gone, but for the socket that it returns. What the process shares are the look-ups of
// names (directory.go; one that libc has begun cannot be interrupted), the TLS sessions
// (sessions.go) and, while a connection uses them, the authorities (roots.go).
package dial
