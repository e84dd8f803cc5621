// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/handshake"
)

// telling starts a server whose host answers each request by its method, target and body.
func (h *testHost) telling(o config.ListenOptions) (server *handle, port int) {
	return h.asking(o, func(_ *dispatcher, x *handle, e event) {
		if e.kind == border.EventUpgrade {
			if err := x.conn.Accept(AcceptOptions{}); err != nil {
				h.t.Errorf("accept: %v", err)
			}
		}
		if e.kind != border.EventRequest {
			return
		}
		body := fmt.Sprintf("%s %s %s", e.method, e.target, e.body)
		if err := x.conn.Respond(handshake.Reply{Status: 200, Body: []byte(body)}); err != nil {
			h.t.Errorf("respond: %v", err)
		}
	})
}

const upgradeOfTest = "GET /up HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// However a connection is cut, its requests are the same: those with a length, in chunks, without a
// body, with blank lines between them, and the upgrade at last.
func TestBodiesInChunksAreReadAmongOtherRequests(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.telling(config.ListenOptions{HTTP: config.HTTPOptions{MaxBody: 1000, MaxHead: 1024}})
	long := strings.Repeat("0123456789", 100)
	stream := "\r\n\r\nPOST /1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n" +
		"\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n" +
		"PUT /3 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0003\r\n\r\nabc\r\n" +
		"POST /4 HTTP/1.1\r\nHost: localhost\r\ntransfer-encoding: CHUNKED\r\n\r\n00\r\n\r\n" +
		"POST /5 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + long + "\r\n0\r\n\r\n" +
		"GET /6 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n" +
		"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n" + upgradeOfTest
	wanted := []string{"POST /1 hello!", "GET /2 ", "PUT /3 abc", "POST /4 ", "POST /5 " + long, "GET /6 x", "OPTIONS * "}
	for _, size := range []int{1, 2, 3, 7, 50, 199, len(stream)} {
		raw := rawTo(t, port)
		go func() {
			for at := 0; at < len(stream); at += size {
				io.WriteString(raw, stream[at:min(at+size, len(stream))])
			}
		}()
		r := bufio.NewReader(raw)
		for _, want := range wanted {
			response, err := http.ReadResponse(r, nil)
			must(t, err)
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != 200 || string(body) != want || response.Close {
				t.Fatalf("in pieces of %d: %d %q, %v, want %q", size, response.StatusCode, body, err, want)
			}
		}
		response, err := http.ReadResponse(r, nil)
		if err != nil || response.StatusCode != 101 {
			t.Errorf("in pieces of %d: the upgrade: %v, %v", size, response, err)
		}
		raw.Close()
	}
}

// A client that waits for 100 before its body hears it, whether the body has a length or
// comes in chunks; one that would be refused hears that.
func TestWhoExpects100HearsItBeforeABodyInChunks(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.telling(config.ListenOptions{HTTP: config.HTTPOptions{MaxBody: 10}})
	for _, c := range []struct {
		field, body string
		status      int
	}{
		{"Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\n\r\n", 200},
		{"Transfer-Encoding: chunked", "b\r\n", 413},
		{"Content-Length: 2", "hi", 200},
		{"Content-Length: 11", "", 413},
		{"Transfer-Encoding: gzip", "", 400},
		{"Transfer-Encoding: gzip, chunked", "", 501},
	} {
		raw := rawTo(t, port)
		fmt.Fprintf(raw, "POST / HTTP/1.1\r\nHost: localhost\r\n%s\r\nExpect: 100-continue\r\n\r\n", c.field)
		r := bufio.NewReader(raw)
		status := func() int {
			response, err := http.ReadResponse(r, nil)
			must(t, err)
			return response.StatusCode
		}
		got := status()
		if c.body != "" {
			if got != 100 {
				t.Errorf("%s: %d before the body", c.field, got)
			}
			io.WriteString(raw, c.body)
			got = status()
		}
		if got != c.status {
			t.Errorf("%s: %d, want %d", c.field, got, c.status)
		}
		raw.Close()
	}
}

// A blank line behind a body is no begin of another request: the connection still waits for
// one, and who leaves or is sent away then has not left in the middle.
func TestABlankLineBehindABodyIsNoRequest(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server, port := h.telling(config.ListenOptions{HTTP: config.HTTPOptions{KeepAlive: time.Hour}})
	behind := []string{"\r\n", "\r", "\r\n\r\n\r"}
	raws := make([]rawEnd, 2*len(behind))
	for i := range raws {
		raws[i] = rawTo(t, port)
		stray := behind[i%len(behind)]
		request := "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"
		if i < len(behind) { // in one piece
			io.WriteString(raws[i], request+stray)
		} else {
			io.WriteString(raws[i], request)
		}
		r := bufio.NewReader(raws[i])
		response, err := http.ReadResponse(r, nil)
		must(t, err)
		_, err = io.ReadAll(response.Body)
		must(t, err)
		if i >= len(behind) {
			io.WriteString(raws[i], stray)
			h.round()
		}
	}
	done := newMailbox[event]()
	if err := server.server.StopListening(h.completion(done.put)); err != nil {
		t.Fatal(err)
	}
	done.take(t, "end of listening") // nobody is waited for
	for _, raw := range raws {
		if rest, err := io.ReadAll(raw); err != nil || len(rest) > 0 {
			t.Errorf("%q comes, %v", rest, err)
		}
	}
	if left := server.server.figures.left.Load(); left != 0 {
		t.Errorf("%d have left early", left)
	}
}

func TestBlankLinesBeforeARequestAreFew(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.telling(config.ListenOptions{})
	for _, c := range []struct{ blank, status int }{{handshake.MaxBlankLines, 200}, {handshake.MaxBlankLines + 1, 400}} {
		for _, size := range []int{1, 2, 3, 100} {
			raw := rawTo(t, port)
			stream := strings.Repeat("\r\n", c.blank) + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
			for at := 0; at < len(stream); at += size {
				io.WriteString(raw, stream[at:min(at+size, len(stream))]) // what is refused may have ended
			}
			response, err := http.ReadResponse(bufio.NewReader(raw), nil)
			must(t, err)
			if response.StatusCode != c.status {
				t.Errorf("%d blank lines in pieces of %d: %d", c.blank, size, response.StatusCode)
			}
			raw.Close()
		}
	}
}

// HEAD is answered without a body also when the library answers (RFC 9110 9.3.2).
func TestHeadGetsNoBodyFromTheLibrary(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.asking(config.ListenOptions{HTTP: config.HTTPOptions{Decision: time.Millisecond}}, func(*dispatcher, *handle, event) {})
	for request, status := range map[string]string{
		"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n":                                  "503",
		"HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n":       "413",
		"HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x, chunked\r\n\r\n": "501",
	} {
		raw := rawTo(t, port)
		io.WriteString(raw, request)
		got, err := io.ReadAll(raw)
		if err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 "+status) || !strings.HasSuffix(string(got), "\r\n\r\n") {
			t.Errorf("%q: %q, %v", request, got, err)
		}
	}
}
