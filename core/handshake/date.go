// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"sync/atomic"
	"time"
)

// dateFormat is IMF-fixdate, RFC 9110 5.6.7.
const dateFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

// date is the value of Date in one second. It never changes.
type date struct {
	second int64
	text   [len(dateFormat)]byte
}

var latestDate atomic.Pointer[date]

// appendDate appends the field Date (RFC 9110 6.6.1). Its text is made once a second,
// since those who are refused may be many.
func appendDate(dst []byte) []byte {
	now := time.Now()
	d := latestDate.Load()
	if d == nil || d.second != now.Unix() {
		d = &date{second: now.Unix()}
		now.UTC().AppendFormat(d.text[:0], dateFormat)
		latestDate.Store(d)
	}
	return append(append(append(dst, "Date: "...), d.text[:]...), "\r\n"...)
}
