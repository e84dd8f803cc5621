// SPDX-License-Identifier: Apache-2.0

// Package fault is what goes wrong: the status ids of the header, and the Error that a call
// returns or a connection ends with. Come here for a new status id, or for what an error
// tells beside its text.
package fault

import (
	"errors"
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
	IDReplaced         int32 = -116 // -115 is the host's
)

// Error is why a call or a connection failed.
type Error struct {
	ID     int32         // a status id
	Stage  dial.Stage    // dial.StageNone for a call that was refused
	Status int           // HTTP status of a refused upgrade, else 0
	Code   uint16        // close code sent to the peer, else 0
	Errno  syscall.Errno // of the system call that failed, else 0
	Text   string        // what was tried, with what, why it failed

	// Of a failed attempt, for who tries again.
	RetryAfter  time.Duration // the server wants to be left alone for so long; 0: it does not say
	Fields      []byte        // of an answer that refused, names and values in turn, a NUL behind each; nil: there is none
	Body        []byte        // the beginning of its body
	Certificate bool          // that of one end was not taken by the other
}

// Error is the text.
func (e *Error) Error() string { return e.Text }

// Refused makes the error of a call that does nothing.
func Refused(id int32, format string, args ...any) *Error {
	return &Error{ID: id, Text: fmt.Sprintf(format, args...)}
}

// Input names the argument behind a certificate, key or other TLS option that
// cannot be used.
func Input(argument string, err error) *Error {
	id := IDParameter
	var input *dial.InputError
	if errors.As(err, &input) && input.Missing {
		id = IDCertFile
	}
	return Refused(id, "%s: %v", argument, err)
}
