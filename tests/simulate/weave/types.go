// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
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
)

// core is what is known of all packages below core, whatever they are: their files as this
// system has them, with the types of what is in them.
type core struct {
	set      *token.FileSet
	files    map[string]*ast.File // by name, "core/..."
	info     types.Info
	numbered map[string]bool // types that are keys of a map by pointer, which core walks over
}

// listed is what "go list" says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

func list(source string) (all []listed, err error) {
	c := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles", "./core/...")
	var out, bad bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = source, &out, &bad
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("go list: %v\n%s", err, &bad)
	}
	for d := json.NewDecoder(&out); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// load reads core as it lies below source.
func load(source string) (*core, error) {
	all, err := list(source)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	k := &core{set: token.NewFileSet(), files: map[string]*ast.File{}, info: types.Info{Types: map[ast.Expr]types.TypeAndValue{}}, numbered: map[string]bool{}}
	imports := importer.ForCompiler(k.set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range all {
		_, below, is := strings.Cut(p.ImportPath+"/", "libws/core/")
		if !is {
			continue
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(k.set, filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
			k.files[filepath.Join("core", below, name)] = f
		}
		if _, err := (&types.Config{Importer: imports}).Check(p.ImportPath, k.set, files, &k.info); err != nil {
			return nil, err
		}
	}
	for _, f := range k.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if r, is := n.(*ast.RangeStmt); is {
				if m := k.walked(r.X); m != nil {
					if p, is := m.Key().(*types.Pointer); is {
						k.numbered[p.Elem().String()] = true
					}
				}
			}
			return true
		})
	}
	return k, nil
}

// walked is the map that an expression is, else nil. One whose keys may be of any type
// belongs to a package that cares for no order.
func (k *core) walked(x ast.Expr) *types.Map {
	t := k.info.TypeOf(x)
	if t == nil {
		return nil
	}
	m, is := t.Underlying().(*types.Map)
	if !is {
		return nil
	}
	if _, any := m.Key().(*types.TypeParam); any {
		return nil
	}
	return m
}

// makes tells whether an expression makes such a key: &T{...} or new(T).
func (k *core) makes(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.UnaryExpr:
		if _, is := x.X.(*ast.CompositeLit); !is || x.Op != token.AND {
			return false
		}
	case *ast.CallExpr:
		if f, is := x.Fun.(*ast.Ident); !is || f.Name != "new" {
			return false
		}
	default:
		return false
	}
	p, is := k.info.TypeOf(x).(*types.Pointer)
	return is && k.numbered[p.Elem().String()]
}
