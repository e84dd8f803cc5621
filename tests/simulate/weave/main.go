// SPDX-License-Identifier: Apache-2.0

// Weave makes a copy of this module's core in which a simulated world stands in for
// threads, clock and network: weave ROOT COPY [SOURCE]. ROOT is the top of the module, SOURCE
// that of another version of core, the same unless it is given.
//
// Nothing in core knows of that. In the copy imports of sync, sync/atomic, time and others
// name the packages of tests/simulate/shim; a go statement starts a simulated task, a
// select waits in the simulated way, a walk over a map has an order; and files of
// tests/simulate/woven take the place of those that call the system. Lines keep their
// numbers.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const shims = "libws/tests/simulate/shim/"

// imports are those that are replaced.
var imports = map[string]string{
	"sync":         shims + "sync",
	"sync/atomic":  shims + "atomic",
	"time":         shims + "time",
	"context":      shims + "context",
	"runtime":      shims + "runtime",
	"crypto/rand":  shims + "rand",
	"math/rand":    shims + "mathrand",
	"math/rand/v2": shims + "mathrand",
}

// system are the files that call it; woven has others.
var system = []string{
	"core/loop/poll_epoll_*", "core/loop/wait_*", "core/loop/default_*", "core/loop/accept_*", "core/loop/listen_*", "core/loop/socket_*",
	"core/loop/descriptor_*", "core/loop/adopt_*", "core/loop/direct_*", "core/loop/cpu_*", "core/loop/shutdown_*", "core/loop/keepalive_*", "core/loop/limit_*",
	"core/loop/sigpipe_*", "core/loop/await_*", "core/loop/owed_*", "core/loop/unacked_*", "core/loop/memory_*", "core/dial/tcp.go",
}

// lines are what is put behind the begin of a function, wherever that is.
var lines = map[string]string{
	"func (p *Pool) Put(b []byte) {":              " poison(b);",
	"func (r *relief) order(c *Conn, size int) {": " chosen(c);",
	"func relieved(c *Conn, o *occasion) {":       " if !o.crowded { chosen(c) };",
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "weave ROOT COPY [SOURCE]")
		os.Exit(2)
	}
	if err := weave(os.Args[1], os.Args[2], source()); err != nil {
		fmt.Fprintln(os.Stderr, "weave:", err)
		os.Exit(1)
	}
}

func source() string {
	if len(os.Args) == 4 {
		return os.Args[3]
	}
	return os.Args[1]
}

