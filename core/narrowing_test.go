// SPDX-License-Identifier: Apache-2.0

package core

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
	"testing"

	"libws/core/border"
	"libws/core/config"
)

// A size that is put into a narrower type loses its upper bits without a word: a message
// of 4 GiB and 5 bytes becomes one of 5. So each such conversion either cannot, as the
// expression shows, or says in a comment "fits:" why not. What is checked is the code of
// 64-bit and of 32-bit systems at once: int is taken for the wide type that it may be where
// something comes from, and for the narrow one where it goes to.
func TestNothingWideGoesIntoANarrowTypeWithoutAReason(t *testing.T) {
	t.Parallel()
	found := 0
	for _, p := range typed(t).core {
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !p.narrows(call) {
					return true
				}
				found++
				if at := p.fset.Position(call.Pos()); !p.reasons[at.Filename][at.Line] && !p.bounded(call) {
					t.Errorf("%s:%d: %s(%s) may lose bits; say \"fits: ...\" why it does not", at.Filename, at.Line, types.ExprString(call.Fun), types.ExprString(call.Args[0]))
				}
				return true
			})
		}
	}
	if found < 50 {
		t.Errorf("found %d conversions; is the search broken?", found)
	}
}

// width of an integer type in bits: what it may be at most, and is at least. 0: none.
func width(t types.Type) (most, least int) {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return 0, 0
	}
	switch basic.Kind() {
	case types.Int, types.Uint, types.Uintptr:
		return 64, 32
	case types.Int8, types.Uint8:
		return 8, 8
	case types.Int16, types.Uint16:
		return 16, 16
	case types.Int32, types.Uint32:
		return 32, 32
	}
	return 64, 64
}

// narrows tells whether a call is a conversion that may lose bits on some system.
func (p *checkedPackage) narrows(call *ast.CallExpr) bool {
	to, ok := p.info.Types[call.Fun]
	if !ok || !to.IsType() || len(call.Args) != 1 {
		return false
	}
	from := p.info.Types[call.Args[0]]
	if from.Value != nil {
		return false // the compiler checks it
	}
	most, _ := width(from.Type)
	_, least := width(to.Type)
	return most != 0 && least != 0 && most > least && !sameKind(from.Type, to.Type)
}

func sameKind(a, b types.Type) bool {
	x, ok := a.Underlying().(*types.Basic)
	y, is := b.Underlying().(*types.Basic)
	if !ok || !is {
		return false
	}
	native := func(k types.BasicKind) bool { return k == types.Int || k == types.Uint || k == types.Uintptr }
	return x.Kind() == y.Kind() || native(x.Kind()) && native(y.Kind())
}

// bounded tells whether the expression itself shows that nothing is lost: a mask, a
// remainder, a shift, the least of some.
func (p *checkedPackage) bounded(call *ast.CallExpr) bool {
	to := p.info.Types[call.Fun].Type
	_, least := width(to)
	return p.bits(call.Args[0]) <= least || p.wasKind(call.Args[0], to)
}

// wasKind tells whether a value has been of a type before, or is no more than one that has.
func (p *checkedPackage) wasKind(e ast.Expr, t types.Type) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	if p.info.Types[call.Fun].IsBuiltin() && types.ExprString(call.Fun) == "min" {
		return slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return p.wasKind(a, t) })
	}
	return p.info.Types[call.Fun].IsType() && sameKind(p.info.Types[call.Args[0]].Type, t)
}

// bits is how many an expression needs at most, as far as it shows.
func (p *checkedPackage) bits(e ast.Expr) int {
	is := p.info.Types[e]
	if is.Value != nil {
		if v := constant.ToInt(is.Value); v.Kind() == constant.Int {
			return constant.BitLen(v)
		}
	}
	most, _ := width(is.Type)
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.bits(e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.AND:
			return min(p.bits(e.X), p.bits(e.Y))
		case token.REM:
			return min(p.bits(e.X), p.bits(e.Y))
		case token.SHR:
			if by, ok := constant.Int64Val(p.known(e.Y)); ok {
				return p.bits(e.X) - int(by)
			}
		case token.QUO:
			if p.known(e.Y).Kind() == constant.Int {
				return p.bits(e.X) - constant.BitLen(p.known(e.Y)) + 1
			}
		}
	case *ast.CallExpr:
		if name, ok := e.Fun.(*ast.Ident); ok && name.Name == "min" && p.info.Types[e.Fun].IsBuiltin() {
			for _, a := range e.Args {
				most = min(most, p.bits(a))
			}
			return most
		}
		if to := p.info.Types[e.Fun]; to.IsType() && len(e.Args) == 1 {
			if w, _ := width(to.Type); w != 0 {
				return min(w, p.bits(e.Args[0]))
			}
		}
	}
	return most
}

func (p *checkedPackage) known(e ast.Expr) constant.Value {
	if v := p.info.Types[e].Value; v != nil {
		return constant.ToInt(v)
	}
	return constant.MakeUnknown()
}

// With max_message_size above 4 GiB a message may have a size that needs more than 32 bits.
func TestARecordKnowsItsWholeSize(t *testing.T) {
	t.Parallel()
	place := memoryPlace(t)
	for _, size := range []uint64{0, 5, math.MaxInt32 + 1, math.MaxUint32, math.MaxUint32 + 6} {
		if size > config.MaxSend {
			continue
		}
		r := border.Record{Data: place, Size: size}
		if n := uint64(len(r.Payload())); n != size {
			t.Errorf("%d bytes of %d", n, size)
		}
	}
	if p := (&border.Record{}).Payload(); p != nil {
		t.Errorf("a record without a payload has %d bytes", len(p))
	}
}

// memoryPlace is an address outside the Go heap.
func memoryPlace(t *testing.T) uint64 {
	t.Helper()
	o := border.NewOutbox()
	if o == nil {
		t.Fatal("no memory")
	}
	return o.Bytes
}
