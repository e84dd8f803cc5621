// SPDX-License-Identifier: Apache-2.0

package core

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sources parses the Go files of a directory of the module, without tests.
func sources(t *testing.T, directory string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(directory, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go files in %s: %v", directory, err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
	}
	return files
}

// firstDefer returns the names of what a function defers before anything else
// happens but declarations.
func firstDefers(body *ast.BlockStmt) []string {
	var names []string
	for _, s := range body.List {
		d, ok := s.(*ast.DeferStmt)
		if !ok {
			continue
		}
		switch f := d.Call.Fun.(type) {
		case *ast.Ident:
			names = append(names, f.Name)
		case *ast.SelectorExpr:
			names = append(names, f.Sel.Name)
		}
	}
	return names
}

func contains(names []string, wanted ...string) bool {
	for _, n := range names {
		for _, w := range wanted {
			if n == w {
				return true
			}
		}
	}
	return false
}

// A panic in an export would end the host.
func TestEveryExportIsGuardedAgainstPanics(t *testing.T) {
	exports := 0
	for name, f := range sources(t, "../capi") {
		for _, d := range f.Decls {
			function, ok := d.(*ast.FuncDecl)
			if !ok || function.Doc == nil || !strings.Contains(function.Doc.Text()+commentText(function.Doc), "//export ") {
				continue
			}
			exports++
			if !contains(firstDefers(function.Body), "result", "quiet") {
				t.Errorf("%s: export %s defers neither result nor quiet", name, function.Name.Name)
			}
		}
	}
	if exports < 10 {
		t.Errorf("found %d exports; is the search broken?", exports)
	}
}

func commentText(g *ast.CommentGroup) string {
	var b strings.Builder
	if g == nil {
		return ""
	}
	for _, c := range g.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}

// A panic in a goroutine would end the host, too.
func TestEveryGoroutineIsGuardedAgainstPanics(t *testing.T) {
	found := 0
	for _, directory := range []string{".", "loop", "dial", "handshake", "wire", "../capi"} {
		files := sources(t, directory)
		guarded := map[string]bool{} // functions that defer a guard
		for _, f := range files {
			for _, d := range f.Decls {
				if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil && contains(firstDefers(function.Body), "guard", "quiet") {
					guarded[function.Name.Name] = true
				}
			}
		}
		for name, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				statement, ok := n.(*ast.GoStmt)
				if !ok {
					return true
				}
				found++
				switch called := statement.Call.Fun.(type) {
				case *ast.FuncLit:
					if !contains(firstDefers(called.Body), "guard", "quiet") {
						t.Errorf("%s: a goroutine without guard", name)
					}
				case *ast.SelectorExpr:
					if !guarded[called.Sel.Name] {
						t.Errorf("%s: goroutine %s does not defer guard", name, called.Sel.Name)
					}
				case *ast.Ident:
					if !guarded[called.Name] {
						t.Errorf("%s: goroutine %s does not defer guard", name, called.Name)
					}
				}
				return true
			})
		}
	}
	if found < 2 {
		t.Errorf("found %d goroutines; is the search broken?", found)
	}
}
