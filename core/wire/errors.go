// SPDX-License-Identifier: Apache-2.0

package wire

// Error is a violation of the protocol by the peer. Code is the close code to
// answer with: 1002, 1007 or 1009. Text says what the peer did and which rule
// forbids it. All values are the Err variables of this package, so they can be
// compared, cost no allocation, and must not be changed.
//
// Functions return *Error, where nil means success. Do not put a nil *Error
// into a variable of type error: it would not be equal to nil there.
type Error struct {
	Code uint16
	Text string
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// The violations that [Parser.Next] finds.
var (
	ErrReservedBits      = &Error{CloseProtocolError, "a frame has a reserved bit set, and no extension was agreed that uses it (RFC 6455 5.2)"}
	ErrReservedOpcode    = &Error{CloseProtocolError, "a frame has a reserved opcode (RFC 6455 5.2)"}
	ErrUnmasked          = &Error{CloseProtocolError, "a frame from a client is not masked (RFC 6455 5.1)"}
	ErrMasked            = &Error{CloseProtocolError, "a frame from a server is masked (RFC 6455 5.1)"}
	ErrControlFragmented = &Error{CloseProtocolError, "a control frame is fragmented (RFC 6455 5.5)"}
	ErrControlTooLong    = &Error{CloseProtocolError, "a control frame has more than 125 bytes of payload (RFC 6455 5.5)"}
	ErrContinuation      = &Error{CloseProtocolError, "a continuation frame came without a message to continue (RFC 6455 5.4)"}
	ErrInterleaved       = &Error{CloseProtocolError, "a new message began before the fragmented one was finished (RFC 6455 5.4)"}
	ErrLengthNotMinimal  = &Error{CloseProtocolError, "a payload length is not encoded in the fewest bytes (RFC 6455 5.2)"}
	ErrLengthTopBit      = &Error{CloseProtocolError, "a 64-bit payload length has its top bit set (RFC 6455 5.2)"}
	ErrTooBig            = &Error{CloseTooBig, "a message is larger than the limit (RFC 6455 7.4.1)"}
	ErrNotUTF8           = &Error{CloseInvalidPayload, "a text message is not valid UTF-8 (RFC 6455 8.1)"}
)

// The violations that [ParseClose] finds.
var (
	ErrCloseLength = &Error{CloseProtocolError, "a Close frame has one byte of payload, too short for a code (RFC 6455 5.5.1)"}
	ErrCloseCode   = &Error{CloseProtocolError, "a Close frame has a code that may not be sent (RFC 6455 7.4)"}
	ErrCloseReason = &Error{CloseInvalidPayload, "the reason of a Close frame is not valid UTF-8 (RFC 6455 5.5.1)"}
)

// parserErrors gives each violation a number: a failed Parser keeps one byte
// instead of a pointer.
var parserErrors = [...]*Error{
	ErrReservedBits, ErrReservedOpcode, ErrUnmasked, ErrMasked, ErrControlFragmented, ErrControlTooLong,
	ErrContinuation, ErrInterleaved, ErrLengthNotMinimal, ErrLengthTopBit, ErrTooBig, ErrNotUTF8,
}
