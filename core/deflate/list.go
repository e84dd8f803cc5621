// SPDX-License-Identifier: Apache-2.0

package deflate

import "strings"

// cutter reads a Sec-WebSocket-Extensions field from its front. It is stricter than
// httphead.ScanOptions, which takes "a b" for "b" and "a; b=" for "a; b".
type cutter struct {
	rest string
	bad  bool // what was read does not follow the grammar
}

// scan calls it for each extension in value, the value of a Sec-WebSocket-Extensions
// field (RFC 6455 9.1); several fields are joined by commas.
func scan(value string, it func(name string, t terms)) error {
	c := &cutter{rest: value}
	n := 0
	for c.spaces(); c.rest != ""; c.spaces() {
		if c.skip(',') {
			continue // RFC 9110 5.6.1: an empty element
		}
		name, t := c.token(), terms{}
		for c.skip(';') {
			key := c.token()
			if c.skip('=') {
				t.set(key, c.value(), true)
			} else {
				t.set(key, "", false)
			}
		}
		if c.bad || c.rest != "" && c.rest[0] != ',' {
			return errMalformed
		}
		it(name, t)
		n++
	}
	if n == 0 {
		return errMalformed
	}
	return nil
}

func (c *cutter) spaces() { c.rest = strings.TrimLeft(c.rest, " \t") }

// skip takes a separator and the spaces around it.
func (c *cutter) skip(b byte) bool {
	c.spaces()
	if c.rest == "" || c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	c.spaces()
	return true
}

func (c *cutter) token() string {
	n := 0
	for n < len(c.rest) && isToken(c.rest[n]) {
		n++
	}
	token := c.rest[:n]
	c.rest = c.rest[n:]
	c.bad = c.bad || n == 0
	return token
}

// value is a token, or one in quotes.
func (c *cutter) value() string {
	quoted := strings.HasPrefix(c.rest, `"`)
	if !quoted {
		return c.token()
	}
	var b strings.Builder
	for i := 1; i < len(c.rest); i++ {
		ch := c.rest[i]
		switch {
		case ch == '"':
			c.rest = c.rest[i+1:]
			c.bad = c.bad || b.Len() == 0
			return b.String()
		case ch == '\\' && i+1 < len(c.rest):
			i++
			ch = c.rest[i]
		}
		c.bad = c.bad || !isToken(ch)
		b.WriteByte(ch)
	}
	c.bad = true // it never ends
	return ""
}

// isToken: RFC 9110 5.6.2.
func isToken(b byte) bool {
	return b > ' ' && b < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, rune(b))
}
