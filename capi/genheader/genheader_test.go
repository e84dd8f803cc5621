// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommittedHeaderIsTheGeneratedOne(t *testing.T) {
	t.Parallel()
	want, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(headerPath(".."))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range wantLines {
		if i >= len(gotLines) || gotLines[i] != wantLines[i] {
			t.Fatalf("include/libws/ws.h is stale from line %d on, run \"go generate ./...\"; that line should be\n%s", i+1, wantLines[i])
		}
	}
	t.Fatalf("include/libws/ws.h has lines that the fronts do not have, run \"go generate ./...\"")
}

// front is the source of a front with one function that is all right.
const front = `/* SPDX-License-Identifier: Apache-2.0 */
/** @section Title
 * Prose.
 */
#include "front.h"
#define A_MACRO_WITH(brace) \
    { "and a quote

enum { A = 1, B };
static const char *const table[] = {"};", "\"{"};
static int32_t check(int32_t x)
{
    if (x == '{') return 0; // not the end: }
    return x;
}

/**
 * Does something.
 *
 *   indented: stays.
 *
 * Returns: WS_OK.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_NAME(ws_handle handle,
                               const char *text)
{
    return check(text ? 1 : 0);
}
`

// writeFronts makes a directory like capi. Each known front holds one function,
// named after the front; changed replaces some.
func writeFronts(t *testing.T, changed map[string]string) string {
	t.Helper()
	capi := filepath.Join(t.TempDir(), "capi")
	files := map[string]string{introFile: "name - what it is.\n\nProse.\n"}
	for _, name := range fronts {
		files[frontFile(name)] = strings.ReplaceAll(front, "ws_NAME", "ws_"+name)
	}
	for file, text := range changed {
		files[file] = text
	}
	for _, dir := range []string{capi, filepath.Dir(headerPath(capi))} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(capi, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return capi
}

func TestHeaderHoldsPrototypesAndCommentsInOrder(t *testing.T) {
	t.Parallel()
	capi := writeFronts(t, nil)
	if err := run(capi); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(headerPath(capi))
	if err != nil {
		t.Fatal(err)
	}
	header := string(written)
	pieces := []string{
		"/* SPDX-License-Identifier: Apache-2.0 */\n",
		"go generate ./...\"; do not edit. */\n",
		"/*\n * name - what it is.\n *\n * Prose.\n */\n#ifndef LIBWS_H\n#define LIBWS_H\n",
		"#include \"ws_types.h\"\n",
		"extern \"C\" {\n",
		"/* ---- Title ---",
		"-\n * Prose. */\n",
		"/*\n * Does something.\n *\n *   indented: stays.\n *\n * Returns: WS_OK.\n * Threads: any.\n * Since: 0.1\n */\n" +
			"WS_API int32_t WS_CALL ws_library(ws_handle handle,\n                               const char *text);\n",
		"ws_events(", "ws_connection(", "ws_client(", "ws_server(", "ws_queue(",
		"\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n",
	}
	from := 0
	for _, piece := range pieces {
		at := strings.Index(header[from:], piece)
		if at < 0 {
			t.Fatalf("not in the header, or not in this order:\n%s\nThe header:\n%s", piece, header)
		}
		from += at + len(piece)
	}
	for _, private := range []string{"check(", "table", "A_MACRO", "front.h", "enum", "/**"} {
		if strings.Contains(header, private) {
			t.Errorf("%q of a front is in the header", private)
		}
	}
}

func TestFrontsThatAreWrongAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	const file = "front_events.c"
	good := strings.ReplaceAll(front, "ws_NAME", "ws_events")
	comment := good[strings.Index(good, "/**\n"):strings.Index(good, "WS_API")]
	edit := func(old, new string) map[string]string {
		if !strings.Contains(good, old) {
			t.Fatalf("the good front does not contain %q", old)
		}
		return map[string]string{file: strings.Replace(good, old, new, 1)}
	}
	for _, c := range []struct {
		what    string
		changed map[string]string
		want    string
	}{
		{"no comment", edit(comment, ""), "front_events.c:17: ws_events has no /** comment"},
		{"plain comment", edit("/**\n", "/*\n"), "ws_events has no /** comment"},
		{"empty comment", edit(comment, "/** */\n"), "the comment is empty"},
		{"no Returns", edit(" * Returns: WS_OK.\n", ""), `no line "Returns:"`},
		{"no Threads", edit(" * Threads: any.\n", ""), `no line "Threads:"`},
		{"no Since", edit(" * Since: 0.1\n", ""), `no line "Since:"`},
		{"empty Since", edit("Since: 0.1", "Since:"), `nothing stands after "Since:"`},
		{"wrong order", edit(" * Threads: any.\n * Since: 0.1\n", " * Since: 0.1\n * Threads: any.\n"), `no line "Threads:" before "Since:"`},
		{"Returns twice", edit(" * Since: 0.1\n", " * Returns: WS_OK.\n * Since: 0.1\n"), `"Returns:" comes twice`},
		{"text after Since", edit("Since: 0.1\n", "Since: 0.1\n * More.\n"), `text after "Since:"`},
		{"no prose", edit(" * Does something.\n *\n *   indented: stays.\n *\n", ""), "first say what the function does"},
		{"same name in one front", map[string]string{file: good + comment + "WS_API int WS_CALL ws_events(void)\n{\n}\n"}, "ws_events is defined twice"},
		{"same name in two fronts", edit("ws_events", "ws_library"), "ws_library is defined twice, first in front_library.c:26"},
		{"not WS_API", edit("WS_API int32_t", "int32_t"), "a function of a front is static or WS_API: int32_t WS_CALL ws_events("},
		{"no WS_CALL", edit(" WS_CALL", ""), "not of the form WS_API <type> WS_CALL"},
		{"foreign name", edit("ws_events", "wsx_events"), "wsx_events: a public name begins with ws_"},
		{"no parameters", edit("(ws_handle handle,\n                               const char *text)", "()"), "write (void)"},
		{"only declared", map[string]string{file: good + comment + "WS_API int WS_CALL ws_more(void);\n"}, "only definitions go into the header"},
		{"comment of nothing", map[string]string{file: good + comment}, "no public function follows this /** comment"},
		{"comment of a static function", edit("static int32_t check", comment+"static int32_t check"), "no public function follows this /** comment"},
		{"comment in a comment", edit("Does something.", "Does /* something."), "the begin of another one"},
		{"comment without end", map[string]string{file: good + "/* and so on"}, "this comment does not end"},
		{"brace without end", map[string]string{file: good + "static int f(void)\n{\n"}, "a { is never closed"},
		{"brace too many", map[string]string{file: good + "}\n"}, "a } without {"},
		{"no section", edit("/** @section Title", "/* Title"), "a front begins with /** @section Title"},
		{"two sections", map[string]string{file: good + "/** @section Again */\n"}, "a front has one @section"},
		{"no function", map[string]string{file: "/** @section Title\n * Prose.\n */\n"}, "no public function in this front"},
		{"unknown front", map[string]string{"front_more.c": good}, "front_more.c: genheader does not know this front"},
		{"comment in the opening page", map[string]string{introFile: "name /* what */\n"}, "header_intro.txt: holds the begin or end"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, err := generate(writeFronts(t, c.changed))
			if err == nil {
				t.Fatalf("accepted; want an error with %q", c.want)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Fatalf("the error is\n%v\nwant one with\n%s", err, c.want)
			}
		})
	}
}

func TestMissingFrontIsNamed(t *testing.T) {
	t.Parallel()
	capi := writeFronts(t, nil)
	if err := os.Remove(filepath.Join(capi, "front_client.c")); err != nil {
		t.Fatal(err)
	}
	if _, err := generate(capi); err == nil || !strings.Contains(err.Error(), "front_client.c") {
		t.Fatalf("want an error that names front_client.c, got %v", err)
	}
}
