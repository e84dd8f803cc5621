// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// FuzzAccept looks for panics, for answers that are not complete, and for heads
// on which we and net/http disagree.
func FuzzAccept(f *testing.F) {
	for _, c := range goodRequests {
		f.Add([]byte(c.head+"\x81\x00"), 0)
	}
	for _, c := range badRequests {
		f.Add([]byte(c.head), 7)
	}
	o := &ServerOptions{Protocols: []string{"chat", "b"}, Keep: true}
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		end, rej := FindHead(data, 0, 0)
		if end < 0 || end > len(data) || end > DefaultMaxHead || end > 0 && rej != nil {
			t.Fatalf("end %d of %d, %v", end, len(data), rej)
		}
		if cut < 0 || cut > len(data) {
			cut = len(data)
		}
		// The same bytes in two parts must give the same result.
		end2, rej2 := FindHead(data[:cut], 0, 0)
		if end2 == 0 && rej2 == nil {
			end2, rej2 = FindHead(data, cut, 0)
		}
		if end2 != end || (rej == nil) != (rej2 == nil) {
			t.Fatalf("in two parts: end %d (%v), at once %d (%v)", end2, rej2, end, rej)
		}
		if rej != nil {
			mustBeAnswer(t, rej.AppendReply(nil), rej)
		}
		head := data
		if end > 0 {
			head = data[:end]
		}
		before := bytes.Clone(head)
		req, reply, rej := Accept(nil, head, o)
		if !bytes.Equal(before, head) {
			t.Fatal("the head was changed")
		}
		if rej != nil {
			mustBeAnswer(t, reply, rej)
			return
		}
		if len(data) > DefaultMaxHead {
			return // sound, but FindHead does not let it through
		}
		if !bytes.HasPrefix(reply, []byte("HTTP/1.1 101 ")) || end != len(head) {
			t.Fatalf("accepted with %q, though the head ends at %d of %d", reply, end, len(head))
		}
		mustAgreeWithNetHTTP(t, head, req)
	})
}

// mustBeAnswer checks that a refusal is an HTTP answer with an error status.
func mustBeAnswer(t *testing.T, reply []byte, rej *Rejection) {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(reply)), nil)
	if err != nil || resp.StatusCode != rej.Status || rej.Status < 400 || rej.Status == 500 || rej.Text == "" || !resp.Close {
		t.Fatalf("%v: answer %q, %v", rej, reply, err)
	}
}

// mustAgreeWithNetHTTP holds an accepted head against a second reader: two that
// disagree on a head are what request smuggling lives on.
func mustAgreeWithNetHTTP(t *testing.T, head []byte, req Request) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		if netHTTPIsStricter(err) {
			return
		}
		t.Fatalf("net/http refuses what we accept: %v: %q", err, head)
	}
	if r.Method != "GET" || r.ContentLength != 0 || len(r.TransferEncoding) != 0 {
		t.Fatalf("net/http reads method %s, length %d, coding %v", r.Method, r.ContentLength, r.TransferEncoding)
	}
	if r.Host != req.Host || r.Header.Get("Origin") != req.Origin {
		t.Fatalf("net/http reads host %q, origin %q, we %q, %q", r.Host, r.Header.Get("Origin"), req.Host, req.Origin)
	}
	for _, field := range req.Fields {
		name := http.CanonicalHeaderKey(field.Name)
		if name != "Host" && !slices.Contains(r.Header[name], field.Value) {
			t.Fatalf("net/http does not see %q: %q", field, r.Header)
		}
	}
}

// FuzzConnect looks for panics, for heads larger than the limit, for lost bytes
// and for imprecise errors.
func FuzzConnect(f *testing.F) {
	for _, c := range goodAnswers {
		f.Add([]byte(c.answer+"\x81\x05hello"), 3)
	}
	f.Add([]byte("HTTP/1.1 404 Not Found\r\nX: y\r\n\r\n"), 0)
	f.Add([]byte("HTTP/1.1 101\r\nX: y\r\n z\r\n\r\n"), 1)
	f.Add([]byte("HTTP/1.1 100\r\n\r\n"), 100)
	f.Add([]byte("SSH-2.0"), 1)
	const maxHead = 1024
	o := &ClientOptions{Protocols: []string{"one", "two"}, MaxHead: maxHead}
	u := target(f, "ws://h/")
	f.Fuzz(func(t *testing.T, data []byte, chunk int) {
		if chunk < 0 {
			chunk = 0
		}
		s := &script{answer: string(data), chunk: chunk}
		resp, rest, err := Connect(s, u, o)
		if s.taken > (maxInterim+1)*maxHead {
			t.Fatalf("%d bytes were read", s.taken)
		}
		if err != nil {
			var (
				se *StatusError
				re *ResponseError
			)
			switch {
			case resp != nil || rest != nil:
				t.Fatalf("something came with the error %v", err)
			case errors.As(err, &se) && se.Status >= 200 && se.Status <= 999:
			case errors.As(err, &re) && re.Text != "":
			case errors.Is(err, io.ErrUnexpectedEOF):
			default:
				t.Fatalf("imprecise error %v", err)
			}
			return
		}
		answer := strings.ReplaceAll(string(data), "{accept}", acceptOf(fieldOf(string(s.writes[0]), "Sec-WebSocket-Key")))
		if !strings.HasSuffix(answer, string(rest)+string(s.left)) || len(rest)+len(s.left) > len(answer)-4 ||
			!strings.HasSuffix(answer[:len(answer)-len(rest)-len(s.left)], "\r\n\r\n") {
			t.Fatalf("of %q the bytes %q and %q are left", answer, rest, s.left)
		}
		if resp.Status != 101 || resp.Protocol != "" && !slices.Contains(o.Protocols, resp.Protocol) {
			t.Fatalf("response %+v", resp)
		}
	})
}
