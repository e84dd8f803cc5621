// SPDX-License-Identifier: Apache-2.0

// Package dial knows WebSocket URLs (RFC 6455 3) and how to get from one to a
// connected TCP socket.
//
// Enter here when a URL is refused or read wrongly, when a name does not
// resolve, when connecting fails or takes too long, or when an error is reported
// with the wrong stage. What is said on the socket afterwards is not this
// package's business.
package dial
