// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"unicode/utf8"
)

// Close codes: RFC 6455 7.4.1 and, for 1012 to 1014, the IANA registry of
// WebSocket close codes. They are untyped, to fit the fields they are put in.
const (
	CloseNormal             = 1000 // the purpose of the connection is fulfilled
	CloseGoingAway          = 1001 // the server shuts down, or the user leaves the page
	CloseProtocolError      = 1002 // the peer broke a rule of the protocol
	CloseUnsupportedData    = 1003 // a type of data that the endpoint does not take
	CloseReserved           = 1004 // has no meaning yet; never on the wire
	CloseNoStatus           = 1005 // reported when a Close frame had no code; never on the wire
	CloseAbnormal           = 1006 // reported when there was no Close frame; never on the wire
	CloseInvalidPayload     = 1007 // data that does not fit its type, such as text that is not UTF-8
	ClosePolicy             = 1008 // a policy of the endpoint was violated
	CloseTooBig             = 1009 // a message too large to process
	CloseMandatoryExtension = 1010 // the client needs an extension that the server did not agree to
	CloseInternalError      = 1011 // something unexpected inside the endpoint
	CloseServiceRestart     = 1012 // the service restarts; come back in 5 to 30 seconds
	CloseTryAgainLater      = 1013 // the service is overloaded
	CloseBadGateway         = 1014 // a gateway got a bad answer from the server behind it
	CloseTLSHandshake       = 1015 // reported when TLS failed; never on the wire
)

// ValidOnWire reports whether a Close frame may carry code: 1000 to 1003, 1007
// to 1014, and 3000 to 4999 for libraries and applications (RFC 6455 7.4.1 and
// 7.4.2). All other codes are reserved, or may only be reported locally.
func ValidOnWire(code uint16) bool {
	switch {
	case code < CloseNormal:
		return false
	case code <= CloseUnsupportedData:
		return true
	case code < CloseInvalidPayload:
		return false
	case code <= CloseBadGateway:
		return true
	}
	return code >= 3000 && code <= 4999
}

// ParseClose reads the payload of a Close frame (RFC 6455 5.5.1 and 7.1.5):
// nothing, or a code of two bytes and a reason. Without a code it gives
// [CloseNoStatus]. The reason lies in payload. On an error, which is
// [ErrCloseLength], [ErrCloseCode] or [ErrCloseReason], code and reason are zero.
func ParseClose(payload []byte) (code uint16, reason []byte, err *Error) {
	switch len(payload) {
	case 0:
		return CloseNoStatus, nil, nil
	case 1:
		return 0, nil, ErrCloseLength
	}
	code, reason = binary.BigEndian.Uint16(payload), payload[2:]
	if !ValidOnWire(code) {
		return 0, nil, ErrCloseCode
	}
	if !utf8.Valid(reason) {
		return 0, nil, ErrCloseReason
	}
	return code, reason, nil
}
