// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"strings"
	"testing"
)

func TestHealthChecksAreAnsweredAndNothingElse(t *testing.T) {
	t.Parallel()
	for head, body := range map[string]string{
		request("GET /healthz HTTP/1.1", "Host: 192.0.2.1"):                            "ok\n",
		request("GET /healthz?full HTTP/1.0", "A: b"):                                  "ok\n",
		request("GET http://x/healthz HTTP/1.1", fHost):                                "ok\n",
		request("HEAD /healthz HTTP/1.1", fHost):                                       "",
		request("GET /healthz HTTP/1.1", fHost, "Content-Length: 0"):                   "ok\n",
		request("GET /healthz/ HTTP/1.1", fHost):                                       "-",
		request("GET /a/healthz HTTP/1.1", fHost):                                      "-",
		request("GET /?/healthz HTTP/1.1", fHost):                                      "-",
		request("POST /healthz HTTP/1.1", fHost):                                       "-",
		request("GET /healthz HTTP/1.1", fHost, "Content-Length: 5"):                   "-",
		request("GET /healthz HTTP/1.1", fHost, "Transfer-Encoding: chunked"):          "-",
		request("GET /healthz HTTP/1.1", fHost, fHost):                                 "-",
		request("GET /healthz HTTP/1.1", "A: b"):                                       "-",
		request("GET /healthz HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion): "-",
		request("GET / HTTP/1.1", fHost, "X: /healthz"):                                "-",
	} {
		reply, ok := AppendHealth(nil, []byte(head), "/healthz")
		if ok != (body != "-") || !ok && len(reply) > 0 {
			t.Errorf("%q: %v, %q", head, ok, reply)
		}
		if _, got, _ := strings.Cut(string(reply), "\r\n\r\n"); ok && (got != body || !strings.HasPrefix(string(reply), "HTTP/1.1 200 OK\r\n") || !strings.Contains(string(reply), "Content-Length: 3\r\n")) {
			t.Errorf("%q is answered by %q", head, reply)
		}
	}
	for path, is := range map[string]bool{"/healthz": true, "/": true, "/a/b": true, "": false, "healthz": false, "/a?b": false, "/a#b": false, "/a b": false, "*": false, "/" + strings.Repeat("a", 255): false} {
		if IsHealthPath(path) != is {
			t.Errorf("%q", path)
		}
	}
}
