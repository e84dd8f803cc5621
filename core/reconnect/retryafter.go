// SPDX-License-Identifier: Apache-2.0

package reconnect

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// RetryAfter reads the field of that name (RFC 9110 10.2.3) of an answer: seconds, or a
// date, from which date, the answer's own Date, is taken off, or now where that is missing.
// False when it is malformed.
func RetryAfter(value, date string, now time.Time) (time.Duration, bool) {
	value = strings.Trim(value, " \t")
	if value != "" && strings.Trim(value, "0123456789") == "" {
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil || n > uint64(math.MaxInt64/time.Second) { // RFC 9110 5.6.7 sets no limit
			return math.MaxInt64, true
		}
		return time.Duration(n) * time.Second, true
	}
	at, ok := httpDate(value)
	if !ok {
		return 0, false
	}
	if said, ok := httpDate(strings.Trim(date, " \t")); ok {
		now = said
	}
	return max(at.Sub(now), 0), true
}

// httpDate reads the three forms of RFC 9110 5.6.7.
func httpDate(s string) (time.Time, bool) {
	for _, form := range [...]string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// AsksForTime tells whether a status comes with a Retry-After that means the request
// itself (RFC 9110 15.6.4, RFC 6585 4).
func AsksForTime(status int) bool { return status == 503 || status == 429 }
