// SPDX-License-Identifier: Apache-2.0

package handshake

import "bytes"

// Classes of bytes, RFC 9110 5.5 and 5.6.2.
const (
	classToken = 1 << iota // tchar
	classValue             // field-content: HTAB, SP, VCHAR, obs-text
	classURI               // VCHAR but "#": what a request target may have
	className              // a registered name, RFC 3986 3.2.2, without escapes and the comma
	classColon
	classHex
)

var class = func() (t [256]uint8) {
	for c := 0x21; c <= 0x7e; c++ {
		t[c] = classValue | classURI
	}
	for c := 0x80; c <= 0xff; c++ {
		t[c] = classValue
	}
	t[' '] = classValue
	t['\t'] = classValue
	t['#'] &^= classURI
	for _, set := range []string{"0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} {
		for _, c := range set {
			t[c] |= classToken | className
		}
	}
	for _, c := range "0123456789abcdefABCDEF" {
		t[c] |= classHex
	}
	t[':'] |= classColon
	for _, c := range "!#$%&'*+-.^_`|~" {
		t[c] |= classToken
	}
	for _, c := range "-._~!$&'()*+;=" {
		t[c] |= className
	}
	return t
}()

// all tells whether s is not empty and every byte is of the class.
func all[T []byte | string](s T, mask uint8) bool {
	for i := 0; i < len(s); i++ {
		if class[s[i]]&mask == 0 {
			return false
		}
	}
	return len(s) > 0
}

// foldEqual compares without regard to ASCII case; lower is in lower case.
// Unicode folding would take the Kelvin sign for a k.
func foldEqual[T []byte | string](s T, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// trim takes optional white space off both ends (RFC 9110 5.6.3).
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for n := len(b); n > 0 && (b[n-1] == ' ' || b[n-1] == '\t'); n-- {
		b = b[:n-1]
	}
	return b
}

// nextElement takes the next element off a comma list. Empty elements are left
// out (RFC 9110 5.6.1.2). ok is false at the end of the list.
func nextElement(list []byte) (element, rest []byte, ok bool) {
	for len(list) > 0 {
		element = list
		if i := bytes.IndexByte(list, ','); i >= 0 {
			element, list = list[:i], list[i+1:]
		} else {
			list = nil
		}
		if element = trim(element); len(element) > 0 {
			return element, list, true
		}
	}
	return nil, nil, false
}

// lists tells whether a comma list has the element, given in lower case.
func lists(list []byte, lower string) bool {
	for {
		element, rest, ok := nextElement(list)
		if !ok {
			return false
		}
		if foldEqual(element, lower) {
			return true
		}
		list = rest
	}
}
