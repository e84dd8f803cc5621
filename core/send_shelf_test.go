// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/wire"
)

// shelved makes a shelf of messages of 10 bytes each: "m" is a whole one, "b", "c" and "e" begin,
// continue and end one in pieces. A capital has a completion.
func shelved(kinds string) *shelf {
	s := new(shelf)
	for _, kind := range kinds {
		first := map[rune]byte{'m': wire.FirstByte(ws.OpText), 'b': byte(ws.OpText), 'c': byte(ws.OpContinuation), 'e': wire.Fin | byte(ws.OpContinuation)}
		e := early{first: first[kind|0x20], size: 10}
		if kind < 'a' {
			e.done.Callback = 1
		}
		s.lay(&s.early, countedPool(), e)
	}
	return s
}

// left is what a line has.
func left(l *line) string {
	var all []early
	for p := l.first; p != nil; p = p.next {
		all = append(all, p.early)
	}
	return kinds(all)
}

// kinds is the reverse of shelved, without completions.
func kinds(list []early) (kinds string) {
	for _, e := range list {
		switch first := e.first; {
		case wire.OpCode(first) != ws.OpContinuation && first&wire.Fin != 0:
			kinds += "m"
		case wire.OpCode(first) != ws.OpContinuation:
			kinds += "b"
		case first&wire.Fin != 0:
			kinds += "e"
		default:
			kinds += "c"
		}
	}
	return kinds
}

func TestTheOldestOfAShelfMakeRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		has            string
		room, buffered int
		left           string
		free           int
		messages       uint64
		tell, ok       bool
	}{
		{"mmm", 10, 100, "mm", 10, 1, false, true},
		{"mmm", 11, 100, "m", 20, 2, false, true},
		{"Mmm", 10, 100, "mm", 10, 1, true, true},
		{"cem", 10, 100, "ce", 10, 1, false, true}, // of the first one a piece has left
		{"mbc", 20, 100, "mbc", 0, 0, false, false},
		{"bem", 10, 100, "m", 20, 1, false, true},
		{"mm", 50, 20, "", 20, 2, false, true}, // one message always fits an empty queue
		{"mm", 50, 21, "mm", 0, 0, false, false},
	} {
		t.Run(fmt.Sprint(c.has, c.room, "of", c.buffered), func(t *testing.T) {
			s := shelved(c.has)
			free, messages, tell, ok := s.dropOldest(countedPool(), c.room, c.buffered)
			if free != c.free || messages != c.messages || tell != c.tell || ok != c.ok || left(&s.early) != c.left {
				t.Errorf("%d bytes of %d messages, %v, %v, and %q is left", free, messages, tell, ok, left(&s.early))
			}
			if s.waits != uint64(10*len(c.left)) {
				t.Errorf("%d bytes count as waiting", s.waits)
			}
		})
	}
}

func TestWhatANextConnectionCannotMakeWholeIsTaken(t *testing.T) {
	t.Parallel()
	for has, want := range map[string]struct{ torn, left string }{
		"mm":     {"", "mm"},
		"cem":    {"ce", "m"},
		"mbcemb": {"b", "mbcem"},
		"bc":     {"bc", ""},
	} {
		s := shelved(has)
		if torn := kinds(s.takeTorn()); torn != want.torn || left(&s.early) != want.left || s.waits != uint64(10*len(want.left)) {
			t.Errorf("%s: %q is taken and %q left, with %d bytes", has, torn, left(&s.early), s.waits)
		}
	}
}

func TestAShelfCountsWhatWaits(t *testing.T) {
	t.Parallel()
	s := shelved("mm")
	s.lay(&s.between, countedPool(), early{size: 5})
	s.again(countedPool(), []unacked{{early: early{first: byte(ws.OpBinary), size: 3}}})
	if s.waits != 28 || left(&s.early) != "bmm" {
		t.Errorf("%q with %d bytes", left(&s.early), s.waits)
	}
	if e := s.next(); e.size != 3 || s.waits != 25 {
		t.Errorf("the first has %d bytes, and %d wait", e.size, s.waits)
	}
	if s.nextBetween(); s.waits != 25 || !s.between.empty() {
		t.Errorf("what stands behind the others no longer counts: %d", s.waits)
	}
	s.lay(&s.between, countedPool(), early{size: 7})
	if len(s.takeBetween()) != 1 || s.waits != 25 {
		t.Errorf("%d wait", s.waits)
	}
	if len(s.takeAll()) != 2 || s.waits != 0 {
		t.Errorf("%d wait on an empty shelf", s.waits)
	}
}

func TestPiecesFollowEachOther(t *testing.T) {
	t.Parallel()
	begin := &part{begins: true, after: pieces{op: ws.OpText}}
	next := &part{after: pieces{op: ws.OpText}}
	for name, c := range map[string]struct {
		of   pieces
		p    *part
		want error
	}{
		"a message":                      {pieces{}, nil, nil},
		"a message between pieces":       {pieces{op: ws.OpText}, nil, errPieces},
		"the first piece":                {pieces{}, begin, nil},
		"two first pieces":               {pieces{op: ws.OpText}, begin, errOthersPieces},
		"the second piece":               {pieces{op: ws.OpText}, next, nil},
		"no first piece":                 {pieces{}, next, errOthersPieces},
		"of another message":             {pieces{op: ws.OpBinary}, next, errOthersPieces},
		"compressed, and then not":       {pieces{op: ws.OpText, packed: true}, next, errOthersPieces},
		"behind the end of a connection": {pieces{cut: true}, next, errCut},
	} {
		if err := c.of.follows(c.p); err != c.want && (err != nil || c.want != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := pieces{op: ws.OpText}
	if m.cutOff(); m.follows(next) != errCut || m.follows(begin) != nil {
		t.Error("the end of the connection is not told once")
	}
}
