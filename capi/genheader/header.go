// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fronts is the order of the header's sections: what a reader needs first comes
// first. The section <name> is the file front_<name>.c.
var fronts = []string{"library", "events", "send", "connection", "client", "server", "listeners", "topics", "relay", "request", "adopt", "tls", "queue", "post", "stats", "names"}

const introFile = "header_intro.txt"

// generate returns the text of the header that belongs to the fronts in
// directory capi. An error names file and line of what has to be changed.
func generate(capi string) ([]byte, error) {
	if err := checkFrontFiles(capi); err != nil {
		return nil, err
	}
	intro, err := os.ReadFile(filepath.Join(capi, introFile))
	if err != nil {
		return nil, fmt.Errorf("reading the opening page: %w", err)
	}
	var sections []*section
	definedAt := map[string]string{}
	for _, name := range fronts {
		file := frontFile(name)
		source, err := os.ReadFile(filepath.Join(capi, file))
		if err != nil {
			return nil, fmt.Errorf("reading a front: %w", err)
		}
		s, err := parseFront(file, string(source))
		if err != nil {
			return nil, err
		}
		for _, f := range s.functions {
			here := fmt.Sprintf("%s:%d", file, f.line)
			if first, ok := definedAt[f.name]; ok {
				return nil, fmt.Errorf("%s: %s is defined twice, first in %s", here, f.name, first)
			}
			definedAt[f.name] = here
		}
		sections = append(sections, s)
	}
	return render(string(intro), sections)
}

func frontFile(name string) string { return "front_" + name + ".c" }

// checkFrontFiles finds fronts that would be left out of the header.
func checkFrontFiles(capi string) error {
	paths, err := filepath.Glob(filepath.Join(capi, frontFile("*")))
	if err != nil {
		return fmt.Errorf("looking for fronts in %q: %w", capi, err)
	}
	for _, path := range paths {
		file := filepath.Base(path)
		name := strings.TrimSuffix(strings.TrimPrefix(file, "front_"), ".c")
		if !slices.Contains(fronts, name) {
			return fmt.Errorf("%s: genheader does not know this front; add %q to its list where the section belongs", file, name)
		}
	}
	return nil
}

func render(intro string, sections []*section) ([]byte, error) {
	if strings.Contains(intro, "/*") || strings.Contains(intro, "*/") {
		return nil, fmt.Errorf("%s: holds the begin or end of a C comment, and becomes one itself", introFile)
	}
	var b bytes.Buffer
	b.WriteString("/* SPDX-License-Identifier: Apache-2.0 */\n")
	b.WriteString("/* Generated from capi/front_*.c by \"go generate ./...\"; do not edit. */\n")
	writeComment(&b, strings.Split(strings.TrimSpace(intro), "\n"))
	b.WriteString("#ifndef LIBWS_H\n#define LIBWS_H\n\n#include \"ws_types.h\"\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n")
	for _, s := range sections {
		b.WriteString("\n/* ---- " + s.title + " " + strings.Repeat("-", max(4, 70-len(s.title))))
		for _, line := range s.prose {
			writeCommentLine(&b, line)
		}
		b.WriteString(" */\n")
		for _, f := range s.functions {
			b.WriteString("\n")
			writeComment(&b, f.doc)
			b.WriteString(f.prototype + ";\n")
		}
	}
	b.WriteString("\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n")
	return b.Bytes(), nil
}

func writeComment(b *bytes.Buffer, lines []string) {
	b.WriteString("/*")
	for _, line := range lines {
		writeCommentLine(b, line)
	}
	b.WriteString("\n */\n")
}

// writeCommentLine leaves out the blank that an empty line would end with.
func writeCommentLine(b *bytes.Buffer, line string) {
	b.WriteString(strings.TrimRight("\n * "+line, " \t"))
}
