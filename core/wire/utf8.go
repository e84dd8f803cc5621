// SPDX-License-Identifier: Apache-2.0

package wire

import "unicode/utf8"

// Text checks text that comes in pieces (RFC 6455 8.1); its zero value is at the
// begin of a text. It keeps only the
// begin of a code point that the last piece cut off; everything else goes to
// [utf8.Valid] in whole pieces, which has a fast way for ASCII.
//
// A wrong byte is found with the piece it is in, also when the code point it
// spoils is not complete: [utf8.FullRune] calls an impossible begin, such as ED
// A0 or F4 90, full.
type Text struct {
	cut [utf8.UTFMax - 1]byte
	n   uint8 // bytes used of cut
}

// Write takes the next piece; false means that the text cannot become valid.
func (s *Text) Write(p []byte) bool {
	if s.n > 0 {
		used, ok := s.complete(p)
		if !ok {
			return false
		}
		p = p[used:]
	}
	// A code point that the end of p cuts off begins in its last three bytes.
	for i := len(p) - 1; i >= 0 && i > len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				s.n = uint8(copy(s.cut[:], p[i:])) // fits: at most 3 bytes
				p = p[:i]
			}
			break
		}
	}
	return utf8.Valid(p)
}

// complete adds bytes of p to the code point that was cut off, and returns how
// many it used: all of them when the code point is still not complete.
func (s *Text) complete(p []byte) (used int, ok bool) {
	var r [utf8.UTFMax]byte
	n := copy(r[:], s.cut[:s.n])
	for i, b := range p {
		r[n] = b
		n++
		if utf8.FullRune(r[:n]) {
			s.n = 0
			_, size := utf8.DecodeRune(r[:n])
			return i + 1, size == n
		}
	}
	s.n = uint8(copy(s.cut[:], r[:n])) // fits: at most 4 bytes
	return len(p), true
}

// Whole reports whether the text ends here without a cut code point. Then the
// next text may begin.
func (s *Text) Whole() bool { return s.n == 0 }
