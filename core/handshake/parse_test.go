// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
)

func TestPagesMayConnectToTheHostTheyCameFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		origin, host string
		origins      []string
		allowed      bool
	}{
		{"http://example.com", "example.com", nil, true},
		{"http://example.com", "EXAMPLE.com:80", nil, true},
		{"https://example.com:443", "example.com", nil, true},
		{"https://example.com", "example.com:443", nil, true},
		{"http://[::1]:8080", "[::1]:8080", nil, true},
		{"http://example.com:8080", "example.com", nil, false},
		{"http://example.com", "example.com:8080", nil, false},
		{"http://evil.example.com", "example.com", nil, false},
		{"http://example.com.evil", "example.com", nil, false},
		{"null", "example.com", nil, false},
		{"", "example.com", nil, false},
		{"http://other", "example.com", []string{"http://a", "http://other"}, true},
		{"http://example.com", "example.com:", nil, true},
		{"https://example.com", "example.com:80", nil, false},
		{"HTTP://Other", "example.com", []string{"http://other"}, true},
		{"http://example.com", "example.com", []string{"http://other"}, false},
		{"null", "example.com", []string{"null"}, true},
		{"null", "example.com", []string{"*"}, true},
	} {
		head := request("GET / HTTP/1.1", "Host: "+c.host, fUpgrade, fConnection, fKey, fVersion, "Origin: "+c.origin)
		_, _, rej := Accept(nil, []byte(head), &ServerOptions{Origins: patterns(t, c.origins...)})
		if c.allowed && rej != nil || !c.allowed && (rej == nil || rej.Status != 403) {
			t.Errorf("origin %q, host %q, allowed %q: %v", c.origin, c.host, c.origins, rej)
		}
	}
	if _, _, rej := Accept(nil, []byte(chat()), &ServerOptions{Origins: patterns(t, "http://a")}); rej != nil {
		t.Errorf("without Origin: %v", rej)
	}
}

func TestParseTellsWhatARequestWants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		head string
		want Request
	}{
		{request("GET /a?b HTTP/1.1", fHost), Request{Method: "GET", URI: "/a?b", Keep: true}},
		{request("HEAD / HTTP/1.1", fHost, "Connection: close"), Request{Method: "HEAD", URI: "/"}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 12", "Expect: 100-Continue"), Request{Method: "POST", URI: "/", Body: 12, Waits: true, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 0", "Expect: 100-continue"), Request{Method: "POST", URI: "/", Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 000000000000000000000000000012"), Request{Method: "POST", URI: "/", Body: 12, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 9223372036854775807"), Request{Method: "POST", URI: "/", Body: math.MaxInt64, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 9223372036854775808"), Request{Method: "POST", URI: "/", Body: math.MaxInt64, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 18446744073709551617"), Request{Method: "POST", URI: "/", Body: math.MaxInt64, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Content-Length: 1"+strings.Repeat("0", 5000)), Request{Method: "POST", URI: "/", Body: math.MaxInt64, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Transfer-Encoding: Chunked"), Request{Method: "POST", URI: "/", Chunked: true, Keep: true}},
		{request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked", "Expect: 100-continue"), Request{Method: "POST", URI: "/", Chunked: true, Waits: true, Keep: true}},
		{request("GET / HTTP/1.1", fHost, "Transfer-Encoding:\tchunked "), Request{Method: "GET", URI: "/", Chunked: true, Keep: true}},
		{request("OPTIONS * HTTP/1.1", fHost), Request{Method: "OPTIONS", URI: "*", Keep: true}},
		{request("OPTIONS http://example.com HTTP/1.1", fHost), Request{Method: "OPTIONS", URI: "/", Keep: true}},
		{request("GET http://example.com:80?q HTTP/1.1", fHost), Request{Method: "GET", URI: "/?q", Keep: true}},
		{"GET / HTTP/1.0\r\n\r\n", Request{Method: "GET", URI: "/", Old: true}},
		{request("GET / HTTP/1.0", "Connection: Keep-Alive"), Request{Method: "GET", URI: "/", Old: true, Keep: true}},
		{request("GET / HTTP/1.0", fHost, fUpgrade, fConnection, fKey, fVersion), Request{Method: "GET", URI: "/", Old: true}},
		{chat("Sec-WebSocket-Protocol: a, b"), Request{Method: "GET", URI: "/chat", Upgrade: true, Protocol: "b", Keep: true}},
	} {
		got, _, rej := Parse(nil, []byte(c.head), &ServerOptions{Protocols: []string{"b"}}, true)
		if rej != nil {
			t.Errorf("%q: %v", c.head, rej)
			continue
		}
		if got.Method != c.want.Method || got.URI != c.want.URI || got.Upgrade != c.want.Upgrade || got.Body != c.want.Body || got.Chunked != c.want.Chunked ||
			got.Waits != c.want.Waits || got.Keep != c.want.Keep || got.Old != c.want.Old || got.Protocol != c.want.Protocol {
			t.Errorf("%q: %+v", c.head, got)
		}
	}
}

