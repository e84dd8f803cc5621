// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// canBecomeValid reports whether some bytes behind p would make it valid UTF-8:
// it tries them. The four bytes stand for all ranges that the second byte of a
// code point may be limited to.
func canBecomeValid(p []byte) bool {
	if utf8.Valid(p) {
		return true
	}
	var b [64]byte
	n := copy(b[:], p)
	for _, x := range []byte{0x80, 0x90, 0xa0, 0xbf} {
		b[n], b[n+1], b[n+2] = x, 0x80, 0x80
		if utf8.Valid(b[:n+1]) || utf8.Valid(b[:n+2]) || utf8.Valid(b[:n+3]) {
			return true
		}
	}
	return false
}

// feedUTF8 feeds s, cut at the given points, and checks the answer after each
// piece.
func feedUTF8(t *testing.T, s []byte, cuts ...int) {
	t.Helper()
	var stream Text
	begin := 0
	for _, end := range append(cuts, len(s)) {
		ok := stream.Write(s[begin:end])
		if ok != canBecomeValid(s[:end]) {
			t.Fatalf("% x cut at %v: after %d bytes write says %v", s, cuts, end, ok)
		}
		if !ok {
			return
		}
		if stream.Whole() != utf8.Valid(s[:end]) {
			t.Fatalf("% x cut at %v: after %d bytes whole says %v", s, cuts, end, stream.Whole())
		}
		begin = end
	}
}

func feedUTF8EverySplit(t *testing.T, s []byte) {
	t.Helper()
	var single []int
	for i := range s {
		single = append(single, i)
		for j := i; j < len(s); j++ {
			feedUTF8(t, s, i, j)
		}
	}
	feedUTF8(t, s, single...)
}

func TestTextIsJudgedAlikeHoweverItIsCut(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "a", "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "日本語", "😀😀", "\x00\x7f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff",
		"\ud7ff\ue000\ufeff\ufffd", "0123456789abcdef0123456789é0123456", // the end of the ASCII way
		"\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", // overlong
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\x80\xed\xb0\x80", // surrogates
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\xfe", "\xff", // above U+10FFFF
		"\x80", "\xbf\xbf", "a\x80", "é\x80", "€\x80", "😀\x80", "\x80\x80\x80\x80\x80", // stray continuation bytes
		"\xc3", "a\xe2\x82", "\xf0\x9f\x98", "\xe2\x82a", "\xf0\x9f\xf0\x9f\x98\x80", "\xc3\xc3\xa9", "\xe2\xe2\x82\xac", // cut code points
		"κόσμε\xed\xa0\x80edited", "κόσμε\xf4\x90\x80\x80edited",
	} {
		feedUTF8EverySplit(t, []byte(s))
	}
}

func TestEveryPairOfBytesIsJudgedAtOnce(t *testing.T) {
	t.Parallel()
	for first := range 256 {
		for second := range 256 {
			s := []byte{byte(first), byte(second)}
			feedUTF8(t, s)
			feedUTF8(t, s, 1)
			feedUTF8(t, s, 0, 1)
		}
	}
}

func TestRandomTextIsJudgedAlikeHoweverItIsCut(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	// Bytes at the borders of the ranges of Unicode's table 3-7.
	edges := []byte("\x00a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff")
	for range 20000 {
		var s []byte
		for range 1 + random.IntN(4) {
			switch random.IntN(3) {
			case 0:
				s = append(s, edges[random.IntN(len(edges))])
			default:
				// Any number: a surrogate becomes U+FFFD.
				r := utf8.AppendRune(nil, rune(random.IntN(utf8.MaxRune+1)>>random.IntN(20)))
				s = append(s, r[:len(r)-random.IntN(2)*random.IntN(2)]...)
			}
		}
		feedUTF8EverySplit(t, s)
	}
}
