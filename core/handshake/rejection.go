// SPDX-License-Identifier: Apache-2.0

package handshake

import "strconv"

// Rejection is a refused upgrade: the HTTP answer that the peer gets instead of
// 101. It implements error.
type Rejection struct {
	Status int    // HTTP status, 400 to 599; anything else is answered as 500
	Text   string // why, for the log and for the body of the answer; one line
}

// Error gives status and reason in one line.
func (r *Rejection) Error() string {
	return "upgrade refused with HTTP " + strconv.Itoa(r.Status) + ": " + r.Text
}

// AppendReply appends the whole HTTP answer to dst and returns the extended
// slice. The answer ends the connection ("Connection: close") and its body is
// Text. 426 names what is spoken here (RFC 6455 4.2.2, RFC 9110 15.5.22), 405 the
// method that is allowed.
func (r *Rejection) AppendReply(dst []byte) []byte {
	dst, _ = r.appendReply(dst)
	return dst
}

// appendReply also returns where the body starts, since HEAD gets none.
func (r *Rejection) appendReply(dst []byte) (reply []byte, body int) {
	status := r.Status
	if status < 400 || status > 599 {
		status = 500
	}
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, statusText(status)...)
	switch status {
	case 405:
		dst = append(dst, "\r\nAllow: GET\r\nConnection: close"...)
	case 426:
		dst = append(dst, "\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: close, Upgrade"...)
	default:
		dst = append(dst, "\r\nConnection: close"...)
	}
	dst = append(dst, "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(r.Text)+1), 10)
	dst = append(dst, "\r\n\r\n"...)
	body = len(dst)
	dst = append(dst, r.Text...)
	return append(dst, '\n'), body
}

// statusText is the reason phrase of a status that a server gives here.
func statusText(status int) string {
	switch status {
	case 400:
		return "Bad Request"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 408:
		return "Request Timeout"
	case 414:
		return "URI Too Long"
	case 426:
		return "Upgrade Required"
	case 429:
		return "Too Many Requests"
	case 431:
		return "Request Header Fields Too Large"
	case 500:
		return "Internal Server Error"
	case 503:
		return "Service Unavailable"
	case 505:
		return "HTTP Version Not Supported"
	}
	return "Status " + strconv.Itoa(status)
}