func TestParseRefusesWhatMayBeReadInTwoWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		head   string
	}{
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: 1", "Content-Length: 1")},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: 1", "Transfer-Encoding: chunked")},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: 1, 1")},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: 1 1")},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: 0x1")},
		{400, request("POST / HTTP/1.0", fHost, "Transfer-Encoding: chunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding:")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: gzip")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: identity")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked, gzip")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked", "Transfer-Encoding: identity")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked, chunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked;a=b")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: ,chunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked,")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: \"chunked\"")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: chunked identity")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: xchunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: \x0bchunked")},
		{400, request("POST / HTTP/1.1", fHost, "Transfer-Encoding : chunked")},
		{501, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: x;a=\"b, chunked")},
		{501, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: gzip, chunked")},
		{501, request("POST / HTTP/1.1", fHost, "Transfer-Encoding: gzip;level=1", "Transfer-Encoding: chunked")},
		{501, request("CONNECT example.com:443 HTTP/1.1", fHost)},
		{501, request("CONNECT [::1]:443 HTTP/1.1", fHost)},
		{400, request("CONNECT example.com HTTP/1.1", fHost)},
		{400, request("CONNECT example.com: HTTP/1.1", fHost)},
		{400, request("CONNECT [::1] HTTP/1.1", fHost)},
		{400, request("CONNECT / HTTP/1.1", fHost)},
		{400, request("CONNECT http://example.com:80/ HTTP/1.1", fHost)},
		{400, request("GET * HTTP/1.1", fHost)},
		{400, request("OPTIONS ** HTTP/1.1", fHost)},
		{400, request("GET example.com:80 HTTP/1.1", fHost)},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length: +1")},
		{400, request("POST / HTTP/1.1", fHost, "Content-Length:")},
		{400, request("GET / HTTP/1.1")},
		{400, request("GET / HTTP/1.1", fHost, fHost)},
		{400, request("GET / HTTP/1.0", "Host: a b")},
		{505, request("GET / HTTP/2.0", fHost)},
		{426, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fKey)},
		{405, request("POST / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
		{403, chat("Origin: http://evil")},
	} {
		_, reply, rej := Parse(nil, []byte(c.head), nil, true)
		if rej == nil || rej.Status != c.status {
			t.Errorf("%q: %v, want %d", c.head, rej, c.status)
		} else if !bytes.Contains(reply, []byte("Connection: close")) {
			t.Errorf("%q is answered by %q", c.head, reply)
		}
	}
}

func TestAllowNamesWhatIsServed(t *testing.T) {
	t.Parallel()
	head := []byte(request("POST / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion))
	for plain, want := range map[bool]string{false: "\r\nAllow: GET\r\n", true: "\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"} {
		_, reply, rej := Parse(nil, head, nil, plain)
		if rej == nil || rej.Status != 405 || !bytes.Contains(reply, []byte(want)) {
			t.Errorf("%v, %q", rej, reply)
		}
	}
}

func TestSwitchSaysWhatTheHostChose(t *testing.T) {
	t.Parallel()
	req, _, rej := Parse(nil, []byte(chat("Sec-WebSocket-Protocol: a, b")), nil, true)
	if rej != nil {
		t.Fatal(rej)
	}
	reply := req.Switch([]byte("before"), "a", []Field{{"Set-Cookie", "x=1"}, {"Set-Cookie", "y=2"}})
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.TrimPrefix(string(reply), "before"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	h := resp.Header
	if resp.StatusCode != 101 || h.Get("Sec-WebSocket-Protocol") != "a" || len(h["Set-Cookie"]) != 2 || h.Get("Sec-WebSocket-Accept") != sampleAccept {
		t.Errorf("%q", reply)
	}
	if !req.Offers("b") || req.Offers("c") {
		t.Error("Offers is wrong")
	}
	// The next one has none of these fields.
	if _, reply, _ := Accept(nil, []byte(chat()), nil); bytes.Contains(reply, []byte("Cookie")) {
		t.Errorf("%q", reply)
	}
}

func TestReplyIsReadByNetHTTP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reply   Reply
		request Request
		body    string
		close   bool
	}{
		{Reply{Status: 200, Body: []byte("hello")}, Request{Method: "GET"}, "hello", false},
		{Reply{Status: 200, Body: []byte("hello")}, Request{Method: "HEAD"}, "", false},
		{Reply{Status: 204, Body: []byte("hello")}, Request{Method: "GET"}, "", false},
		{Reply{Status: 304}, Request{Method: "GET"}, "", false},
		{Reply{Status: 404, Close: true}, Request{Method: "GET"}, "", true},
		{Reply{Status: 599, Body: []byte("x")}, Request{Method: "GET", Old: true}, "x", false},
		{Reply{Status: 200, Fields: []Field{{"Date", "Mon, 02 Jan 2006 15:04:05 GMT"}, {"Content-Type", "text/html"}}}, Request{Method: "GET"}, "", false},
	} {
		reply := c.reply.AppendHead(nil, &c.request)
		if c.reply.HasBody(&c.request) {
			reply = append(reply, c.reply.Body...)
		}
		buffered := bufio.NewReader(bytes.NewReader(reply))
		resp, err := http.ReadResponse(buffered, &http.Request{Method: c.request.Method})
		if err != nil {
			t.Fatalf("%q: %v", reply, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != c.body || resp.StatusCode != c.reply.Status || resp.Close != c.close || buffered.Buffered() != 0 {
			t.Errorf("%q: %v, body %q, close %v, %d bytes too many", reply, err, body, resp.Close, buffered.Buffered())
		}
		if _, err := http.ParseTime(resp.Header.Get("Date")); err != nil || len(resp.Header["Date"]) != 1 {
			t.Errorf("%q: Date: %v", reply, err)
		}
	}
}

func TestFieldsOfTheAnswerItselfAreRefused(t *testing.T) {
	t.Parallel()
	for _, f := range []Field{{"Content-Length", "1"}, {"connection", "close"}, {"Transfer-Encoding", "chunked"}, {"Sec-WebSocket-Accept", "x"},
		{"Upgrade", "websocket"}, {"X", "a\r\nb: c"}, {"X Y", "a"}, {"", "a"}} {
		if CheckFields([]Field{{"Good", "one"}, f}) == nil {
			t.Errorf("%q is allowed", f)
		}
	}
	if err := CheckFields([]Field{{"WWW-Authenticate", `Bearer realm="x"`}, {"X", ""}}); err != nil {
		t.Error(err)
	}
}
