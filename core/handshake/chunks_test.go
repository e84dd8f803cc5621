// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"strings"
	"testing"
)

const (
	chunksMaxBody = 100
	chunksMaxHead = 64
)

// dechunk reads a body that comes in two parts; status is 0 unless it is refused.
func dechunk(coded string, cut int) (body, rest string, status int, over bool) {
	k := NewChunks(chunksMaxBody, chunksMaxHead)
	var got, behind []byte
	for _, part := range []string{coded[:cut], coded[cut:]} {
		buf := []byte(part)
		n, used, rej := k.Decode(buf)
		got = append(got, buf[:n]...)
		if rej != nil {
			return string(got), "", rej.Status, false
		}
		if used < len(buf) && !k.Over() {
			return "bytes were left", "", -1, false
		}
		behind = append(behind, buf[used:]...)
	}
	return string(got), string(behind), 0, k.Over()
}

func TestChunksAreTakenOffABodyThatIsCutAnywhere(t *testing.T) {
	t.Parallel()
	for coded, want := range map[string]string{
		"0\r\n\r\n":                                                                  "",
		"5\r\nhello\r\n0\r\n\r\n":                                                    "hello",
		"1\r\nh\r\n4\r\nello\r\n00\r\n\r\n":                                          "hello",
		"00000000000000000005\r\nhello\r\n0\r\n\r\n":                                 "hello",
		"a\r\n0123456789\r\n0\r\n\r\n":                                               "0123456789",
		"A\r\n\r\n0\r\n\r\n\r\nx\r\n0\r\n\r\n":                                       "\r\n0\r\n\r\n\r\nx",
		"64\r\n" + strings.Repeat("x", 100) + "\r\n0\r\n\r\n":                        strings.Repeat("x", 100),
		"1;a\r\nx\r\n0;b=c;d\r\n\r\n":                                                "x",
		"1 \t; \ta \t= \tb\r\nx\r\n0\r\n\r\n":                                        "x",
		"1;a=\"\"\r\nx\r\n0\r\n\r\n":                                                 "x",
		"1;a=\"b;\\\"\\\\ =\t\xff\";c\r\nx\r\n0\r\n\r\n":                             "x",
		"1;a=\"b\" ;c\r\nx\r\n0\r\n\r\n":                                             "x",
		"1\r\nx\r\n0\r\nA: b\r\nContent-Length: 5\r\nHost:\r\nB:\t \xff\r\n\r\n":     "x",
		"0\r\n" + "A: " + strings.Repeat("x", chunksMaxHead-7) + "\r\n\r\n":          "",
		"1;" + strings.Repeat("x", chunksMaxHead+chunkFree-4) + "\r\nx\r\n0\r\n\r\n": "x",
		strings.Repeat("1;e=0123456789\r\nx\r\n", 8) + "0\r\n\r\n":                   "xxxxxxxx",
	} {
		for cut := range len(coded) + 1 {
			for _, behind := range []string{"", "GET / HTTP/1.1\r\n"} {
				body, rest, status, over := dechunk(coded+behind, cut)
				if body != want || rest != behind || status != 0 || !over {
					t.Fatalf("%q cut at %d: %q, rest %q, status %d, over %v", coded, cut, body, rest, status, over)
				}
			}
		}
		for n := range len(coded) {
			if body, _, status, over := dechunk(coded[:n], n); status != 0 || over || !strings.HasPrefix(want, body) {
				t.Fatalf("%q, %d bytes of it: %q, status %d, over %v", coded, n, body, status, over)
			}
		}
	}
}

func TestBrokenChunksAreRefusedWhereverTheyAreCut(t *testing.T) {
	t.Parallel()
	for coded, want := range map[string]int{
		"\r\n": 400, "\n": 400, " 5\r\n": 400, "g\r\n": 400, "+5\r\n": 400, "-5\r\n": 400, "0x5\r\n": 400, ";a\r\n": 400, "5,\r\n": 400,
		"5\n": 400, "5\rx": 400, "5 \r\n": 400, "5 5\r\n": 400, "5\x00\r\n": 400, "5\r\r\n": 400,
		"5;\r\n": 400, "5;;a\r\n": 400, "5; \r\n": 400, "5;a \r\n": 400, "5;a=\r\n": 400, "5;a= \r\n": 400, "5;a==b\r\n": 400, "5;a=b c\r\n": 400,
		"5;a=b \r\n": 400, "5;a\nb\r\n": 400, "5;a\n": 400, "5;a\rb": 400, "5;a=\"b\r\n": 400, "5;a=\"b\n\"\r\n": 400, "5;a=\"b\\\n\"\r\n": 400,
		"5;a=\"b\"c\r\n": 400, "5;=b\r\n": 400, "5;(\r\n": 400, "5;a=\"\x7f\"\r\n": 400,
		"5\r\nhello0\r\n": 400, "5\r\nhello\n0": 400, "5\r\nhello\r0": 400, "5\r\nhello\r\n\r\n": 400, "5\r\nhello\r\nx": 400, "5\r\nhello\r\n \r\n": 400,
		"0\r\n\n": 400, "0\r\n\rx": 400, "0\r\nA\r\n": 400, "0\r\n: b\r\n": 400, "0\r\n A: b\r\n": 400, "0\r\nA : b\r\n": 400, "0\r\nA: b\n": 400,
		"0\r\nA: b\r\n c\r\n": 400, "0\r\nA: b\x00\r\n": 400, "0\r\nA: b\rc": 400, "0\nA": 400,
		"65\r\n": 413, "ffffffff\r\n": 413, "100000000\r\n": 413, "10000000000000000\r\n": 413, "1" + strings.Repeat("0", 40): 413,
		strings.Repeat("f", 17): 413, "64\r\n" + strings.Repeat("x", 100) + "\r\n1\r\n": 413,
		strings.Repeat("0", chunksMaxHead+chunkFree+1):          413,
		"1;" + strings.Repeat("x", chunksMaxHead+chunkFree):     413,
		strings.Repeat("1;e=0123456789012345678\r\nx\r\n", 40):  413,
		"0\r\nA: " + strings.Repeat("x", chunksMaxHead):         431,
		"0\r\n" + strings.Repeat("A: b\r\n", chunksMaxHead/6+1): 431,
	} {
		for cut := range len(coded) + 1 {
			if body, _, status, over := dechunk(coded, cut); status != want || over {
				t.Fatalf("%q cut at %d: %q, status %d, over %v; want %d", coded, cut, body, status, over, want)
			}
		}
	}
	if _, _, status, _ := dechunk("0;a\r\n\r\n", 0); status != 0 {
		t.Error("what is sound is refused as well")
	}
	k := NewChunks(0, chunksMaxHead)
	if _, _, rej := k.Decode([]byte("1\r\n")); rej == nil || rej.Status != 413 {
		t.Errorf("where no body is taken: %v", rej)
	}
	k = NewChunks(0, chunksMaxHead)
	if _, _, rej := k.Decode([]byte("0\r\n\r\n")); rej != nil || !k.Over() {
		t.Errorf("an empty body where none is taken: %v", rej)
	}
}

func TestBlankLinesAreCounted(t *testing.T) {
	t.Parallel()
	for buf, want := range map[string]int{"": 0, "\r": 0, "\r\n": 2, "\r\n\r\n\r": 4, "\n": 0, "\r\nGET": 2, "\r\r\n": 0, "G\r\n": 0} {
		if got := BlankLines([]byte(buf)); got != want {
			t.Errorf("%q: %d, want %d", buf, got, want)
		}
	}
}
