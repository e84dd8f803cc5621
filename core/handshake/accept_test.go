// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// goodRequests must be accepted, each for the reason in its name.
var goodRequests = []struct {
	name, head string
	uri, host  string
}{
	{"as in RFC 6455 1.2", chat("Origin: http://example.com", "Sec-WebSocket-Protocol: chat, superchat"), "/chat", "example.com"},
	{"names and values in any case", request("GET / HTTP/1.1", "HOST: h", "uPGRADE: WebSocket", "connection: UPGRADE",
		"sec-websocket-key: "+sampleKey, "SEC-WEBSOCKET-VERSION: 13"), "/", "h"},
	{"no space after the colon", request("GET / HTTP/1.1", "Host:h", "Upgrade:websocket", "Connection:Upgrade",
		"Sec-WebSocket-Key:"+sampleKey, "Sec-WebSocket-Version:13"), "/", "h"},
	{"white space around values", request("GET / HTTP/1.1", "Host: \t h \t", "Upgrade:  websocket  ", "Connection:\tUpgrade\t",
		"Sec-WebSocket-Key:  "+sampleKey+" ", "Sec-WebSocket-Version: 13\t"), "/", "h"},
	{"Connection as a list", request("GET / HTTP/1.1", fHost, fUpgrade, "Connection: keep-alive, Upgrade", fKey, fVersion), "/", "example.com"},
	{"Connection over two lines", request("GET / HTTP/1.1", fHost, fUpgrade, "Connection: keep-alive", fConnection, fKey, fVersion), "/", "example.com"},
	{"Connection with empty elements", request("GET / HTTP/1.1", fHost, fUpgrade, "Connection: ,, upgrade ,", fKey, fVersion), "/", "example.com"},
	{"Upgrade as a list", request("GET / HTTP/1.1", fHost, "Upgrade: h2c, websocket", fConnection, fKey, fVersion), "/", "example.com"},
	{"Upgrade over two lines", request("GET / HTTP/1.1", fHost, "Upgrade: h2c", fUpgrade, fConnection, fKey, fVersion), "/", "example.com"},
	{"a later minor version", request("GET / HTTP/1.2", fHost, fUpgrade, fConnection, fKey, fVersion), "/", "example.com"},
	{"a query", request("GET /p?a=b&c=%20 HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion), "/p?a=b&c=%20", "example.com"},
	{"an absolute URI (RFC 6455 4.2.1)", request("GET http://other:81/p?q HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion), "/p?q", "other:81"},
	{"an absolute URI without a path", request("GET WS://other HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion), "/", "other"},
	{"an absolute URI with a query only", request("GET wss://other?q HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion), "/?q", "other"},
	{"IPv6 in Host", request("GET / HTTP/1.1", "Host: [::1]:8080", fUpgrade, fConnection, fKey, fVersion), "/", "[::1]:8080"},
	{"Content-Length 0", chat("Content-Length: 0"), "/chat", "example.com"},
	{"Content-Length 0 with many digits", chat("Content-Length: 000000000000000000000000"), "/chat", "example.com"},
	{"an empty value", chat("X-Empty:", "X-Blank:   "), "/chat", "example.com"},
	{"obs-text and a tab in a value", chat("X-Name: J\xfcrgen\tK"), "/chat", "example.com"},
	{"an unknown extension", chat("Sec-WebSocket-Extensions: x-unknown; a=b"), "/chat", "example.com"},
	{"a subprotocol list with empty elements", chat("Sec-WebSocket-Protocol:", "Sec-WebSocket-Protocol: ,a,"), "/chat", "example.com"},
	{"large fields", chat("Cookie: " + strings.Repeat("c", 9000)), "/chat", "example.com"},
}

func TestAcceptAnswersGoodRequestsWithTheRightKey(t *testing.T) {
	t.Parallel()
	const want = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + sampleAccept + "\r\n\r\n"
	for _, c := range goodRequests {
		req, reply, rej := Accept([]byte("before"), []byte(c.head), nil)
		if rej != nil {
			t.Errorf("%s: %v", c.name, rej)
			continue
		}
		if string(reply) != "before"+want {
			t.Errorf("%s: reply %q", c.name, reply)
		}
		if req.Method != "GET" || req.URI != c.uri || req.Host != "" || req.Protocol != "" || req.Fields != nil {
			t.Errorf("%s: request %+v", c.name, req)
		}
		if req, _, _ = Accept(nil, []byte(c.head), &ServerOptions{Keep: true}); req.URI != c.uri || req.Host != c.host || req.Fields == nil {
			t.Errorf("%s: kept %+v", c.name, req)
		}
	}
}

// badRequests must be refused with the status.
var badRequests = []struct {
	name   string
	status int
	head   string
}{
	// RFC 9112 3: the request line. Nobody is left without an answer.
	{"no request line", 400, "\r\n\r\n"},
	{"one word", 400, request("GET", fHost)},
	{"no version", 400, request("GET /", fHost)},
	{"two spaces", 400, request("GET  / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"space in the path", 400, request("GET /a b HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"tab instead of space", 400, request("GET\t/ HTTP/1.1", fHost)},
	{"method not a token", 400, request("G@T / HTTP/1.1", fHost)},
	{"version not a version", 400, request("GET / HTTP/x.1", fHost)},
	{"version with two digits", 400, request("GET / HTTP/1.10", fHost)},
	{"trailing space", 400, request("GET / HTTP/1.1 ", fHost)},
	{"fragment", 400, request("GET /#f HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"control character in the path", 400, request("GET /\x01 HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"raw UTF-8 in the path", 400, request("GET /ü HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"asterisk", 400, request("GET * HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"authority form", 400, request("GET example.com:80 HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"absolute URI of another scheme", 400, request("GET ftp://h/ HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"absolute URI without a host", 400, request("GET http:///p HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"absolute URI with an escape in the host", 400, request("GET http://a%80/ HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"absolute URI with credentials", 400, request("GET http://u@h/ HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	// RFC 6455 4.2.1 1: GET, HTTP/1.1 or higher.
	{"POST", 405, request("POST / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"method in lower case", 405, request("get / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"HTTP/1.0", 505, request("GET / HTTP/1.0", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"HTTP/2.0", 505, request("GET / HTTP/2.0", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\n"},
	{"CONNECT", 501, request("CONNECT example.com:80 HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"OPTIONS of all", 405, request("OPTIONS * HTTP/1.1", fHost, fUpgrade, fConnection, fKey, fVersion)},
	// RFC 6455 4.2.1 2: Host.
	{"an empty Host that is not used", 400, request("GET http://h/ HTTP/1.1", "Host:", fUpgrade, fConnection, fKey, fVersion)},
	{"no Host", 400, request("GET / HTTP/1.1", fUpgrade, fConnection, fKey, fVersion)},
	{"two Hosts", 400, chat(fHost)},
	{"two Hosts with an absolute URI", 400, request("GET http://h/ HTTP/1.1", fHost, fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"absolute URI and no Host (RFC 9112 3.2)", 400, request("GET http://h/ HTTP/1.1", fUpgrade, fConnection, fKey, fVersion)},
	{"empty Host", 400, request("GET / HTTP/1.1", "Host:", fUpgrade, fConnection, fKey, fVersion)},
	{"a list in Host", 400, request("GET / HTTP/1.1", "Host: a, b", fUpgrade, fConnection, fKey, fVersion)},
	{"a path in Host", 400, request("GET / HTTP/1.1", "Host: a/b", fUpgrade, fConnection, fKey, fVersion)},
	{"credentials in Host", 400, request("GET / HTTP/1.1", "Host: u@h", fUpgrade, fConnection, fKey, fVersion)},
	// RFC 6455 4.2.1 3: Upgrade. What is not meant for us learns what we speak.
	{"plain HTTP", 426, request("GET / HTTP/1.1", fHost)},
	{"plain HTTP, kept alive", 426, request("GET /favicon.ico HTTP/1.1", fHost, "Connection: keep-alive", "Accept: */*")},
	{"upgrade to something else", 426, request("GET / HTTP/1.1", fHost, "Upgrade: h2c", fConnection, fKey, fVersion)},
	{"Upgrade that only looks alike", 426, request("GET / HTTP/1.1", fHost, "Upgrade: websocke\u212a", fConnection, fKey, fVersion)},
	{"Upgrade with more in the element", 426, request("GET / HTTP/1.1", fHost, "Upgrade: websocket/13", fConnection, fKey, fVersion)},
	// RFC 6455 4.2.1 4: Connection.
	{"no Connection", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fKey, fVersion)},
	{"Connection without upgrade", 400, request("GET / HTTP/1.1", fHost, fUpgrade, "Connection: keep-alive, xupgrade", fKey, fVersion)},
	// RFC 6455 4.2.1 5: Sec-WebSocket-Key.
	{"no Key", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion)},
	{"two Keys", 400, chat(fKey)},
	{"empty Key", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key:")},
	{"Key of 24 bytes not base64", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==")},
	{"Key of 24 bytes with padding inside", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25=ZQ==")},
	{"Key of 17 bytes", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWE=")},
	{"Key of 18 bytes", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWFh")},
	{"Key of 15 bytes", 400, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fVersion, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j")},
	// RFC 6455 4.2.1 6 and 4.4: Sec-WebSocket-Version.
	{"no Version", 426, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fKey)},
	{"Version 8", 426, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, "Sec-WebSocket-Version: 8")},
	{"Version 013", 426, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, "Sec-WebSocket-Version: 013")},
	{"a list of Versions", 426, request("GET / HTTP/1.1", fHost, fUpgrade, fConnection, fKey, "Sec-WebSocket-Version: 13, 8")},
	{"two Versions (RFC 6455 11.3.5)", 400, chat(fVersion)},
	// RFC 6455 4.2.1 7 and 8, RFC 6454 7.3.
	{"two Origins", 400, chat("Origin: http://a", "Origin: http://b")},
	{"empty subprotocol list", 400, chat("Sec-WebSocket-Protocol:")},
	{"subprotocol not a token", 400, chat("Sec-WebSocket-Protocol: good, b@d")},
	{"subprotocol not a token on a later line", 400, chat("Sec-WebSocket-Protocol: good", "Sec-WebSocket-Protocol: b d")},
	// A body, and what smuggling is made of (RFC 9112 11.2).
	{"a body", 400, chat("Content-Length: 5")},
	{"two lengths", 400, chat("Content-Length: 0", "Content-Length: 0")},
	{"two different lengths", 400, chat("Content-Length: 0", "Content-Length: 5")},
	{"a list of lengths", 400, chat("Content-Length: 0, 0")},
	{"a length that is no number", 400, chat("Content-Length: -0")},
	{"an empty length", 400, chat("Content-Length:")},
	{"chunked", 400, chat("Transfer-Encoding: chunked")},
	{"identity", 400, chat("transfer-ENCODING: identity")},
	{"length and chunked", 400, chat("Content-Length: 0", "Transfer-Encoding: chunked")},
	{"space before the colon", 400, chat("Transfer-Encoding : chunked")},
	{"tab before the colon", 400, chat("X\t: v")},
	{"folded line", 400, chat("X-Folded: a", " b")},
	{"folded with a tab", 400, chat("X-Folded: a", "\tb")},
	{"fold right after the request line", 400, request("GET / HTTP/1.1", " "+fHost, fUpgrade, fConnection, fKey, fVersion)},
	{"bare LF between fields", 400, chat("X: a\nContent-Length: 5")},
	{"bare CR in a value", 400, chat("X: a\rContent-Length: 5")},
	{"NUL in a value", 400, chat("X: a\x00b")},
	{"DEL in a value", 400, chat("X: a\x7fb")},
	{"escape in a value", 400, chat("X: \x1b[2J")},
	{"no colon", 400, chat("X")},
	{"empty name", 400, chat(": v")},
	{"name not a token", 400, chat("X(Y): v")},
	{"raw UTF-8 in a name", 400, chat("Ü: v")},
	{"a second head behind the first", 400, chat() + chat()},
	{"no blank line", 400, "GET / HTTP/1.1\r\nHost: h\r\n"},
	{"nothing", 400, ""},
}

func TestAcceptRefusesBadRequestsWithACompleteAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range badRequests {
		req, reply, rej := Accept(nil, []byte(c.head), nil)
		if rej == nil {
			t.Errorf("%s: accepted", c.name)
			continue
		}
		if rej.Status != c.status {
			t.Errorf("%s: %v, want status %d", c.name, rej, c.status)
		}
		if req.Method != "" || req.URI != "" {
			t.Errorf("%s: a request came with the refusal: %+v", c.name, req)
		}
		checkReply(t, c.name, reply, rej)
	}
}

// checkReply reads an error answer with net/http and checks that it is complete.
func checkReply(t *testing.T, name string, reply []byte, rej *Rejection) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(reply))
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Errorf("%s: the answer cannot be read: %v: %q", name, err, reply)
		return
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != rej.Text+"\n" || resp.ContentLength != int64(len(body)) {
		t.Errorf("%s: body %q with length %d, %v", name, body, resp.ContentLength, err)
	}
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("%s: bytes behind the answer", name)
	}
	if when, err := http.ParseTime(resp.Header.Get("Date")); err != nil || time.Since(when) < 0 || len(resp.Header["Date"]) != 1 {
		t.Errorf("%s: Date %q: %v", name, resp.Header["Date"], err)
	}
	if resp.StatusCode != rej.Status || !resp.Close || resp.Header.Get("Content-Type") == "" {
		t.Errorf("%s: answer %q", name, reply)
	}
	if phrase := strings.TrimPrefix(resp.Status, strconv.Itoa(rej.Status)+" "); phrase == resp.Status || phrase == "" {
		t.Errorf("%s: status line %q", name, resp.Status)
	}
	if is := rej.Status == 426; is != (resp.Header.Get("Upgrade") == "websocket") ||
		is != (resp.Header.Get("Sec-WebSocket-Version") == "13") {
		t.Errorf("%s: 426 and its fields do not go together: %q", name, reply)
	}
	if (rej.Status == 405) != (resp.Header.Get("Allow") == "GET") {
		t.Errorf("%s: 405 and Allow do not go together: %q", name, reply)
	}
}

func TestHeadMethodGetsNoBody(t *testing.T) {
	t.Parallel()
	_, reply, rej := Accept(nil, []byte(request("HEAD / HTTP/1.1", fHost)), nil)
	if rej == nil || rej.Status != 405 || !bytes.HasSuffix(reply, []byte("\r\n\r\n")) {
		t.Errorf("%v: %q", rej, reply)
	}
}

func TestRejectionOfAnyStatusIsACompleteAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 405, 408, 414, 426, 429, 431, 500, 503, 505} {
		rej := &Rejection{Status: status, Text: "the reason"}
		checkReply(t, rej.Error(), rej.AppendReply(nil), rej)
	}
	for _, status := range []int{-1, 0, 101, 204, 304, 600} {
		reply := (&Rejection{Status: status, Text: "x"}).AppendReply(nil)
		if !bytes.HasPrefix(reply, []byte("HTTP/1.1 500 Internal Server Error\r\n")) {
			t.Errorf("status %d: %q", status, reply)
		}
	}
	if reply := (&Rejection{Status: 418, Text: "x"}).AppendReply([]byte("before")); !bytes.HasPrefix(reply, []byte("beforeHTTP/1.1 418 Status 418\r\n")) {
		t.Errorf("%q", reply)
	}
}

func TestServerPreferenceChoosesTheSubprotocol(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ours   []string
		lines  []string
		offers []string
		chosen string
	}{
		{nil, []string{"a, b"}, []string{"a", "b"}, ""},
		{[]string{"a"}, nil, nil, ""},
		{[]string{"b", "a"}, []string{"a, b"}, []string{"a", "b"}, "b"},
		{[]string{"c", "b"}, []string{"a", "b,c"}, []string{"a", "b", "c"}, "c"},
		{[]string{"A"}, []string{"a"}, []string{"a"}, ""},
		{[]string{"a"}, []string{"A"}, []string{"A"}, ""},
		{[]string{"x", "y"}, []string{"a, b"}, []string{"a", "b"}, ""},
		{[]string{"a"}, []string{" ,a,, b ,"}, []string{"a", "b"}, "a"},
		{[]string{"a"}, []string{"a, a"}, []string{"a", "a"}, "a"},
		{[]string{"a\r\nX: y", "a, b", ""}, []string{"a, b"}, []string{"a", "b"}, ""},
	} {
		var extra []string
		for _, l := range c.lines {
			extra = append(extra, "Sec-WebSocket-Protocol: "+l)
		}
		req, reply, rej := Accept(nil, []byte(chat(extra...)), &ServerOptions{Protocols: c.ours, Keep: true})
		if rej != nil {
			t.Errorf("%v of %q: %v", c.ours, c.lines, rej)
			continue
		}
		if req.Protocol != c.chosen || !slices.Equal(req.Protocols, c.offers) {
			t.Errorf("%v of %q: chosen %q of %q, want %q of %q", c.ours, c.lines, req.Protocol, req.Protocols, c.chosen, c.offers)
		}
		line := "Sec-WebSocket-Protocol: " + c.chosen + "\r\n"
		if bytes.Contains(reply, []byte("Sec-WebSocket-Protocol")) != (c.chosen != "") || c.chosen != "" && !bytes.Contains(reply, []byte(line)) {
			t.Errorf("%v of %q: reply %q", c.ours, c.lines, reply)
		}
	}
}

func TestRequestFieldsKeepSpellingOrderAndRepeats(t *testing.T) {
	t.Parallel()
	head := []byte(chat("x-REPEAT: one", "X-Repeat:\ttwo ", "X-Empty:"))
	req, _, rej := Accept(nil, head, &ServerOptions{Keep: true})
	if rej != nil {
		t.Fatal(rej)
	}
	want := []Field{
		{"Host", "example.com"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"},
		{"Sec-WebSocket-Key", sampleKey}, {"Sec-WebSocket-Version", "13"},
		{"x-REPEAT", "one"}, {"X-Repeat", "two"}, {"X-Empty", ""},
	}
	if !slices.Equal(req.Fields, want) {
		t.Errorf("got %q, want %q", req.Fields, want)
	}
}

func TestRequestOutlivesTheHead(t *testing.T) {
	t.Parallel()
	head := []byte(chat("Origin: http://o", "Sec-WebSocket-Protocol: a, b"))
	req, _, rej := Accept(nil, head, &ServerOptions{Protocols: []string{"b"}, Keep: true, Origins: patterns(t, "http://o")})
	if rej != nil {
		t.Fatal(rej)
	}
	for i := range head {
		head[i] = 'X'
	}
	// Others use the pooled memory, too.
	for range 4 {
		Accept(nil, []byte(request("GET /other HTTP/1.1", "Host: y", fUpgrade, fConnection, fKey, fVersion)), nil)
	}
	if req.URI != "/chat" || req.Host != "example.com" || req.Origin != "http://o" || req.Protocol != "b" ||
		!slices.Equal(req.Protocols, []string{"a", "b"}) || req.Fields[0] != (Field{"Host", "example.com"}) {
		t.Errorf("the request changed with the head: %+v", req)
	}
}

func TestAcceptLeavesTheHeadAlone(t *testing.T) {
	t.Parallel()
	for _, c := range goodRequests {
		head := []byte(c.head)
		Accept(nil, head, &ServerOptions{Keep: true})
		if string(head) != c.head {
			t.Errorf("%s: the head was changed", c.name)
		}
	}
}

func TestAcceptInParallelKeepsRequestsApart(t *testing.T) {
	t.Parallel()
	done := make(chan string)
	for _, name := range []string{"alpha", "beta", "gamma", "delta"} {
		go func() {
			head := []byte(request("GET /"+name+" HTTP/1.1", "Host: "+name, fUpgrade, fConnection, fKey, fVersion, "Sec-WebSocket-Protocol: "+name))
			o := &ServerOptions{Protocols: []string{name}, Keep: true}
			for range 200 {
				req, reply, rej := Accept(nil, head, o)
				if rej != nil || req.URI != "/"+name || req.Host != name || req.Protocol != name ||
					!bytes.HasSuffix(reply, []byte("Sec-WebSocket-Protocol: "+name+"\r\n\r\n")) {
					done <- name + " got what belongs to another"
					return
				}
			}
			done <- ""
		}()
	}
	for range 4 {
		if text := <-done; text != "" {
			t.Error(text)
		}
	}
}

func BenchmarkAccept(b *testing.B) {
	head := []byte(chat("Origin: http://example.com", "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
		"Accept-Encoding: gzip, deflate, br", "Accept-Language: en", "Cache-Control: no-cache",
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
	var reply []byte
	b.ReportAllocs()
	b.SetBytes(int64(len(head)))
	for b.Loop() {
		end, rej := FindHead(head, 0, 0)
		if rej == nil {
			_, reply, rej = Accept(reply[:0], head[:end], nil)
		}
		if rej != nil {
			b.Fatal(rej)
		}
	}
}
