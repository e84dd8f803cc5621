// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"strconv"
)

// Rejection is a refused upgrade: the HTTP answer that the peer gets instead of
// 101. It implements error.
type Rejection struct {
	Status int    // HTTP status, 400 to 599; anything else is answered as 500
	Text   string // why, for the log and for the body of the answer; one line
	Detail string // for the log only, which names what the peer has sent; "" for nothing more
}

// Error gives status, reason and detail in one line.
func (r *Rejection) Error() string {
	text := "upgrade refused with HTTP " + strconv.Itoa(r.Status) + ": " + r.Text
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// quoted shows a field of a peer in the log.
func quoted(value []byte) string {
	const most = 200
	if len(value) > most {
		return strconv.Quote(string(value[:most]) + "...")
	}
	return strconv.Quote(string(value))
}

// AppendReply appends the whole HTTP answer to dst and returns the extended
// slice. The answer ends the connection ("Connection: close") and its body is
// Text. 426 names what is spoken here (RFC 6455 4.2.2, RFC 9110 15.5.22), 405 the
// method of upgrades.
func (r *Rejection) AppendReply(dst []byte) []byte {
	dst, _ = r.appendReply(dst, upgradeMethod)
	return dst
}

// What Allow names (RFC 9110 10.2.1): the method of upgrades; or those that RFC 9110 and
// 5789 know, when a host gets every request.
const (
	upgradeMethod = "GET"
	anyMethod     = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
)

// appendReply also returns where the body starts, since HEAD gets none.
func (r *Rejection) appendReply(dst []byte, allow string) (reply []byte, body int) {
	status := r.Status
	if status < 400 || status > 599 {
		status = 500
	}
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, statusText(status)...)
	dst = appendDate(append(dst, "\r\n"...))
	switch status {
	case 405:
		dst = appendField(dst, Field{"Allow", allow})
	case 426:
		dst = append(dst, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"...)
	}
	dst = append(dst, "Connection: close"...)
	if status == 426 { // RFC 9110 7.8: who sends Upgrade lists it
		dst = append(dst, ", Upgrade"...)
	}
	dst = append(dst, "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(r.Text)+1), 10)
	dst = append(dst, "\r\n\r\n"...)
	body = len(dst)
	dst = append(dst, r.Text...)
	return append(dst, '\n'), body
}

// HeadOf is an answer without its body, as a request of HEAD gets it (RFC 9110 9.3.2).
func HeadOf(reply []byte) []byte {
	const end = "\r\n\r\n"
	head, _, _ := bytes.Cut(reply, []byte(end))
	return reply[:len(head)+len(end)]
}

// statusTexts are the reason phrases of RFC 9110 15, and some of RFC 6585 and 7725.
var statusTexts = map[int]string{
	200: "OK",
	201: "Created",
	202: "Accepted",
	203: "Non-Authoritative Information",
	204: "No Content",
	205: "Reset Content",
	206: "Partial Content",
	300: "Multiple Choices",
	301: "Moved Permanently",
	302: "Found",
	303: "See Other",
	304: "Not Modified",
	307: "Temporary Redirect",
	308: "Permanent Redirect",
	400: "Bad Request",
	401: "Unauthorized",
	402: "Payment Required",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	406: "Not Acceptable",
	407: "Proxy Authentication Required",
	408: "Request Timeout",
	409: "Conflict",
	410: "Gone",
	411: "Length Required",
	412: "Precondition Failed",
	413: "Content Too Large",
	414: "URI Too Long",
	415: "Unsupported Media Type",
	416: "Range Not Satisfiable",
	417: "Expectation Failed",
	421: "Misdirected Request",
	422: "Unprocessable Content",
	426: "Upgrade Required",
	428: "Precondition Required",
	429: "Too Many Requests",
	431: "Request Header Fields Too Large",
	451: "Unavailable For Legal Reasons",
	500: "Internal Server Error",
	501: "Not Implemented",
	502: "Bad Gateway",
	503: "Service Unavailable",
	504: "Gateway Timeout",
	505: "HTTP Version Not Supported",
}

// statusText is the reason phrase of a status.
func statusText(status int) string {
	if text := statusTexts[status]; text != "" {
		return text
	}
	return "Status " + strconv.Itoa(status)
}
