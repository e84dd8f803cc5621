// SPDX-License-Identifier: Apache-2.0

package core_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fileName is the name of a file of ours in a text, or of a directory that is quoted; * stands
// for any part of it.
var fileName = regexp.MustCompile("[\\w.*/-]*[\\w*]\\.(?:go|c|h|sh|py|mjs|cmake|pml|md)\\b|`(?:core|capi|cmake|docs|include|tests)/[\\w/]+`")

var systemHeader = regexp.MustCompile(`<[a-z/_]+\.h>`)

// A page that names a file which is gone sends its reader nowhere. A name with a directory of
// the top is a path; a short one is the end of one.
func TestFilesThatPagesNameAreThere(t *testing.T) {
	t.Parallel()
	var all []string
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != ".." && (strings.HasPrefix(d.Name(), "build") || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if name != ".." {
			all = append(all, "/"+filepath.ToSlash(strings.TrimPrefix(name, "../")))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	there := func(name string) bool {
		return slices.ContainsFunc(all, func(file string) bool {
			if _, err := os.Stat("../" + strings.Split(name, "/")[0]); err == nil && strings.Contains(name, "/") {
				match, _ := path.Match("/"+name, file)
				return match
			}
			parts := strings.Split(file, "/")
			short := parts[max(0, len(parts)-1-strings.Count(name, "/")):]
			match, _ := path.Match(name, strings.Join(short, "/"))
			return match
		})
	}
	named := 0
	for _, page := range all {
		pages, _ := path.Match("/docs/*.md", page)
		if !pages && page != "/README.md" && (path.Base(page) != "doc.go" || !strings.HasPrefix(page, "/core/") && page != "/capi/doc.go") {
			continue
		}
		text, err := os.ReadFile(".." + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range fileName.FindAllString(systemHeader.ReplaceAllString(string(text), ""), -1) {
			name = strings.TrimSuffix(strings.TrimLeft(strings.Trim(name, "`"), "./"), "/") // "./" and "../", too
			if strings.HasSuffix(name, "ohos.toolchain.cmake") {
				continue // a file of OpenHarmony's SDK
			}
			named++
			if !there(name) {
				t.Errorf("%s names %s, which is not there", page[1:], name)
			}
		}
	}
	if named < 200 {
		t.Errorf("found %d names of files; is the search broken?", named)
	}
}

// A newcomer finds every file of core in its package comment, by the wing in its name, and each
// word of the glossary once, in order.
func TestEveryFileOfCoreIsInItsPackageComment(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "// # Files\n")
	files, words, both := strings.Cut(rest, "// # Words\n")
	if !found || !both {
		t.Fatal("doc.go has no list of files, or no words behind it")
	}
	listed := map[string]int{}
	for _, name := range regexp.MustCompile(`\b[a-z_]+\.go\b`).FindAllString(files, -1) {
		listed[name]++
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "doc.go" {
			continue
		}
		if listed[name] != 1 {
			t.Errorf("doc.go names %s %d times among the files", name, listed[name])
		}
		delete(listed, name)
		wing, _, _ := strings.Cut(strings.TrimSuffix(name, ".go"), "_")
		if !slices.Contains([]string{"conn", "recv", "send", "publish", "tls", "client", "server", "memory", "engine", "host"}, wing) {
			t.Errorf("%s is in no wing", name)
		}
	}
	for name := range listed {
		t.Errorf("doc.go names %s, which is not there", name)
	}
	words, _, _ = strings.Cut(words, "// # ")
	var glossary []string
	for _, m := range regexp.MustCompile(`(?m)^//   - ([a-z]+): \S`).FindAllStringSubmatch(words, -1) {
		glossary = append(glossary, m[1])
	}
	if len(glossary) < 30 || !slices.IsSorted(glossary) || len(slices.Compact(slices.Clone(glossary))) != len(glossary) {
		t.Errorf("%d words, in order and each once: %v", len(glossary), glossary)
	}
}
