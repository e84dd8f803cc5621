// SPDX-License-Identifier: Apache-2.0

package core

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A panic is caught, and what it was in goes on. A lock that it leaves behind would stop
// everybody else for ever, so what is locked is unlocked by defer, in the next statement; and
// who gives a lock up for a while takes it back by defer, so that whoever holds it on paper
// does.
func TestEveryLockIsGivenBackWhateverHappens(t *testing.T) {
	t.Parallel()
	found := 0
	for _, directory := range goDirectories(t) {
		if filepath.Base(directory) == "lock" {
			continue // it is the locks
		}
		for name, f := range sources(t, directory) {
			for _, d := range f.Decls {
				function, ok := d.(*ast.FuncDecl)
				if !ok || function.Body == nil || slices.Contains(lockHelpers, function.Name.Name) {
					continue
				}
				locks := lockCheck{t: t, where: name + ": " + function.Name.Name}
				locks.block(function.Body.List, false)
				found += locks.found
			}
		}
	}
	if found < 100 {
		t.Errorf("found %d places that lock; is the search broken?", found)
	}
}

// lockHelpers are what locks for others, or unlocks. Nothing in them can panic.
var lockHelpers = []string{"lockOut", "unlockOut", "lockBoth", "unlockBoth", "take", "takeBoth", "end", "Lock", "Unlock"}

// unlocks is what has to follow.
var unlocks = map[string]string{"Lock": "Unlock", "RLock": "RUnlock", "lockOut": "unlockOut", "lockBoth": "unlockBoth", "Unlock": "Lock", "RUnlock": "RLock", "take": "end"}

type lockCheck struct {
	t     *testing.T
	where string
	found int
}

// block looks at statements in their order; loops: they may run again before what they defer.
func (l *lockCheck) block(list []ast.Stmt, loops bool) {
	for i, s := range list {
		method, of := locked(s)
		if method == "" {
			l.inside(s, loops)
			continue
		}
		l.found++
		var then []ast.Stmt = list[i+1:]
		if test, ok := s.(*ast.IfStmt); ok { // if s := c.tls.Load().lockOut(); s != nil {
			then = test.Body.List
			if len(then) > 0 {
				l.block(then[1:], loops)
			}
		}
		switch {
		case loops:
			l.t.Errorf("%s: %s of %s in a loop; make it a function", l.where, method, of)
		case len(then) == 0 || !deferred(then[0], unlocks[method], of):
			l.t.Errorf("%s: no defer of %s follows %s of %s", l.where, unlocks[method], method, of)
		}
	}
}

// locked is the method by which a statement locks or unlocks, and of what.
func locked(s ast.Stmt) (method, of string) {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			e = s.Rhs[0]
		}
	case *ast.IfStmt:
		if s.Init != nil {
			return locked(s.Init)
		}
		e = s.Cond
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return "", ""
	}
	if called, is := call.Fun.(*ast.Ident); is && (called.Name == "take" || called.Name == "takeBoth") {
		return "take", types.ExprString(s.(*ast.AssignStmt).Lhs[0])
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	name := strings.TrimPrefix(f.Sel.Name, "Try")
	if unlocks[name] == "" || name == "take" {
		if name == "unlockOut" || name == "unlockBoth" {
			return name, types.ExprString(f.X)
		}
		return "", ""
	}
	return name, types.ExprString(f.X)
}

// deferred tells whether a statement defers a method of the same thing; the ways of TLS
// name it by what they return.
func deferred(s ast.Stmt, method, of string) bool {
	d, ok := s.(*ast.DeferStmt)
	if !ok {
		return false
	}
	f, ok := d.Call.Fun.(*ast.SelectorExpr)
	return ok && method != "" && f.Sel.Name == method && (types.ExprString(f.X) == of || method == "unlockOut")
}

// inside looks at the statements in a statement, and in the functions in it.
func (l *lockCheck) inside(s ast.Stmt, loops bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			l.block(n.Body.List, false)
		case *ast.ForStmt:
			l.block(n.Body.List, true)
		case *ast.RangeStmt:
			l.block(n.Body.List, true)
		case *ast.BlockStmt:
			l.block(n.List, loops)
		case *ast.CaseClause:
			l.block(n.Body, loops)
		case *ast.CommClause:
			l.block(n.Body, loops)
		case *ast.DeferStmt:
			_, is := n.Call.Fun.(*ast.FuncLit)
			return is
		default:
			return true
		}
		return false
	})
}
