// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"

	"libws/core/config"
)

// Who speaks plain HTTP to a port of TLS is told so in text, also behind a PROXY header, and
// however much he has to say.
func TestPlainHTTPOnATLSPortIsAnsweredInText(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	_, proxied := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Front: config.FrontOptions{Trusted: "127.0.0.1", Source: config.AddressProxyProtocol}}, certs().good, nil)
	for _, request := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /",
		"GET http://a/ HTTP/1.0\r\n\r\n",
		"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("x", 300000),
	} {
		for _, in := range []struct {
			port   int
			header string
		}{{port, ""}, {proxied, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"}} {
			raw := rawTo(t, in.port)
			_, err := io.WriteString(raw, in.header+request)
			must(t, err)
			answer := bufio.NewReader(raw)
			response, err := http.ReadResponse(answer, &http.Request{Method: http.MethodHead}) // which reads no body
			must(t, err)
			body, err := io.ReadAll(answer)
			must(t, err)
			text := "this port speaks TLS"
			if strings.HasPrefix(request, "HEAD ") { // RFC 9110 9.3.2
				text = ""
			}
			if response.StatusCode != 400 || !response.Close || !strings.HasPrefix(string(body), text) || (text == "") != (len(body) == 0) {
				t.Errorf("%.40q behind %q: %d, %q", request, in.header, response.StatusCode, body)
			}
			must(t, raw.end())
			raw.Close()
		}
	}
	h.dropped(t, "127.0.0.1:", "TLS handshake: the peer does not speak TLS but plain HTTP")
	h.dropped(t, "192.0.2.1", "TLS handshake: the peer does not speak TLS but plain HTTP")
}

// All else that is no hello gets no text: it would be read as what it is not.
func TestWhatIsNeitherTLSNorHTTPGetsNoText(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	for _, says := range []string{"SSH-2.0-x\r\n", "EHLO a\r\n", "GETAWAY", "\x00\x00\x00\x00\x00", "\x80\x2e\x01\x03\x01"} {
		raw := rawTo(t, port)
		_, err := io.WriteString(raw, says)
		must(t, err)
		got, err := io.ReadAll(raw)
		if err != nil || strings.Contains(string(got), "HTTP") {
			t.Errorf("%q: %q, %v", says, got, err)
		}
		raw.Close()
	}
}
