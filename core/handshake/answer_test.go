// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
)

// refusal is the error of an answer that comes in pieces by wrap, with its body.
func refusal(t *testing.T, answer string, wrap func(io.Reader) io.Reader) *StatusError {
	t.Helper()
	u, _ := url.Parse("ws://host/")
	stream := wrap(strings.NewReader(answer))
	_, _, err := Connect(struct {
		io.Reader
		io.Writer
	}{stream, io.Discard}, u, nil)
	var e *StatusError
	if !errors.As(err, &e) {
		t.Fatalf("%q: %v", answer, err)
	}
	e.ReadBody(stream)
	return e
}

func TestBodyOfARefusalIsReadAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", MaxAnswerBody+1000)
	for answer, want := range map[string]string{
		"HTTP/1.1 403 No\r\n\r\nto the end":                                                               "to the end",
		"HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\nshort and more":                                      "short",
		"HTTP/1.1 403 No\r\nContent-Length: 50\r\n\r\ncut":                                                "cut",
		"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\nanother answer":                                      "",
		"HTTP/1.1 204 No Content\r\n\r\nanother answer":                                                   "",
		"HTTP/1.1 403 No\r\nContent-Length: x\r\n\r\nto the end":                                          "to the end",
		"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nbehind": "abcde",
		"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n":                         "abc",
		"HTTP/1.1 403 No\r\n\r\n" + long:                                                                  long[:MaxAnswerBody],
		"HTTP/1.1 403 No\r\nContent-Length: 99999999999999999999\r\n\r\n" + long:                          long[:MaxAnswerBody],
	} {
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "in bytes": iotest.OneByteReader, "in halves": iotest.HalfReader,
		} {
			if e := refusal(t, answer, wrap); string(e.Body) != want {
				t.Errorf("%.90q %s: %.90q (%d bytes)", answer, name, e.Body, len(e.Body))
			}
		}
	}
	broken := func(r io.Reader) io.Reader { return io.MultiReader(r, iotest.ErrReader(errors.New("reset"))) }
	if e := refusal(t, "HTTP/1.1 403 No\r\n\r\nwhat came", broken); string(e.Body) != "what came" {
		t.Errorf("%q", e.Body)
	}
}

func TestHeadOfAnAnswerHasALimit(t *testing.T) {
	t.Parallel()
	u, _ := url.Parse("ws://host/")
	answer := "HTTP/1.1 403 No\r\nX: " + strings.Repeat("x", 30<<10) + "\r\n\r\n"
	for most, taken := range map[int]bool{0: false, 20 << 10: false, 31 << 10: true} {
		_, _, err := Connect(struct {
			io.Reader
			io.Writer
		}{bytes.NewReader([]byte(answer)), io.Discard}, u, &ClientOptions{MaxHead: most})
		var e *StatusError
		if errors.As(err, &e) != taken {
			t.Errorf("%d: %v", most, err)
		}
	}
}
