// SPDX-License-Identifier: Apache-2.0

package config

// FullPolicy says what happens to a message for which the output queue has no room. The
// numbers are those of WS_FULL_.
type FullPolicy uint32

// With another policy than FullRefuse no message is corked, and what is behind a message
// that the kernel has not taken waits whole.
const (
	FullRefuse     FullPolicy = iota // it is refused
	FullClose                        // the connection ends
	FullDropOldest                   // the oldest that wait are dropped
)
