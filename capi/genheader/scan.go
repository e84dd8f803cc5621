// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

type tokenKind int

const (
	docComment  tokenKind = iota // /** ... */ at file level
	definition                   // text up to a { at file level, without it
	declaration                  // text up to a ; at file level, without it
)

// token is one thing at file level of a C source.
type token struct {
	kind tokenKind
	text string
	line int // where text begins, from 1
}

// scan cuts a C source into what stands at file level. Bodies, preprocessor
// lines and plain comments are passed over. It knows enough of C not to be
// misled by braces and quotes in strings and comments. file is for errors.
func scan(file, source string) ([]token, error) {
	var tokens []token
	var text strings.Builder // of the definition or declaration being read
	textLine, line, depth := 0, 1, 0
	lineStart := true // nothing but blanks on this line so far
	end := func(kind tokenKind) {
		if t := strings.TrimSpace(text.String()); t != "" {
			tokens = append(tokens, token{kind, t, textLine})
		}
		text.Reset()
	}
	for i := 0; i < len(source); {
		rest := source[i:]
		n := 1
		switch {
		case strings.HasPrefix(rest, "/*"):
			closing := strings.Index(rest[2:], "*/")
			if closing < 0 {
				return nil, fmt.Errorf("%s:%d: this comment does not end", file, line)
			}
			n = closing + 4
			if depth == 0 && strings.HasPrefix(rest, "/**") && n > 4 {
				if strings.TrimSpace(text.String()) != "" {
					return nil, fmt.Errorf("%s:%d: a /** comment inside of %s", file, line, oneLine(text.String()))
				}
				tokens = append(tokens, token{docComment, rest[:n], line})
			}
		case strings.HasPrefix(rest, "//"):
			n = lineLength(rest)
		case rest[0] == '#' && lineStart:
			n = lineLength(rest)
			for n < len(rest) && strings.HasSuffix(rest[:n], "\\") {
				n += 1 + lineLength(rest[n+1:])
			}
		case rest[0] == '"' || rest[0] == '\'':
			n = quotedLength(rest)
			if depth == 0 {
				text.WriteString(rest[:n])
			}
		case rest[0] == '{':
			if depth == 0 {
				end(definition)
			}
			depth++
		case rest[0] == '}':
			depth--
			if depth < 0 {
				return nil, fmt.Errorf("%s:%d: a } without {", file, line)
			}
		case rest[0] == ';' && depth == 0:
			end(declaration)
		case depth == 0:
			if text.Len() == 0 && strings.TrimSpace(rest[:1]) != "" {
				textLine = line
			}
			if text.Len() > 0 || strings.TrimSpace(rest[:1]) != "" {
				text.WriteByte(rest[0])
			}
		}
		for _, c := range rest[:n] {
			switch c {
			case '\n':
				line++
				lineStart = true
			case ' ', '\t':
			default:
				lineStart = false
			}
		}
		i += n
	}
	if depth != 0 {
		return nil, fmt.Errorf("%s:%d: a { is never closed", file, line)
	}
	end(declaration)
	return tokens, nil
}

// lineLength is the length of the first line of s, without its end.
func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

// quotedLength is the length of the string or character literal s begins with.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0], '\n':
			return i + 1
		}
	}
	return len(s)
}
