// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"strings"
	"testing"
)

// sampleKey and sampleAccept are the pair of RFC 6455 1.3.
const (
	sampleKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// request writes a request head: the line, then the fields, each with its CR LF.
func request(line string, fields ...string) string {
	return line + "\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\n"
}

// The fields every request needs.
const (
	fHost       = "Host: example.com"
	fUpgrade    = "Upgrade: websocket"
	fConnection = "Connection: Upgrade"
	fKey        = "Sec-WebSocket-Key: " + sampleKey
	fVersion    = "Sec-WebSocket-Version: 13"
)

// chat is a sound request with extra fields at its end.
func chat(extra ...string) string {
	return request("GET /chat HTTP/1.1", append([]string{fHost, fUpgrade, fConnection, fKey, fVersion}, extra...)...)
}

func TestFindHeadFindsTheBlankLineWhereverTheHeadIsCut(t *testing.T) {
	t.Parallel()
	for _, c := range goodRequests {
		head := c.head
		all := []byte(head + "\x81\x85\x00\x00\x00\x00hello\r\n\r\n\n\x00")
		for cut := 0; cut <= len(all); cut++ {
			end, rej := FindHead(all[:cut], 0, 0)
			want := 0
			if cut >= len(head) {
				want = len(head)
			}
			if end != want || rej != nil {
				t.Fatalf("%s: first %d bytes: end %d (%v), want %d", c.name, cut, end, rej, want)
			}
			if want == 0 {
				end, rej = FindHead(all, cut, 0)
				if end != len(head) || rej != nil {
					t.Fatalf("%s: going on from byte %d: end %d (%v), want %d", c.name, cut, end, rej, len(head))
				}
			}
		}
	}
}

func TestFindHeadWorksByteByByte(t *testing.T) {
	t.Parallel()
	head := []byte(chat())
	for n := 1; n <= len(head); n++ {
		end, rej := FindHead(head[:n], n-1, 0)
		if rej != nil || (end != 0) != (n == len(head)) {
			t.Fatalf("after %d of %d bytes: end %d, %v", n, len(head), end, rej)
		}
	}
}

func TestFindHeadRefusesAsSoonAsTheHeadCannotBecomeValid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, bytes string }{
		{"TLS hello", "\x16"},
		{"empty line first", "\r"},
		{"space first", " "},
		{"bare LF (RFC 9112 2.2)", "GET / HTTP/1.1\n"},
		{"bare LF later", "GET / HTTP/1.1\r\nHost: a\n"},
		{"bare LF as blank line", "GET / HTTP/1.1\r\n\n"},
		{"bare CR (RFC 9112 2.2)", "GET / HTTP/1.1\rH"},
		{"two CR", "GET / HTTP/1.1\r\r"},
		{"CR inside a line", "GET / HTTP/1.1\r\nHost: a\rb\r\n"},
		{"NUL in an unfinished line", "GET /\x00"},
		{"NUL in a line", "GET / HTTP/1.1\r\nHost: \x00\r\n"},
	} {
		buf := []byte(c.bytes)
		end, rej := FindHead(buf, 0, 0)
		if end != 0 || rej == nil || rej.Status != 400 {
			t.Errorf("%s: whole: end %d, %v", c.name, end, rej)
		}
		// Byte by byte the verdict must come with the same byte at the latest.
		rej = nil
		for n := 1; n <= len(buf) && rej == nil; n++ {
			_, rej = FindHead(buf[:n], n-1, 0)
		}
		if rej == nil || rej.Status != 400 {
			t.Errorf("%s: byte by byte: %v", c.name, rej)
		}
	}
}

func TestHeadLimitIsExact(t *testing.T) {
	t.Parallel()
	head := []byte(chat())
	if end, rej := FindHead(head, 0, len(head)); end != len(head) || rej != nil {
		t.Errorf("a head of the greatest size: end %d, %v", end, rej)
	}
	if end, rej := FindHead(head, 0, len(head)-1); end != 0 || rej == nil || rej.Status != 431 {
		t.Errorf("a head one byte too large: end %d, %v", end, rej)
	}
	followed := append(head[:len(head):len(head)], make([]byte, 64)...)
	if end, rej := FindHead(followed, 0, len(head)); end != len(head) || rej != nil {
		t.Errorf("frames behind a head of the greatest size: end %d, %v", end, rej)
	}
}

func TestHeadLimitStopsAHeaderLineThatNeverEnds(t *testing.T) {
	t.Parallel()
	buf := []byte("GET / HTTP/1.1\r\nX: ")
	seen := 0
	for {
		if _, rej := FindHead(buf, seen, 0); rej != nil {
			if rej.Status != 431 {
				t.Errorf("status %d, want 431", rej.Status)
			}
			break
		}
		seen = len(buf)
		if seen >= DefaultMaxHead {
			t.Fatalf("%d bytes without an end were taken", seen)
		}
		buf = append(buf, 'x')
	}
	if len(buf) != DefaultMaxHead {
		t.Errorf("refused at %d bytes, want %d", len(buf), DefaultMaxHead)
	}
}

func TestRequestLineThatNeverEndsIsURITooLong(t *testing.T) {
	t.Parallel()
	_, rej := FindHead([]byte("GET /"+strings.Repeat("x", 100)), 0, 64)
	if rej == nil || rej.Status != 414 {
		t.Errorf("got %v, want 414", rej)
	}
}

func TestFindHeadToleratesAWrongFrom(t *testing.T) {
	t.Parallel()
	if end, rej := FindHead([]byte("GET"), 1000, 0); end != 0 || rej != nil {
		t.Errorf("end %d, %v", end, rej)
	}
	if end, rej := FindHead(nil, 0, 0); end != 0 || rej != nil {
		t.Errorf("no bytes: end %d, %v", end, rej)
	}
}
