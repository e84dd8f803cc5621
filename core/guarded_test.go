// SPDX-License-Identifier: Apache-2.0

package core

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"testing"
)

// A field that says "guarded by mu", or by another lock, is read and written by functions that
// take that lock before, or that say in their comment who holds it. What is checked is that each
// function has thought of it: not that the lock is of the same object.
func TestGuardedFieldsAreTouchedUnderTheirLock(t *testing.T) {
	t.Parallel()
	found := 0
	for _, p := range typed(t).core {
		guards := p.guards()
		for _, f := range p.files {
			for _, d := range f.Decls {
				if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil {
					found += p.touches(t, function, guards)
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("found %d fields that are touched; is the search broken?", found)
	}
}

var guardedBy = regexp.MustCompile(`(?i)guarded by ((\w+)\.)?(mu|out)\b`)

// guards are the locks of fields, both as Type.name.
func (p *checkedPackage) guards() map[string]string {
	guards := map[string]string{}
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range s.Fields.List {
				by := guardedBy.FindStringSubmatch(commentText(field.Comment) + commentText(field.Doc))
				if by == nil {
					continue
				}
				owner := by[2]
				if owner == "" {
					owner = spec.Name.Name
				}
				for _, name := range field.Names {
					guards[spec.Name.Name+"."+name.Name] = owner + "." + by[3]
				}
			}
			return true
		})
	}
	return guards
}

// owner is the name of the type of which e selects something.
func (p *checkedPackage) owner(e *ast.SelectorExpr) string {
	t := p.info.Types[e.X].Type
	if t == nil {
		return ""
	}
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// touches looks at the fields in a function, and tells how many are guarded.
func (p *checkedPackage) touches(t *testing.T, function *ast.FuncDecl, guards map[string]string) (found int) {
	locked := map[string]token.Pos{} // where each lock is taken first
	made := map[string]bool{}        // what the function makes itself
	note := func(lock string, at token.Pos) {
		if _, is := locked[lock]; !is {
			locked[lock] = at
		}
	}
	says := strings.ReplaceAll(commentText(function.Doc), "\n// ", " ")
	ast.Inspect(function.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if name, ok := n.Type.(*ast.Ident); ok {
				made[name.Name] = true
			}
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "takeBoth" {
				note("Conn.mu", n.Pos())
			}
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "take" {
				if at, ok := n.Args[0].(*ast.UnaryExpr); ok {
					if mu, ok := at.X.(*ast.SelectorExpr); ok {
						note(p.owner(mu)+"."+mu.Sel.Name, n.Pos())
					}
				}
			}
			called, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				break
			}
			switch called.Sel.Name {
			case "lockBoth":
				note("Conn.mu", n.Pos())
			case "Lock", "TryLock":
				if mu, ok := called.X.(*ast.SelectorExpr); ok {
					note(p.owner(mu)+"."+mu.Sel.Name, n.Pos())
				}
			}
		case *ast.SelectorExpr:
			field := p.owner(n) + "." + n.Sel.Name
			lock := guards[field]
			if lock == "" || made[p.owner(n)] {
				break
			}
			found++
			at, takes := locked[lock]
			if takes && at < n.Pos() || strings.Contains(says, "held") {
				break
			}
			t.Errorf("%s: %s touches %s, which is guarded by %s", p.fset.Position(n.Pos()), function.Name.Name, field, lock)
		}
		return true
	})
	return found
}
