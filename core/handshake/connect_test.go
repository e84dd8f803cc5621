// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// script is the server side of a connection: it takes what is written and
// answers by a template, in which {accept} stands for the right accept value.
type script struct {
	answer string
	chunk  int   // greatest size of a read; 0: no limit
	end    error // what Read returns after the answer; nil: io.EOF
	refuse error // what Write returns

	writes [][]byte
	begun  bool
	left   []byte
	taken  int // bytes read
}

func (s *script) Write(p []byte) (int, error) {
	if s.refuse != nil {
		return 0, s.refuse
	}
	s.writes = append(s.writes, bytes.Clone(p))
	return len(p), nil
}

func (s *script) Read(p []byte) (int, error) {
	if !s.begun {
		s.begun = true
		key := fieldOf(string(bytes.Join(s.writes, nil)), "Sec-WebSocket-Key")
		s.left = []byte(strings.ReplaceAll(s.answer, "{accept}", acceptOf(key)))
	}
	if len(s.left) == 0 {
		if s.end != nil {
			return 0, s.end
		}
		return 0, io.EOF
	}
	if s.chunk > 0 && len(p) > s.chunk {
		p = p[:s.chunk]
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	s.taken += n
	return n, nil
}

// fieldOf finds a field of a head, by its exact name.
func fieldOf(head, name string) string {
	_, rest, _ := strings.Cut(head, "\r\n"+name+": ")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// acceptOf is RFC 6455 4.2.2 5 step 4.
func acceptOf(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func target(t testing.TB, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// switching writes a 101 with the fields.
func switching(fields ...string) string {
	return request("HTTP/1.1 101 Switching Protocols", fields...)
}

const fAccept = "Sec-WebSocket-Accept: {accept}"

var goodAnswers = []struct{ name, answer, protocol string }{
	{"plain", switching(fUpgrade, fConnection, fAccept), ""},
	{"any case", switching("upgrade: WebSocket", "CONNECTION: uPGRADE", "sec-websocket-ACCEPT:{accept} "), ""},
	{"Connection as a list", switching(fUpgrade, "Connection: keep-alive, Upgrade", fAccept), ""},
	{"Connection over two lines", switching(fUpgrade, "Connection: keep-alive", fConnection, fAccept), ""},
	{"empty reason phrase (RFC 9112 4)", request("HTTP/1.1 101 ", fUpgrade, fConnection, fAccept), ""},
	{"no reason phrase and no space", request("HTTP/1.1 101", fUpgrade, fConnection, fAccept), ""},
	{"obs-text in the reason", request("HTTP/1.1 101 \xfcber", fUpgrade, fConnection, fAccept), ""},
	{"later minor version", request("HTTP/1.2 101 OK", fUpgrade, fConnection, fAccept), ""},
	{"subprotocol", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: two"), "two"},
	{"folded field (RFC 9112 5.2)", switching("X-Folded: a", "\t b", fUpgrade, fConnection, fAccept), ""},
	{"after 100", "HTTP/1.1 100 Continue\r\n\r\n" + switching(fUpgrade, fConnection, fAccept), ""},
	{"after 103 and others", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102\r\n\r\n" + switching(fUpgrade, fConnection, fAccept), ""},
	{"useless length", switching(fUpgrade, fConnection, fAccept, "Content-Length: 0"), ""},
	{"large fields", switching(fUpgrade, fConnection, fAccept, "Set-Cookie: "+strings.Repeat("c", 9000)), ""},
}

func TestConnectTakesGoodAnswersCutAnywhere(t *testing.T) {
	t.Parallel()
	o := &ClientOptions{Protocols: []string{"one", "two"}}
	for _, c := range goodAnswers {
		for _, chunk := range []int{0, 1, 2, 3, 7, 1000} {
			resp, rest, err := Connect(&script{answer: c.answer, chunk: chunk}, target(t, "ws://h/"), o)
			if err != nil {
				t.Errorf("%s by %d: %v", c.name, chunk, err)
				continue
			}
			if resp.Status != 101 || resp.Protocol != c.protocol || len(rest) != 0 {
				t.Errorf("%s by %d: %+v and %q", c.name, chunk, resp, rest)
			}
		}
	}
}

func TestConnectKeepsTheFramesBehindTheHead(t *testing.T) {
	t.Parallel()
	const frames = "\x81\x05hello\x00\r\n\r\n\n"
	for _, c := range goodAnswers {
		for _, chunk := range []int{0, 1, 5} {
			s := &script{answer: c.answer + frames, chunk: chunk}
			_, rest, err := Connect(s, target(t, "ws://h/"), &ClientOptions{Protocols: []string{"two"}})
			if err != nil {
				t.Errorf("%s by %d: %v", c.name, chunk, err)
				continue
			}
			if got := string(rest) + string(s.left); got != frames {
				t.Errorf("%s by %d: frames %q, want %q", c.name, chunk, got, frames)
			}
			if chunk == 0 && len(c.answer) < 512 && string(rest) != frames {
				t.Errorf("%s: only %q came with the head", c.name, rest)
			}
		}
	}
}

func TestResponseKeepsAllFields(t *testing.T) {
	t.Parallel()
	answer := request("HTTP/1.1 101 Here you go", "set-COOKIE: a=1", fUpgrade, "Set-Cookie:  b=2\t", fConnection, fAccept, "X-Empty:", "X-Folded: a", "  b")
	resp, _, err := Connect(&script{answer: answer}, target(t, "ws://h/"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []Field{{"set-COOKIE", "a=1"}, {"Upgrade", "websocket"}, {"Set-Cookie", "b=2"}, {"Connection", "Upgrade"},
		{"Sec-WebSocket-Accept", ""}, {"X-Empty", ""}, {"X-Folded", "a b"}}
	want[4].Value = resp.Fields[4].Value
	if !slices.Equal(resp.Fields, want) || resp.Reason != "Here you go" {
		t.Errorf("reason %q, fields %q, want %q", resp.Reason, resp.Fields, want)
	}
}

func TestConnectRefusesAnswersThatBreakTheRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, answer, text string }{
		// RFC 6455 4.1, what a client must check.
		{"wrong accept", switching(fUpgrade, fConnection, "Sec-WebSocket-Accept: "+sampleAccept), "does not match the key"},
		{"short accept", switching(fUpgrade, fConnection, "Sec-WebSocket-Accept: x"), "does not match the key"},
		{"no accept", switching(fUpgrade, fConnection), "Sec-WebSocket-Accept"},
		{"two accepts", switching(fUpgrade, fConnection, fAccept, fAccept), "Sec-WebSocket-Accept"},
		{"no Upgrade", switching(fConnection, fAccept), "Upgrade"},
		{"wrong Upgrade", switching("Upgrade: h2c", fConnection, fAccept), "Upgrade"},
		{"two Upgrades", switching(fUpgrade, fUpgrade, fConnection, fAccept), "Upgrade"},
		{"Upgrade with the Kelvin sign", switching("Upgrade: websoc\u212aet", fConnection, fAccept), "Upgrade"},
		{"no Connection", switching(fUpgrade, fAccept), "Connection"},
		{"Connection without upgrade", switching(fUpgrade, "Connection: keep-alive", fAccept), "Connection"},
		{"subprotocol not offered", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: three"), "three"},
		{"subprotocol in other case", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: ONE"), "a subprotocol that was not offered"},
		{"empty subprotocol", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol:"), "subprotocol"},
		{"list of subprotocols", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: one, two"), "a subprotocol that was not offered"},
		{"two subprotocols", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: one", "Sec-WebSocket-Protocol: two"), "more than once"},
		{"same subprotocol twice", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: one", "Sec-WebSocket-Protocol: one"), "more than once"},
		{"empty extension list", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Extensions:"), "nothing"},
		{"extension not offered", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Extensions: permessage-deflate"), "extension"},
		{"extension twice", switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Extensions: x", "Sec-WebSocket-Extensions: x"), "extension"},
		{"HTTP/1.0", request("HTTP/1.0 101 OK", fUpgrade, fConnection, fAccept), "HTTP/1.0"},
		// RFC 9112: what is no HTTP answer.
		{"another protocol", "SSH-2.0-OpenSSH_9.9\r\n", "does not speak HTTP"},
		{"no text at all", "\x15\x03\x01\x00\x02\x02\x46", "does not speak HTTP"},
		{"empty line first", "\r\n" + switching(fUpgrade, fConnection, fAccept), "does not speak HTTP"},
		{"HTTP/2", request("HTTP/2.0 101 OK", fUpgrade, fConnection, fAccept), "status line"},
		{"status of two digits", request("HTTP/1.1 99 OK", fUpgrade, fConnection, fAccept), "status line"},
		{"status of four digits", request("HTTP/1.1 1010 OK", fUpgrade, fConnection, fAccept), "status line"},
		{"status below 100", request("HTTP/1.1 001 OK", fUpgrade, fConnection, fAccept), "status line"},
		{"no status", request("HTTP/1.1", fUpgrade, fConnection, fAccept), "status line"},
		{"control character in the reason", request("HTTP/1.1 101 \x1b", fUpgrade, fConnection, fAccept), "status line"},
		{"bare LF", strings.ReplaceAll(switching(fUpgrade, fConnection, fAccept), "\r\n", "\n"), "CR LF"},
		{"bare CR", switching(fUpgrade, "X: a\rb", fConnection, fAccept), "CR LF"},
		{"NUL", switching(fUpgrade, "X: a\x00b", fConnection, fAccept), "NUL"},
		{"control character in a value", switching(fUpgrade, "X: a\x01b", fConnection, fAccept), "control character"},
		{"control character in a folded value", switching("X: a", " \x01", fUpgrade, fConnection, fAccept), "control character"},
		{"space before the colon", switching("Upgrade : websocket", fConnection, fAccept), "name and a colon"},
		{"fold without a field", switching(" "+fUpgrade, fConnection, fAccept), "folded"},
		{"no colon", switching(fUpgrade, fConnection, fAccept, "X"), "name and a colon"},
		{"interim responses without end", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 50), "too many interim"},
	} {
		resp, rest, err := Connect(&script{answer: c.answer, end: os.ErrDeadlineExceeded}, target(t, "ws://h/"), &ClientOptions{Protocols: []string{"one", "two"}})
		var re *ResponseError
		if !errors.As(err, &re) {
			t.Errorf("%s: %+v, %v, want a *ResponseError", c.name, resp, err)
			continue
		}
		if !strings.Contains(re.Text, c.text) || resp != nil || rest != nil {
			t.Errorf("%s: %q does not say %q, or something came with it", c.name, re.Text, c.text)
		}
	}
}

func TestOtherStatusIsAStatusErrorWithItsFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer string
		want   StatusError
	}{
		{"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: no\r\n\r\nno",
			StatusError{Status: 403, Reason: "Forbidden", Fields: []Field{{"Content-Length", "2"}, {"X-Why", "no"}}}},
		{"HTTP/1.0 401\r\nWWW-Authenticate: Basic\r\nwww-authenticate: Digest\r\n\r\n",
			StatusError{Status: 401, Reason: "", Fields: []Field{{"WWW-Authenticate", "Basic"}, {"www-authenticate", "Digest"}}}},
		{"HTTP/1.1 200 OK\r\n\r\n", StatusError{Status: 200, Reason: "OK", Fields: nil}},
		{"HTTP/1.1 100\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", StatusError{Status: 302, Reason: "Found", Fields: []Field{{"Location", "/x"}}}},
		{"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 25\r\n\r\n",
			StatusError{Status: 426, Reason: "Upgrade Required", Fields: []Field{{"Sec-WebSocket-Version", "25"}}}},
	} {
		_, _, err := Connect(&script{answer: c.answer}, target(t, "ws://h/"), nil)
		var se *StatusError
		if !errors.As(err, &se) {
			t.Errorf("%q: %v, want a *StatusError", c.answer, err)
			continue
		}
		if se.Status != c.want.Status || se.Reason != c.want.Reason || !slices.Equal(se.Fields, c.want.Fields) {
			t.Errorf("%q: %+v, want %+v", c.answer, se, c.want)
		}
		if !strings.Contains(err.Error(), "HTTP "+strconv.Itoa(se.Status)) || !strings.Contains(err.Error(), se.Reason) {
			t.Errorf("%q: text %q", c.answer, err)
		}
	}
}

func TestResponseHeadLimitIsExactAndNoMoreIsRead(t *testing.T) {
	t.Parallel()
	answer := switching(fUpgrade, fConnection, fAccept)
	size := len(answer) - len("{accept}") + len(sampleAccept)
	if _, _, err := Connect(&script{answer: answer}, target(t, "ws://h/"), &ClientOptions{MaxHead: size}); err != nil {
		t.Errorf("a head of the greatest size: %v", err)
	}
	s := &script{answer: answer}
	_, _, err := Connect(s, target(t, "ws://h/"), &ClientOptions{MaxHead: size - 1})
	var re *ResponseError
	if !errors.As(err, &re) || !strings.Contains(re.Text, "larger than") || s.taken > size-1 {
		t.Errorf("a head one byte too large: %v after %d bytes", err, s.taken)
	}
	// A line that never ends.
	s = &script{answer: "HTTP/1.1 101 OK\r\nX: " + strings.Repeat("x", 1<<20)}
	_, _, err = Connect(s, target(t, "ws://h/"), nil)
	if !errors.As(err, &re) || !strings.Contains(re.Text, "larger than 16384 bytes") || s.taken != DefaultMaxHead {
		t.Errorf("a line without end: %v after %d bytes", err, s.taken)
	}
}

func TestConnectionThatEndsInsideTheHeadHasItsOwnText(t *testing.T) {
	t.Parallel()
	answer := strings.ReplaceAll(switching(fUpgrade, fConnection, fAccept), "{accept}", sampleAccept)
	for n := range len(answer) {
		_, _, err := Connect(&script{answer: answer[:n]}, target(t, "ws://h/"), nil)
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "reading the upgrade response: the server closed the connection") {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

func TestIOErrorsAreWrappedAndSayWhatWasDone(t *testing.T) {
	t.Parallel()
	cause := errors.New("cable cut")
	_, _, err := Connect(&script{refuse: cause}, target(t, "ws://h/"), nil)
	if !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "writing the upgrade request: ") {
		t.Errorf("writing: %v", err)
	}
	_, _, err = Connect(&script{answer: "HTTP/1.1 101", end: os.ErrDeadlineExceeded}, target(t, "ws://h/"), nil)
	if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.HasPrefix(err.Error(), "reading the upgrade response: ") {
		t.Errorf("reading: %v", err)
	}
	_, _, err = Connect(idle{}, target(t, "ws://h/"), nil)
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that never gives anything: %v", err)
	}
	_, _, err = Connect(short{}, target(t, "ws://h/"), nil)
	if !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a writer that takes less: %v", err)
	}
}

type idle struct{}

func (idle) Write(p []byte) (int, error) { return len(p), nil }
func (idle) Read([]byte) (int, error)    { return 0, nil }

type short struct{ idle }

func (short) Write(p []byte) (int, error) { return len(p) - 1, nil }

// sent connects to a server that ends at once, and returns the request it got.
func sent(t *testing.T, raw string, o *ClientOptions) (*http.Request, string) {
	t.Helper()
	s := &script{}
	if _, _, err := Connect(s, target(t, raw), o); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%s: %v", raw, err)
	}
	if len(s.writes) != 1 {
		t.Fatalf("%s: the request went out in %d writes", raw, len(s.writes))
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(s.writes[0])))
	if err != nil {
		t.Fatalf("%s: %v: %q", raw, err, s.writes[0])
	}
	return r, string(s.writes[0])
}

func TestRequestNamesResourceAndHostAsTheRFCWants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, line, host string }{
		{"ws://example.com", "GET / HTTP/1.1", "example.com"},
		{"ws://example.com?q", "GET /?q HTTP/1.1", "example.com"},
		{"ws://example.com:80/a", "GET /a HTTP/1.1", "example.com"},
		{"ws://example.com:443/a", "GET /a HTTP/1.1", "example.com:443"},
		{"wss://example.com:443/a?b=c", "GET /a?b=c HTTP/1.1", "example.com"},
		{"wss://example.com:80/a%2Fb", "GET /a%2Fb HTTP/1.1", "example.com:80"},
		{"ws://[::1]:80/", "GET / HTTP/1.1", "[::1]"},
		{"ws://[fe80::1%25eth0]:8080/", "GET / HTTP/1.1", "[fe80::1]:8080"},
		{"ws://me:secret@example.com/p", "GET /p HTTP/1.1", "example.com"},
		{"ws://example.com/p?q=1#frag", "GET /p?q=1 HTTP/1.1", "example.com"},
		{"ws://example.com//p", "GET //p HTTP/1.1", "example.com"},
	} {
		r, head := sent(t, c.raw, nil)
		if !strings.HasPrefix(head, c.line+"\r\n") || r.Host != c.host {
			t.Errorf("%s: request %q, want line %q, host %q", c.raw, head, c.line, c.host)
		}
		if r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Connection") != "Upgrade" || r.Header.Get("Sec-WebSocket-Version") != "13" ||
			!isKey([]byte(r.Header.Get("Sec-WebSocket-Key"))) || len(r.Header) != 4 {
			t.Errorf("%s: fields %v", c.raw, r.Header)
		}
	}
}

func TestEachRequestHasItsOwnKey(t *testing.T) {
	t.Parallel()
	a, _ := sent(t, "ws://h/", nil)
	b, _ := sent(t, "ws://h/", nil)
	if a.Header.Get("Sec-WebSocket-Key") == b.Header.Get("Sec-WebSocket-Key") {
		t.Error("two requests have the same key")
	}
}
