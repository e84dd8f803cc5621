// SPDX-License-Identifier: Apache-2.0

package config

import (
	"time"
	"unicode/utf8"

	"libws/core/fault"
	"libws/core/wire"
)

// CloseOptions is what the Close frame says.
type CloseOptions struct {
	Code    uint16
	Silent  bool          // it says nothing, neither a code nor a reason (RFC 6455 5.5.1)
	Reason  string        // UTF-8, at most 123 bytes
	Cut     bool          // a longer reason is cut at the end of a character
	Timeout time.Duration // for the peer's answer; 0: 5 s
}

// maxReason is what a Close frame has room for (RFC 6455 5.5).
const maxReason = 123

// cutText is the longest part of s, of whole characters, that has at most n bytes.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Fill replaces zero values, cuts the reason and checks what is left.
func (o *CloseOptions) Fill() *fault.Error {
	if o.Cut {
		o.Reason = cutText(o.Reason, maxReason)
	}
	patience, bad := duration(o.Timeout, DefaultCloseTimeout, "options.timeout_ms")
	if bad != nil || patience == 0 {
		return fault.Refused(fault.IDParameter, "options.timeout_ms: %d is not in 1..3600000 or 0", o.Timeout/time.Millisecond)
	}
	o.Timeout = patience
	if o.Silent {
		if o.Code != 0 || o.Reason != "" {
			return fault.Refused(fault.IDParameter, "options.flags: with WS_NO_CODE the Close frame has neither a code nor a reason; leave them out")
		}
		return nil
	}
	if !wire.ValidOnWire(o.Code) {
		return fault.Refused(fault.IDParameter, "options.code: %d may not be sent; 1000..1003, 1007..1014 and 3000..4999 may (RFC 6455 7.4)", o.Code)
	}
	if len(o.Reason) > maxReason {
		return fault.Refused(fault.IDParameter, "options.reason: is longer than 123 bytes (RFC 6455 5.5)")
	}
	if !utf8.ValidString(o.Reason) {
		return fault.Refused(fault.IDParameter, "options.reason: is not valid UTF-8 (RFC 6455 5.5.1)")
	}
	return nil
}
