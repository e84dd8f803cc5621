// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/fault"

// Errors of the send path: made once, so that refusing costs nothing.
var (
	errNotOpen    = &fault.Error{ID: fault.IDState, Text: "handle: the connection is not open; ws_connect and the open event come first, and nothing follows a close"}
	errFull       = &fault.Error{ID: fault.IDFull, Text: "the output queue is full: more bytes than max_buffered would wait"}
	errSendMemory = &fault.Error{ID: fault.IDMemory, Text: "size: the message does not fit into the memory budget"}
	errGone       = &fault.Error{ID: fault.IDHandle, Text: "handle: was destroyed"}
	errEnded      = &fault.Error{ID: fault.IDNoConnection, Text: "handle: the accepted connection has ended"}
)
