// SPDX-License-Identifier: Apache-2.0

package handshake

import "strconv"

// AppendBusy is AppendReply for a client that may try again after so many seconds
// (Retry-After, RFC 9110 10.2.3).
func (r *Rejection) AppendBusy(dst []byte, seconds int) []byte {
	reply, body := r.appendReply(nil, upgradeMethod)
	blank := body - len("\r\n")
	dst = append(append(dst, reply[:blank]...), "Retry-After: "...)
	dst = strconv.AppendInt(dst, int64(seconds), 10)
	return append(append(dst, "\r\n"...), reply[blank:]...)
}
