// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"syscall"
	"time"

	"libws/core/dial"
)

// Status ids. The positive ones are those of OpenHarmony's webSocket module,
// the negative ones our own; ws_types.h says what each means.
const (
	IDConnectFailed    int32 = 200
	IDParameter        int32 = 401
	IDURL              int32 = 2302001
	IDCertFile         int32 = 2302002
	IDConnectionExists int32 = 2302003
	IDListenIP         int32 = 2302004
	IDListenPort       int32 = 2302005
	IDNoConnection     int32 = 2302006
	IDPortOccupied     int32 = 2302007
	IDDomain           int32 = 2302998
	IDUnknown          int32 = 2302999
	IDHandle           int32 = -101
	IDState            int32 = -102
	IDFull             int32 = -103
	IDTooLarge         int32 = -104
	IDMemory           int32 = -105
	IDTimeout          int32 = -106
	IDCancelled        int32 = -107
	IDShutdown         int32 = -110
	IDUnsupported      int32 = -111
	IDProtocol         int32 = -112
	IDBuffer           int32 = -113
	IDInternal         int32 = -114
)

// Stage tells where an asynchronous error happened; the numbers are those of
// WS_STAGE_.
type Stage = dial.Stage

// Error is why a call or a connection failed.
type Error struct {
	ID     int32         // a status id
	Stage  Stage         // dial.StageNone for a call that was refused
	Status int           // HTTP status of a refused upgrade, else 0
	Code   uint16        // close code sent to the peer, else 0
	Errno  syscall.Errno // of the system call that failed, else 0
	Text   string        // what was tried, with what, why it failed

	// Of a failed attempt, for who tries again.
	after       time.Duration // the server wants to be left alone for so long
	certificate bool          // it was not taken, by either end
}

// Error is the text.
func (e *Error) Error() string { return e.Text }

// refuse makes the error of a call that does nothing.
func refuse(id int32, format string, args ...any) *Error {
	return &Error{ID: id, Text: fmt.Sprintf(format, args...)}
}

// Errors of the send path: made once, so that refusing costs nothing.
var (
	errNotOpen    = &Error{ID: IDState, Text: "handle: the connection is not open; ws_connect and the open event come first, and nothing follows a close"}
	errFull       = &Error{ID: IDFull, Text: "the output queue is full: more bytes than max_buffered would wait"}
	errSendMemory = &Error{ID: IDMemory, Text: "size: the message does not fit into the memory budget"}
	errGone       = &Error{ID: IDHandle, Text: "handle: was destroyed"}
	errEnded      = &Error{ID: IDNoConnection, Text: "handle: the accepted connection has ended"}
)

// stale is what a call gets that came after the end of the handle.
func (c *Conn) stale() *Error {
	if c.server != nil {
		return errEnded
	}
	return errGone
}
