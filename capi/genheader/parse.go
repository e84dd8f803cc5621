// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
)

// section is what one front adds to the header.
type section struct {
	title     string
	prose     []string // lines without comment marks
	functions []function
}

// function is one public function.
type function struct {
	name      string
	prototype string   // as in the source, without the semicolon
	doc       []string // lines without comment marks
	line      int      // of the definition
}

// prototypeShape is WS_API <type> WS_CALL ws_<name>(<parameters>); it may span lines.
var prototypeShape = regexp.MustCompile(`(?s)^WS_API\s+(.*\S)\s*\bWS_CALL\s+(\w+)\s*\((.*)\)$`)

// parseFront reads one front. file is its name in errors.
//
// It does not know C; it knows how the fronts are written: what stands at file
// level are comments, preprocessor lines, and definitions that end at a brace or
// a semicolon. Every function that is not static is public and goes into the
// header.
func parseFront(file, source string) (*section, error) {
	var s *section
	seen := map[string]bool{}
	doc := token{} // the doc comment that waits for its function
	tokens, err := scan(file, source)
	if err != nil {
		return nil, err
	}
	for _, t := range tokens {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", file, t.line, fmt.Sprintf(format, args...))
		}
		switch t.kind {
		case docComment:
			lines, err := commentLines(t.text)
			if err != nil {
				return nil, fail("%v", err)
			}
			if title, ok := strings.CutPrefix(lines[0], "@section "); ok {
				if s != nil {
					return nil, fail("a front has one @section; the first one is %q", s.title)
				}
				s = &section{title: strings.TrimSpace(title), prose: lines[1:]}
				continue
			}
			if doc.text != "" {
				return nil, unclaimed(file, doc)
			}
			doc = t
		case definition, declaration:
			if s == nil {
				return nil, fail("a front begins with /** @section Title")
			}
			public, err := isPublic(t)
			if err != nil {
				return nil, fail("%v", err)
			}
			if !public {
				if doc.text != "" {
					return nil, unclaimed(file, doc)
				}
				continue
			}
			f, err := parseFunction(t, doc)
			if err != nil {
				return nil, fail("%v", err)
			}
			if seen[f.name] {
				return nil, fail("%s is defined twice", f.name)
			}
			seen[f.name] = true
			s.functions = append(s.functions, f)
			doc = token{}
		}
	}
	if s == nil {
		return nil, fmt.Errorf("%s:1: a front begins with /** @section Title", file)
	}
	if doc.text != "" {
		return nil, unclaimed(file, doc)
	}
	if len(s.functions) == 0 {
		return nil, fmt.Errorf("%s:1: no public function in this front", file)
	}
	return s, nil
}

func unclaimed(file string, doc token) error {
	return fmt.Errorf("%s:%d: no public function follows this /** comment", file, doc.line)
}

// isPublic tells whether t belongs into the header. A function that other files
// can see but that is not marked WS_API is an error: nobody could say whether it
// was forgotten.
func isPublic(t token) (bool, error) {
	if strings.HasPrefix(t.text, "WS_API") {
		if t.kind == declaration {
			return false, fmt.Errorf("a WS_API declaration; only definitions go into the header: %s", oneLine(t.text))
		}
		return true, nil
	}
	isFunction := t.kind == definition && strings.HasSuffix(t.text, ")")
	words := strings.Fields(t.text)
	if isFunction && words[0] != "static" {
		return false, fmt.Errorf("a function of a front is static or WS_API: %s", oneLine(t.text))
	}
	return false, nil
}

func parseFunction(t, doc token) (function, error) {
	shape := prototypeShape.FindStringSubmatch(t.text)
	if shape == nil {
		return function{}, fmt.Errorf("not of the form WS_API <type> WS_CALL ws_<name>(<parameters>): %s", oneLine(t.text))
	}
	name, parameters := shape[2], shape[3]
	if !strings.HasPrefix(name, "ws_") {
		return function{}, fmt.Errorf("%s: a public name begins with ws_", name)
	}
	if strings.TrimSpace(parameters) == "" {
		return function{}, fmt.Errorf("%s: empty parameter list; write (void)", name)
	}
	if doc.text == "" {
		return function{}, fmt.Errorf("%s has no /** comment", name)
	}
	lines, err := commentLines(doc.text)
	if err == nil {
		err = checkDoc(lines)
	}
	if err != nil {
		return function{}, fmt.Errorf("the comment of %s: %v", name, err)
	}
	return function{name: name, prototype: t.text, doc: lines, line: t.line}, nil
}

// checkDoc holds every comment to the same shape: prose, then what it returns,
// which threads may call, since which version.
func checkDoc(lines []string) error {
	labels := []string{"Returns:", "Threads:", "Since:"}
	next := 0
	for i, line := range lines {
		for l, label := range labels {
			rest, ok := strings.CutPrefix(line, label)
			if !ok {
				continue
			}
			switch {
			case i == 0:
				return fmt.Errorf("begins with %q; first say what the function does", label)
			case l < next:
				return fmt.Errorf("the line %q comes twice or too late; the order is Returns, Threads, Since", label)
			case l > next:
				return fmt.Errorf("no line %q before %q", labels[next], label)
			case strings.TrimSpace(rest) == "":
				return fmt.Errorf("nothing stands after %q", label)
			}
			next++
		}
	}
	if next < len(labels) {
		return fmt.Errorf("no line %q", labels[next])
	}
	if !strings.HasPrefix(lines[len(lines)-1], "Since:") {
		return fmt.Errorf("text after %q; it is the last line", "Since:")
	}
	return nil
}

// commentLines takes the marks off a comment. The first line has text.
func commentLines(comment string) ([]string, error) {
	body := strings.TrimSuffix(strings.TrimPrefix(comment, "/**"), "*/")
	if strings.Contains(body, "/*") {
		return nil, fmt.Errorf("the comment holds the begin of another one")
	}
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if i > 0 {
			line = strings.TrimPrefix(line, "*")
			if line == "" {
				lines[i] = ""
				continue
			}
			// Only the one blank behind the mark goes: the rest is indentation.
			line = strings.TrimPrefix(line, " ")
		}
		lines[i] = line
	}
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("the comment is empty")
	}
	return lines, nil
}

// oneLine makes source text fit into an error.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 100 {
		text = text[:100] + " ..."
	}
	return text
}
