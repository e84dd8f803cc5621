// SPDX-License-Identifier: Apache-2.0

// Package reconnect decides whether a client tries again after its connection has
// ended or could not be made, and how long it waits before. It is pure
// arithmetic: no clock, no goroutine, no connection.
//
// Enter here when clients come back too fast, too slowly, all at once, or although
// the server has forbidden it.
package reconnect
