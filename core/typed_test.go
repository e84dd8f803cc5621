// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// typedPackages are those of the product with their types, as they are built here.
type typedPackages struct {
	core []*checkedPackage
	capi *checkedPackage // without the names of C and what depends on them
}

// checkedPackage is a package with its types.
type checkedPackage struct {
	fset    *token.FileSet
	files   []*ast.File
	info    types.Info
	reasons map[string]map[int]bool // lines with a reason, by file
}

func typed(t *testing.T) *typedPackages {
	t.Helper()
	all, err := typedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var typedOnce = sync.OnceValues(func() (*typedPackages, error) {
	var complaint bytes.Buffer
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{.GoFiles}}", "./...")
	list.Stderr = &complaint
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, complaint.String())
	}
	exports := map[string]string{}
	fset := token.NewFileSet()
	from := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, errors.New("no export data")
		}
		return os.Open(exports[path])
	})
	all := &typedPackages{}
	for line := range strings.Lines(string(out)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		exports[part[0]] = part[1]
		if !strings.HasPrefix(part[0], "libws/core") {
			continue
		}
		var names []string
		for _, name := range strings.Fields(strings.Trim(part[3], "[]")) {
			names = append(names, filepath.Join(part[2], name))
		}
		p, err := parsePackage(fset, names)
		if err != nil {
			return nil, err
		}
		small := types.Config{Importer: from, Sizes: types.SizesFor("gc", "386")} // constants have to fit an int of 32 bits
		if _, err := small.Check(part[0], fset, p.files, nil); err != nil {
			return nil, err
		}
		config := types.Config{Importer: from, Sizes: types.SizesFor("gc", "amd64")}
		if _, err := config.Check(part[0], fset, p.files, &p.info); err != nil {
			return nil, err
		}
		all.core = append(all.core, p)
	}
	names, err := filepath.Glob("../capi/*.go")
	if err != nil {
		return nil, err
	}
	if all.capi, err = parsePackage(fset, names); err != nil {
		return nil, err
	}
	config := types.Config{Importer: from, FakeImportC: true, Error: func(error) {}}
	_, _ = config.Check("libws/capi", fset, all.capi.files, &all.capi.info)
	return all, nil
})

func parsePackage(fset *token.FileSet, names []string) (*checkedPackage, error) {
	p := &checkedPackage{fset: fset, reasons: map[string]map[int]bool{}, info: types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}}
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.add(name, f)
	}
	return p, nil
}

func (p *checkedPackage) add(name string, f *ast.File) {
	p.files = append(p.files, f)
	p.reasons[name] = map[int]bool{}
	for _, d := range f.Decls { // a reason for all of a function
		if function, ok := d.(*ast.FuncDecl); ok && strings.Contains(commentText(function.Doc), "fits:") {
			for line := p.fset.Position(d.Pos()).Line; line <= p.fset.Position(d.End()).Line; line++ {
				p.reasons[name][line] = true
			}
		}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.Contains(c.Text, "fits:") {
				from, to := p.fset.Position(c.Pos()).Line, p.fset.Position(group.End()).Line
				for line := from; line <= to+1; line++ { // beside it, or above
					p.reasons[name][line] = true
				}
			}
		}
	}
}
