// SPDX-License-Identifier: Apache-2.0

package core_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	module = "libws"
	core   = module + "/core"
	gobwas = "github.com/gobwas/ws"
)

// goPackage is what "go list -json" tells about a package.
type goPackage struct {
	ImportPath   string
	Dir          string
	Name         string
	Doc          string
	GoFiles      []string
	CgoFiles     []string
	CFiles       []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Standard     bool
}

func (p goPackage) isOurs() bool {
	return p.ImportPath == core || strings.HasPrefix(p.ImportPath, core+"/")
}

// packages are those under core and all that they depend on, by import path.
var packages = sync.OnceValues(func() (map[string]goPackage, error) {
	// Looking at the files makes Go run these tests again when one of them has
	// changed; what a child process reads is not in the key of its test cache.
	if err := filepath.WalkDir(".", func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	list := exec.Command("go", "list", "-deps", "-json", "./...")
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	found := map[string]goPackage{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("reading go list: %w", err)
		}
		found[p.ImportPath] = p
	}
	if _, ok := found[core]; !ok {
		return nil, fmt.Errorf("go list ./... does not know %s", core)
	}
	return found, nil
})

func ours(t *testing.T) []goPackage {
	t.Helper()
	all, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	var result []goPackage
	for _, p := range all {
		if p.isOurs() {
			result = append(result, p)
		}
	}
	return result
}

func TestCoreIsPureGo(t *testing.T) {
	t.Parallel()
	for _, p := range ours(t) {
		if len(p.CgoFiles)+len(p.CFiles) > 0 {
			t.Errorf("%s has cgo or C files: %v", p.ImportPath, append(p.CgoFiles, p.CFiles...))
		}
		for _, imports := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			if slices.Contains(imports, "C") {
				t.Errorf("%s imports C", p.ImportPath)
			}
		}
	}
}

// The rooms of the house below capi, from the top: each may import those of later lines only.
var storeys = [][]string{
	{""},
	{"connect", "admit", "turns", "relay"},
	{"config"},
	{"journal", "metrics", "topics"},
	{"fault", "border", "cookies", "requests", "tlsbuf"},
	{"handshake", "deflate", "dial", "reconnect", "loop"},
	{"wire", "ebb", "fd"},
	{"zone"},
	{"lock", "debug"},
}

// storey is the line of a package in storeys, -1: it has none.
func storey(path string) int {
	name := strings.TrimPrefix(strings.TrimPrefix(path, core), "/")
	return slices.IndexFunc(storeys, func(rooms []string) bool { return slices.Contains(rooms, name) })
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, p := range ours(t) {
		own := storey(p.ImportPath)
		if own < 0 && !strings.HasPrefix(p.ImportPath, core+"/internal/") {
			t.Errorf("%s is on no storey", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if imported != module && !strings.HasPrefix(imported, module+"/") {
				continue
			}
			if storey(imported) <= own {
				t.Errorf("%s imports %s, which is not below it", p.ImportPath, imported)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if strings.HasPrefix(imported, module+"/capi") {
				t.Errorf("a test of %s imports %s", p.ImportPath, imported)
			}
		}
	}
}

// A library that handles signals, logs, or reads the command line is a bad
// guest. gobwas/ws and cookies bring net/http and log with them, which are linked in only as
// far as they are used; nothing else may.
func TestCoreDoesNotDependOnWhatAGuestMustNotUse(t *testing.T) {
	t.Parallel()
	all, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range []string{"os/signal", "flag", "testing"} {
		if _, ok := all[forbidden]; ok {
			t.Errorf("core depends on %s", forbidden)
		}
	}
	// Who reaches what, without going through these two. The standard library
	// decides itself what it needs.
	reached := map[string]string{}
	queue := []string{}
	for _, p := range ours(t) {
		queue = append(queue, p.ImportPath)
	}
	for len(queue) > 0 {
		p := all[queue[0]]
		queue = queue[1:]
		if p.Standard || p.ImportPath == core+"/cookies" || p.ImportPath == gobwas || strings.HasPrefix(p.ImportPath, gobwas+"/") {
			continue
		}
		for _, imported := range p.Imports {
			if _, ok := reached[imported]; !ok {
				reached[imported] = p.ImportPath
				queue = append(queue, imported)
			}
		}
	}
	for _, forbidden := range []string{"net/http", "log", "log/slog", "log/syslog"} {
		if by, ok := reached[forbidden]; ok {
			t.Errorf("%s imports %s", by, forbidden)
		}
	}
}

// The host owns the process: its exit, its environment, its output.
func TestCoreNeitherPrintsNorEndsTheProcess(t *testing.T) {
	t.Parallel()
	forbidden := map[string][]string{
		"os":  {"Exit", "Setenv", "Unsetenv", "Clearenv", "Chdir", "Stdin", "Stdout", "Stderr"},
		"fmt": {"Print", "Printf", "Println"},
	}
	for _, p := range ours(t) {
		for _, file := range p.GoFiles {
			files := token.NewFileSet()
			source, err := parser.ParseFile(files, filepath.Join(p.Dir, file), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(source, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && slices.Contains(forbidden[x.Name], n.Sel.Name) {
						t.Errorf("%s: %s.%s", files.Position(n.Pos()), x.Name, n.Sel.Name)
					}
				case *ast.CallExpr:
					if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "print" || f.Name == "println") {
						t.Errorf("%s: %s", files.Position(n.Pos()), f.Name)
					}
				}
				return true
			})
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, p := range ours(t) {
		if p.Doc == "" {
			t.Errorf("%s (%s) has no package comment", p.ImportPath, filepath.Base(p.Dir))
		}
	}
}
