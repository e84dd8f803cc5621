// SPDX-License-Identifier: Apache-2.0

package handshake

import "strconv"

// Reply is an answer of the host to a request, RFC 9110 and 9112.
type Reply struct {
	Status int     // 200..599
	Fields []Field // in order, see CheckFields
	Body   []byte
	Close  bool // the connection ends behind it
}

// CheckFields tells whether fields may be part of an answer; the error is a
// *RequestError. Those that the answer itself is made of are refused, see
// [ClientOptions.Check].
func CheckFields(fields []Field) error {
	for _, f := range fields {
		if err := checkField(f); err != nil {
			return err
		}
	}
	return nil
}

// AppendHead appends the head of the answer to r: Date and Content-Length come by themselves (RFC 9110
// 6.6.1, 8.6). The body follows if HasBody.
func (p *Reply) AppendHead(dst []byte, r *Request) []byte {
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(p.Status), 10)
	dst = append(dst, ' ')
	dst = append(dst, statusText(p.Status)...)
	dst = append(dst, "\r\n"...)
	dated := false
	for _, f := range p.Fields {
		dated = dated || foldEqual(f.Name, "date")
	}
	if !dated {
		dst = appendDate(dst)
	}
	dst = appendFields(dst, p.Fields)
	switch {
	case p.Close:
		dst = append(dst, "Connection: close\r\n"...)
	case r.Old:
		dst = append(dst, "Connection: keep-alive\r\n"...)
	}
	if p.Status != 204 && p.Status != 304 {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, int64(len(p.Body)), 10)
		dst = append(dst, "\r\n"...)
	}
	return append(dst, "\r\n"...)
}

// HasBody tells whether the body is part of the answer: HEAD gets none, and neither do
// 204 and 304.
func (p *Reply) HasBody(r *Request) bool {
	return r.Method != "HEAD" && p.Status != 204 && p.Status != 304
}

// Continue is the answer to a request that waits before it sends its body, RFC 9110
// 15.2.1.
const Continue = "HTTP/1.1 100 Continue\r\n\r\n"

func appendFields(dst []byte, fields []Field) []byte {
	for _, f := range fields {
		dst = appendField(dst, f)
	}
	return dst
}

func appendField(dst []byte, f Field) []byte {
	dst = append(dst, f.Name...)
	dst = append(dst, ": "...)
	dst = append(dst, f.Value...)
	return append(dst, "\r\n"...)
}
