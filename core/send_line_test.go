// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/wire"
)

// ranked is a message whose size says which one it is.
func ranked(n int, key uint64, priority uint8) early {
	return early{first: wire.FirstByte(ws.OpText), size: n, rank: Rank{key, priority}, done: border.Completion{Callback: 1}}
}

// sizes is what a line has, in the order in which it leaves, by taking it away.
func sizes(l *line) (all []int) {
	for !l.empty() {
		all = append(all, l.take(l.first).size)
	}
	return all
}

func TestALineIsSortedByPriorityAndReplacesByKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		put      []early
		want     []int
		replaced uint64
	}{
		"in the order of the calls":         {[]early{ranked(1, 0, 0), ranked(2, 0, 0), ranked(3, 0, 0)}, []int{1, 2, 3}, 0},
		"by priority":                       {[]early{ranked(1, 0, 0), ranked(2, 0, 7), ranked(3, 0, 3), ranked(4, 0, 7), ranked(5, 0, 1)}, []int{2, 4, 3, 5, 1}, 0},
		"in its place":                      {[]early{ranked(1, 9, 2), ranked(2, 0, 2), ranked(3, 9, 2)}, []int{3, 2}, 1},
		"with a higher priority":            {[]early{ranked(1, 9, 0), ranked(2, 0, 2), ranked(3, 9, 3)}, []int{3, 2}, 1},
		"with a lower one":                  {[]early{ranked(1, 9, 3), ranked(2, 0, 2), ranked(3, 9, 0)}, []int{2, 3}, 1},
		"the last of a priority":            {[]early{ranked(1, 9, 3), ranked(2, 8, 3), ranked(3, 8, 0), ranked(4, 0, 3)}, []int{1, 4, 3}, 1},
		"the only one of a priority":        {[]early{ranked(1, 9, 3), ranked(2, 9, 1), ranked(3, 0, 3), ranked(4, 0, 2)}, []int{3, 4, 2}, 1},
		"twice":                             {[]early{ranked(1, 9, 0), ranked(2, 9, 0), ranked(3, 9, 0)}, []int{3}, 2},
		"keys are their own":                {[]early{ranked(1, 9, 0), ranked(2, 8, 0)}, []int{1, 2}, 0},
		"behind the message that has begun": {[]early{{size: 1}, {first: wire.Fin, size: 2}, ranked(3, 0, 7), ranked(4, 0, 0)}, []int{1, 2, 3, 4}, 0},
		"before one that has not":           {[]early{{first: byte(ws.OpText), size: 1}, {first: wire.Fin, size: 2}, ranked(3, 0, 1)}, []int{3, 1, 2}, 0},
	} {
		s := new(shelf)
		for _, e := range c.put {
			s.lay(&s.early, countedPool(), e)
		}
		if got := sizes(&s.early); !slices.Equal(got, c.want) || s.replaced != c.replaced || len(s.takeUncompleted()) != int(c.replaced) {
			t.Errorf("%s: %v, %d replaced", name, got, s.replaced)
		}
		if s.early.ranks != nil || s.early.last != nil {
			t.Errorf("%s: an empty line remembers something", name)
		}
	}
}

// naive is a line in the plainest way.
type naive []early

func (n *naive) lay(e early) (freed int) {
	at := slices.IndexFunc(*n, func(o early) bool { return e.rank.Key != 0 && o.rank.Key == e.rank.Key })
	if at >= 0 {
		old := (*n)[at]
		if old.rank == e.rank {
			(*n)[at] = e
			return old.size
		}
		*n = slices.Delete(*n, at, at+1)
		freed = old.size
	}
	to := len(*n)
	for to > 0 && (*n)[to-1].rank.Priority < e.rank.Priority {
		to--
	}
	*n = slices.Insert(*n, to, e)
	return freed
}

// The least priority goes first when room is made, the oldest of it before the others.
func (n *naive) drop(room int) (free int) {
	for p := uint8(0); p <= MaxPriority; p++ {
		for at := 0; at < len(*n) && free < room; {
			if (*n)[at].rank.Priority != p {
				at++
				continue
			}
			free += (*n)[at].size
			*n = slices.Delete(*n, at, at+1)
		}
	}
	return free
}

func TestALineIsWhatAPlainListIs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		s, plain, pool := new(shelf), naive{}, countedPool()
		for step := range 200 {
			switch what := random.IntN(10); {
			case what < 6:
				e := ranked(1+random.IntN(50), random.Uint64N(6), uint8(random.IntN(MaxPriority+1)))
				freed, _ := s.lay(&s.early, pool, e)
				if want := plain.lay(e); freed != want {
					t.Fatalf("seed %d, step %d: %d bytes are freed, not %d", seed, step, freed, want)
				}
			case what < 9 && len(plain) > 0:
				if got := s.next(); got.size != plain[0].size || got.rank != plain[0].rank {
					t.Fatalf("seed %d, step %d: %v comes, not %v", seed, step, got, plain[0])
				}
				plain = plain[1:]
			case what == 9:
				room := random.IntN(100)
				free, _, _, ok := s.dropOldest(pool, room, int(s.waits))
				if want := plain.drop(room); !ok || free != want {
					t.Fatalf("seed %d, step %d: %d bytes are dropped, %v, not %d", seed, step, free, ok, want)
				}
			}
			waits := 0
			for _, e := range plain {
				waits += e.size
			}
			if s.waits != uint64(waits) {
				t.Fatalf("seed %d, step %d: %d bytes wait, not %d", seed, step, s.waits, waits)
			}
		}
		var want []int
		for _, e := range plain {
			want = append(want, e.size)
		}
		if got := sizes(&s.early); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v is left, not %v", seed, got, want)
		}
	}
}

func TestWhatLeavesAgainGoesToItsPriorityUnlessANewerOneWaits(t *testing.T) {
	t.Parallel()
	s, pool := new(shelf), countedPool()
	for _, e := range []early{ranked(1, 0, 0), ranked(2, 9, 3), ranked(3, 0, 3)} {
		s.lay(&s.early, pool, e)
	}
	var gone []unacked
	for _, e := range []early{ranked(10, 0, 0), ranked(11, 9, 3), ranked(12, 8, 3)} {
		gone = append(gone, unacked{early: e})
	}
	if n := s.again(pool, gone); n != 1 || s.waits != 1+2+3+10+12 {
		t.Errorf("%d are replaced, %d bytes wait", n, s.waits)
	}
	if got, want := fmt.Sprint(sizes(&s.early)), "[2 12 3 10 1]"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestOnlyPrioritiesThatThereAreAreTaken(t *testing.T) {
	t.Parallel()
	for _, p := range []int32{-1, MaxPriority + 1, 256, -1 << 31} {
		if _, err := NewRank(1, p); err == nil {
			t.Errorf("%d is a priority", p)
		}
	}
	if r, err := NewRank(1<<63, MaxPriority); err != nil || r != (Rank{1 << 63, MaxPriority}) {
		t.Errorf("%v, %v", r, err)
	}
}
