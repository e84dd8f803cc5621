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
//
// # Connecting
//
// It happens on the goroutine of the attempt, in the poller of the Go runtime, until the
// descriptor moves: look-up, race of the addresses, proxy, TLS. With one address there is no
// other goroutine (see core/fd: package net has a second one while it connects), and nothing is
// kept that the wait does not need: about 10 KB for each client that waits, its handle included,
// and 7 for one that waits for a name, which has no goroutine (await.go); inside a TLS handshake
// 40 KB, most of it the keys and the stack of crypto/tls. Names (directory.go): attempts share
// the look-ups of one name; 64 run at once by Go's resolver, which can be interrupted, and take
// turns of 100 ms and more (turns.go): new ones come first, so that a name that is answered
// hardly waits behind any number that are not. Where libc knows more than files and DNS
// (libc_unix.go) it is asked, by 16 threads at most; a name that has waited 250 ms is asked of
// Go's resolver as well. Nothing is read ahead of what is needed, so no bytes have to be handed
// over with the descriptor. Of a handshake's configuration nothing stays with the connection but
// the authorities, which connections share; TLS sessions are kept for those that trust and show
// the same.
package dial
