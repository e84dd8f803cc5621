// SPDX-License-Identifier: Apache-2.0

package core

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// A panic in an export would end the host.
func TestEveryExportIsGuardedAgainstPanics(t *testing.T) {
	t.Parallel()
	exports := 0
	for _, p := range guardedPackages(t) {
		for _, f := range p.files {
			for _, d := range f.Decls {
				function, ok := d.(*ast.FuncDecl)
				if !ok || !strings.Contains(commentText(function.Doc), "//export ") {
					continue
				}
				exports++
				if !p.begins(function.Body) {
					t.Errorf("%s: export %s does not begin with the defer of a guard", p.where(function), function.Name.Name)
				}
			}
		}
	}
	if exports < 40 {
		t.Errorf("found %d exports; is the search broken?", exports)
	}
}

// A panic in a goroutine would end the host, too, and in a function that a timer or the end of
// a context runs on one.
func TestEveryGoroutineIsGuardedAgainstPanics(t *testing.T) {
	t.Parallel()
	found := 0
	for _, p := range guardedPackages(t) {
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				var runs ast.Expr
				switch n := n.(type) {
				case *ast.GoStmt:
					runs = n.Call.Fun
				case *ast.CallExpr:
					if f, ok := p.callee(n.Fun).(*types.Func); ok && f.Name() == "AfterFunc" {
						runs = n.Args[1]
					}
				}
				if runs == nil {
					return true
				}
				found++
				if !p.guarded(runs) {
					t.Errorf("%s: a goroutine that does not begin with the defer of a guard", p.where(n))
				}
				return true
			})
		}
	}
	if found < 15 {
		t.Errorf("found %d goroutines; is the search broken?", found)
	}
}

// What another system is built with is not checked with types, so it starts no goroutines.
func TestGoroutinesAreStartedWhereTheirGuardsAreChecked(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range guardedPackages(t) {
		for _, f := range p.files {
			path, err := filepath.Abs(p.fset.Position(f.Pos()).Filename)
			if err != nil {
				t.Fatal(err)
			}
			seen[path] = true
		}
	}
	for _, name := range goFiles(t) {
		if path, _ := filepath.Abs(name); seen[path] {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			_, starts := n.(*ast.GoStmt)
			if call, ok := n.(*ast.SelectorExpr); starts || ok && call.Sel.Name == "AfterFunc" {
				t.Errorf("%s starts a goroutine, and is not built here", name)
			}
			return true
		})
	}
}

// goFiles are those of the library, in all directories, for all systems.
func goFiles(t *testing.T) (names []string) {
	t.Helper()
	for _, root := range []string{".", "../capi"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && slices.Contains([]string{"internal", "testdata", "genheader"}, d.Name()) {
				return filepath.SkipDir // no part of the library
			}
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				names = append(names, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// goDirectories are those of goFiles.
func goDirectories(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range goFiles(t) {
		if directory := filepath.Dir(name); !slices.Contains(names, directory) {
			names = append(names, directory)
		}
	}
	return names
}

// guardedPackage is a package, and which of its functions are guarded against panics.
type guardedPackage struct {
	*checkedPackage
	bodies map[types.Object]*ast.BlockStmt // of all functions
}

func guardedPackages(t *testing.T) (all []*guardedPackage) {
	t.Helper()
	packages := typed(t)
	for _, p := range append([]*checkedPackage{packages.capi}, packages.core...) {
		g := &guardedPackage{p, map[types.Object]*ast.BlockStmt{}}
		for _, f := range p.files {
			for _, d := range f.Decls {
				if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil {
					g.bodies[p.info.Defs[function.Name]] = function.Body
				}
			}
		}
		all = append(all, g)
	}
	return all
}

func (p *guardedPackage) where(n ast.Node) string { return p.fset.Position(n.Pos()).String() }

// callee is the function or method that an expression names, or nil.
func (p *guardedPackage) callee(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return p.info.Uses[e]
	case *ast.SelectorExpr:
		return p.info.Uses[e.Sel]
	}
	return nil
}

// guarded tells whether a function that is run on a goroutine cannot end the process.
func (p *guardedPackage) guarded(runs ast.Expr) bool {
	literal, ok := runs.(*ast.FuncLit)
	if !ok {
		return p.begins(p.bodies[p.callee(runs)])
	}
	switch list := literal.Body.List; {
	case p.begins(literal.Body) || len(list) == 0:
		return true
	case len(list) == 1:
		call, ok := list[0].(*ast.ExprStmt)
		if !ok {
			return false
		}
		called := p.callee(call.X.(*ast.CallExpr).Fun)
		return p.begins(p.bodies[called]) || ofASocket(called)
	}
	return false
}

// ofASocket tells whether a function is one of those of sockets that begin no work of ours.
func ofASocket(f types.Object) bool {
	return f != nil && slices.Contains([]string{"Close", "SetDeadline", "SetWriteDeadline"}, f.Name())
}

// begins tells whether a function defers a guard before anything in it can panic: a first defer
// is the last to run.
func (p *guardedPackage) begins(body *ast.BlockStmt) bool {
	if body == nil {
		return false
	}
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) > 0 {
					return false
				}
			}
		case *ast.AssignStmt:
			for _, value := range s.Rhs {
				if !p.harmless(value) {
					return false
				}
			}
		case *ast.DeferStmt:
			if literal, ok := s.Call.Fun.(*ast.FuncLit); ok {
				return recovers(literal.Body)
			}
			f := p.callee(s.Call.Fun)
			if f != nil && f.Pkg() != nil && f.Pkg().Path() == "sync" {
				continue // who waits for the end of the goroutine waits for its guard, too
			}
			return recovers(p.bodies[f])
		default:
			return false
		}
	}
	return false
}

// harmless tells whether a value cannot panic when it is made.
func (p *guardedPackage) harmless(value ast.Expr) bool {
	switch v := value.(type) {
	case *ast.Ident, *ast.FuncLit, *ast.BasicLit, *ast.SelectorExpr: // a field, as of the guard itself
		return true
	case *ast.CallExpr:
		f := p.callee(v.Fun)
		return f != nil && f.Name() == "stale" // of capi, which looks at the number of a handle only
	}
	return false
}

// recovers tells whether a function recovers from a panic when it is deferred.
func recovers(body *ast.BlockStmt) (found bool) {
	if body == nil {
		return false
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name, _ := call.Fun.(*ast.Ident)
			found = found || name != nil && name.Name == "recover"
		}
		_, another := n.(*ast.FuncLit)
		return !another
	})
	return found
}