func weave(root, copied, source string) error {
	if err := os.RemoveAll(filepath.Join(copied, "core")); err != nil {
		return err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := put(copied, name, must(os.ReadFile(filepath.Join(root, name)))); err != nil {
			return err
		}
	}
	k, err := load(source)
	if err != nil {
		return err
	}
	found := map[string]int{}
	err = each(filepath.Join(source, "core"), func(path string, text []byte) error {
		name := "core/" + path
		if strings.HasSuffix(name, "_test.go") || calls(name, found) {
			return nil
		}
		text, err := k.transform(name, text, found)
		if err != nil {
			return err
		}
		return put(copied, name, text)
	})
	if err != nil {
		return err
	}
	for line := range lines {
		if found[line] != 1 {
			return fmt.Errorf("core has %d times the line %q", found[line], line)
		}
	}
	for _, pattern := range system {
		if found[pattern] == 0 {
			return fmt.Errorf("core has no file %s any more", pattern)
		}
	}
	for from, to := range map[string]string{"woven": ".", "world": "tests/simulate/world", "shim": "tests/simulate/shim", "../twin": "tests/twin"} {
		err := each(filepath.Join(root, "tests/simulate", from), func(path string, text []byte) error {
			name := filepath.Join(to, path)
			if from == "woven" && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				var err error
				if text, err = k.transform(name, text, found); err != nil {
					return err
				}
			}
			return put(copied, name, text)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// calls tells whether a file is one of system, and counts which.
func calls(name string, found map[string]int) bool {
	for _, pattern := range system {
		if is, _ := filepath.Match(pattern, name); is {
			found[pattern]++
			return true
		}
	}
	return false
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func each(root string, f func(path string, text []byte) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return f(relative, text)
	})
}

// put writes a file unless it says that already, so that builds find nothing new.
func put(root, name string, text []byte) error {
	path := filepath.Join(root, name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// edit puts text in the place of some bytes.
type edit struct {
	from, to int
	text     string
}

// transform weaves a file. Those of other systems and of woven have no types, and no maps
// that matter. found counts which of lines are in it.
func (k *core) transform(name string, text []byte, found map[string]int) ([]byte, error) {
	set, file := k.set, k.files[name]
	if file == nil {
		var err error
		if file, err = parser.ParseFile(set, name, text, parser.ParseComments); err != nil {
			return nil, err
		}
	}
	at := func(p token.Pos) int { return set.Position(p).Offset }
	source := func(n ast.Node) string { return string(text[at(n.Pos()):at(n.End())]) }
	var edits []edit
	needsWorld := false
	for _, i := range file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		if other, is := imports[path]; is {
			edits = append(edits, edit{at(i.Path.Pos()), at(i.Path.End()), strconv.Quote(other)})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			needsWorld = true
			edits = append(edits, start(n.Call, at(n.Pos()), at(n.End()), at, source)...)
		case *ast.SelectStmt:
			if waits(n) {
				needsWorld = true
				edits = append(edits, choose(n, at, source)...)
			}
		case *ast.RangeStmt:
			if k.walked(n.X) != nil {
				needsWorld = true
				edits = append(edits, edit{at(n.X.Pos()), at(n.X.Pos()), "world.Sorted("}, edit{at(n.X.End()), at(n.X.End()), ")"})
			}
		case *ast.UnaryExpr:
			if k.makes(n) {
				needsWorld = true
				edits = append(edits, edit{at(n.Pos()), at(n.Pos()), "world.Number("}, edit{at(n.End()), at(n.End()), ")"})
			}
		case *ast.CallExpr:
			if k.makes(n) {
				needsWorld = true
				edits = append(edits, edit{at(n.Pos()), at(n.Pos()), "world.Number("}, edit{at(n.End()), at(n.End()), ")"})
			}
			// The goroutine that it starts would be a real one.
			if x, is := n.Fun.(*ast.SelectorExpr); is && x.Sel.Name == "HandshakeContext" {
				edits = append(edits, edit{at(n.Pos()), at(n.End()), "context.Handshake(" + source(n.Args[0]) + ", " + source(x.X) + ")"})
			}
		}
		return true
	})
	if needsWorld && !bytes.Contains(text, []byte(`"libws/tests/simulate/world"`)) {
		end := at(file.Name.End())
		edits = append(edits, edit{end, end, `; import "libws/tests/simulate/world"`})
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	last := 0
	for _, e := range edits {
		out.Write(text[last:e.from])
		out.WriteString(e.text)
		last = e.to
	}
	out.Write(text[last:])
	woven := out.Bytes()
	for begin, more := range lines {
		found[begin] += bytes.Count(woven, []byte(begin))
		woven = bytes.Replace(woven, []byte(begin), []byte(begin+more), 1)
	}
	return woven, nil
}

// start makes a task of a go statement. Its function and arguments are evaluated at once.
func start(call *ast.CallExpr, from, to int, at func(token.Pos) int, source func(ast.Node) string) []edit {
	if _, is := call.Fun.(*ast.FuncLit); is && len(call.Args) == 0 {
		return []edit{{from, at(call.Pos()), "world.Go(\"func\", "}, {at(call.Lparen), to, ")"}}
	}
	what := source(call.Fun)
	name := strconv.Quote(what[strings.LastIndex(what, ".")+1:])
	if len(call.Args) == 0 {
		return []edit{{from, to, "world.Go(" + name + ", " + what + ")"}}
	}
	var names, values []string
	for i, a := range call.Args {
		names = append(names, fmt.Sprintf("a%d", i))
		values = append(values, source(a))
	}
	arguments := strings.Join(names, ", ")
	return []edit{{from, to, fmt.Sprintf("{ f, %s := %s, %s; world.Go(%s, func() { f(%s) }) }", arguments, what, strings.Join(values, ", "), name, arguments)}}
}

// waits tells whether a select has no default.
func waits(s *ast.SelectStmt) bool {
	for _, c := range s.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return false
		}
	}
	return true
}

// choose makes a switch over world.Choose of a select.
func choose(s *ast.SelectStmt, at func(token.Pos) int, source func(ast.Node) string) (edits []edit) {
	var cases []string
	for i, c := range s.Body.List {
		c := c.(*ast.CommClause)
		cases = append(cases, could(c.Comm, source))
		begin := fmt.Sprintf("case %d: ", i)
		if i == len(s.Body.List)-1 {
			begin = "default: " // so that the compiler sees that one is taken
		}
		edits = append(edits, edit{at(c.Case), at(c.Comm.Pos()), begin}, edit{at(c.Colon), at(c.Colon) + 1, ";"})
	}
	return append(edits, edit{at(s.Pos()), at(s.Body.Lbrace), "switch world.Choose(" + strings.Join(cases, ", ") + ") "})
}

func could(comm ast.Stmt, source func(ast.Node) string) string {
	receives := func(e ast.Expr) string { return "world.Receives(" + source(e.(*ast.UnaryExpr).X) + ")" }
	switch c := comm.(type) {
	case *ast.SendStmt:
		return "world.Sends(" + source(c.Chan) + ")"
	case *ast.ExprStmt:
		return receives(c.X)
	case *ast.AssignStmt:
		return receives(c.Rhs[0])
	}
	panic("a case of a select that is neither sending nor receiving")
}
