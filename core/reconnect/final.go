// SPDX-License-Identifier: Apache-2.0

package reconnect

import (
	"slices"

	"libws/core/wire"
)

// FinalClose tells whether a close code (RFC 6455 7.4) of the peer means that
// another connection would end the same way, or that there is nothing left to do.
// What an application means by its own codes, 3000 to 4999, is not known here; of
// those that IANA registers, two are final. FinalCloses adds others.
func (p *Policy) FinalClose(code uint16) bool {
	switch code {
	case wire.CloseNormal, wire.CloseProtocolError, wire.CloseUnsupportedData, wire.CloseInvalidPayload,
		wire.ClosePolicy, wire.CloseTooBig, wire.CloseMandatoryExtension,
		3000, // unauthorized
		3003: // forbidden
		return true
	}
	// Not final: going away, no code, internal error, restart, try again later, bad
	// gateway, TLS; of IANA's 3008, timeout.
	return slices.Contains(p.FinalCloses, code)
}

// DeniedClose tells whether a close code says that the credentials were not good, or are no longer:
// with others it may be different.
func DeniedClose(code uint16) bool { return code == 3000 }

// DeniedStatus does so for an HTTP status, of the server or of a proxy.
func DeniedStatus(status int) bool { return status == 401 || status == 407 }

// FinalStatus tells whether an HTTP status, which a server or a proxy gave instead
// of opening the connection, will be the same at the next try. 0 is no status.
func FinalStatus(status int) bool {
	switch status {
	case 0,
		408, // request timeout
		421, // misdirected: another connection may reach the right one
		425, // too early
		429: // too many requests
		return false
	case 501, // not implemented
		505, // version not supported
		511: // network authentication required: a portal wants a human
		return true
	}
	return status < 500 || status > 599
}
