// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxProxyHead bounds all heads of the reply of a proxy.
const maxProxyHead = 16 << 10

// askHTTP has an HTTP proxy connect to address, which is host:port (RFC 9110
// 9.3.6). Not a byte behind the head of the reply is read.
func askHTTP(rw io.ReadWriter, p *Proxy, address string) error {
	request := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if p.authenticates() {
		request += "Proxy-Authorization: " + basic(p.Username, p.Password) + "\r\n"
	}
	if _, err := io.WriteString(rw, request+"\r\n"); err != nil {
		return fmt.Errorf("sending CONNECT: %w", withoutOp(err))
	}
	for budget := maxProxyHead; ; {
		head, err := readHead(rw, budget)
		if err != nil {
			return err
		}
		budget -= len(head)
		status, reason, err := parseHead(head)
		switch {
		case err != nil:
			return err
		case status/100 == 2:
			return nil // a Content-Length or Transfer-Encoding means nothing here
		case status/100 != 1 || status == 101: // others of 1xx come before the answer, RFC 9110 15.2
			return refusal(p, status, reason, head)
		}
	}
}

// refusal makes an error of a reply that is not 2xx. Its body, whatever length it
// has, dies with the socket.
func refusal(p *Proxy, status int, reason string, head []byte) error {
	text := "the proxy answered " + strconv.Itoa(status)
	if reason != "" {
		text += " " + strconv.QuoteToGraphic(reason)
	}
	if status == 407 {
		if p.authenticates() {
			text += ": it does not take user name and password"
		} else {
			text += ": it wants user name and password"
		}
		if schemes := challenges(head); len(schemes) > 0 {
			text += "; it offers " + strings.Join(schemes, ", ")
		}
	}
	return &proxyError{status: status, text: text, retryAfter: valuesOf(head, "retry-after"), date: valuesOf(head, "date")}
}

// valuesOf are the values of the fields with a name.
func valuesOf(head []byte, name string) (values []string) {
	for line := range strings.Lines(string(head)) {
		if own, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(own, name) {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// readHead reads up to the blank line. What follows belongs to the target and has
// to stay in the socket, which is handed on as a bare descriptor, so no read asks
// for more bytes than the head must still have: two inside a line, one behind it.
func readHead(r io.Reader, max int) ([]byte, error) {
	// The shortest one is "HTTP/1.1 200" and two line ends.
	head := make([]byte, 0, 512)
	for step := len("HTTP/1.1 200\n\n"); ; {
		if len(head)+step > max {
			return nil, &proxyError{text: fmt.Sprintf("the head of the proxy's reply is longer than %d bytes", maxProxyHead)}
		}
		n, err := r.Read(grow(&head, step))
		head = head[:len(head)+n]
		if text := firstBytes(head); text != "" {
			return nil, &proxyError{text: text}
		}
		switch {
		case bytes.HasSuffix(head, []byte("\n\r\n")), bytes.HasSuffix(head, []byte("\n\n")):
			return head, nil
		case errors.Is(err, io.EOF):
			return nil, &proxyError{text: fmt.Sprintf("the proxy ended the connection after %d bytes of its reply", len(head))}
		case err != nil:
			return nil, fmt.Errorf("reading the proxy's reply: %w", withoutOp(err))
		}
		switch {
		case len(head) < len("HTTP/1.1 200"):
			step = len("HTTP/1.1 200\n\n") - len(head)
		case bytes.HasSuffix(head, []byte("\n")), bytes.HasSuffix(head, []byte("\n\r")):
			step = 1
		default:
			step = 2
		}
	}
}

// grow makes room for n bytes behind *b and returns it.
func grow(b *[]byte, n int) []byte {
	if cap(*b)-len(*b) < n {
		*b = append(make([]byte, 0, 2*cap(*b)+n), *b...)
	}
	return (*b)[len(*b) : len(*b)+n]
}

// firstBytes recognises a peer that does not speak HTTP/1, so that nobody waits
// for the rest of a head that is none.
func firstBytes(head []byte) string {
	const start = "HTTP/1."
	n := min(len(head), len(start))
	if string(head[:n]) == start[:n] {
		return ""
	}
	return fmt.Sprintf("the proxy does not speak HTTP/1; its reply begins with %q", head[:min(len(head), 16)])
}

// parseHead reads the status line (RFC 9112 4).
func parseHead(head []byte) (status int, reason string, err error) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	// HTTP/1.x SP 3DIGIT [ SP reason ]
	const at = len("HTTP/1.1 ")
	ok := len(line) >= at+3 && line[at-2] >= '0' && line[at-2] <= '9' && line[at-1] == ' ' &&
		(len(line) == at+3 || line[at+3] == ' ')
	if ok {
		for _, c := range line[at : at+3] {
			ok = ok && c >= '0' && c <= '9'
			status = 10*status + int(c-'0')
		}
	}
	if !ok || status < 100 {
		return 0, "", &proxyError{text: fmt.Sprintf("the proxy's status line is malformed: %.64q", line)}
	}
	if len(line) > at+4 {
		reason = string(line[at+4 : min(len(line), at+4+64)])
	}
	return status, reason, nil
}

// challenges lists the schemes of Proxy-Authenticate (RFC 9110 11.7.1), for a text.
func challenges(head []byte) []string {
	const most = 4
	var schemes []string
	for line := range strings.Lines(string(head)) {
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(name, "proxy-authenticate") || len(schemes) == most {
			continue
		}
		value = strings.TrimSpace(value)
		end := strings.IndexFunc(value, func(r rune) bool {
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-')
		})
		if end < 0 {
			end = len(value)
		}
		if end > 0 {
			schemes = append(schemes, value[:min(end, 32)])
		}
	}
	return schemes
}
