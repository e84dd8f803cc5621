// SPDX-License-Identifier: Apache-2.0

package shelf

import (
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/loop"
	"libws/core/wire"
)

// shelved makes a shelf of messages of 10 bytes each: "m" is a whole one, "b", "c" and "e" begin,
// continue and end one in pieces. A capital has a completion.
func shelved(kinds string) *Shelf {
	s := new(Shelf)
	for _, kind := range kinds {
		first := map[rune]byte{'m': wire.FirstByte(ws.OpText), 'b': byte(ws.OpText), 'c': byte(ws.OpContinuation), 'e': wire.Fin | byte(ws.OpContinuation)}
		e := Message{First: first[kind|0x20], Size: 10}
		if kind < 'a' {
			e.Done.Callback = 1
		}
		s.Lay(countedPool(), e, false)
	}
	return s
}

// left is what a line has.
func left(l *line) string {
	var all []Message
	for p := l.first; p != nil; p = p.next {
		all = append(all, p.Message)
	}
	return kinds(all)
}

// kinds is the reverse of shelved, without completions.
func kinds(list []Message) (kinds string) {
	for _, e := range list {
		switch first := e.First; {
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
			freed, ok := s.DropOldest(countedPool(), c.room, c.buffered)
			if freed.Bytes != c.free || freed.Dropped != c.messages || freed.Completes != c.tell || ok != c.ok || left(&s.early) != c.left {
				t.Errorf("%+v, %v, and %q is left", freed, ok, left(&s.early))
			}
			if s.Waits != uint64(10*len(c.left)) {
				t.Errorf("%d bytes count as waiting", s.Waits)
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
		if torn := kinds(s.TakeTorn()); torn != want.torn || left(&s.early) != want.left || s.Waits != uint64(10*len(want.left)) {
			t.Errorf("%s: %q is taken and %q left, with %d bytes", has, torn, left(&s.early), s.Waits)
		}
	}
}

func TestAShelfCountsWhatWaits(t *testing.T) {
	t.Parallel()
	s := shelved("mm")
	s.Lay(countedPool(), Message{Size: 5}, true)
	s.Again(countedPool(), []Message{{First: byte(ws.OpBinary), Size: 3}})
	if s.Waits != 28 || left(&s.early) != "bmm" {
		t.Errorf("%q with %d bytes", left(&s.early), s.Waits)
	}
	if e := s.Next(); e.Size != 3 || s.Waits != 25 {
		t.Errorf("the first has %d bytes, and %d wait", e.Size, s.Waits)
	}
	if e := s.NextBetween(); e.Size != 5 || s.Waits != 20 || s.HasBetween() {
		t.Errorf("of what waits between pieces %d bytes come, and %d wait", e.Size, s.Waits)
	}
	s.Lay(countedPool(), Message{Size: 7}, true)
	if len(s.TakeBetween()) != 1 || s.Waits != 20 {
		t.Errorf("%d wait", s.Waits)
	}
	if len(s.TakeAll()) != 2 || s.Waits != 0 {
		t.Errorf("%d wait on an empty shelf", s.Waits)
	}
}

// countedPool is a pool without a ceiling.
func countedPool() *loop.Pool {
	m := new(loop.Meter)
	m.Limit(0)
	return &loop.Pool{Meter: m}
}
