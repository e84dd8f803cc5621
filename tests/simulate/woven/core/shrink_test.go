// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	"libws/tests/simulate/world"
)

// A failing seed is shrunk in three steps: to a plain setup, to few ops, and to few
// decisions that were not plain. Ops and setup change which decisions are met, so several
// seeds of decisions are tried for each attempt.

// tries is how many.
const tries = 40

type shrinking struct {
	script    *script
	seed      uint64 // of the decisions
	signature string
	runs      int
}

// shrink returns the shortest script that was found, as text.
func shrink(seed uint64, signature string) string {
	s := &shrinking{script: write(seed), seed: seed, signature: signature}
	for before := -1; before != s.size(); {
		before = s.size()
		s.dropOps()
		s.plainSetup()
		s.smallSizes()
	}
	record, failure := s.decisions()
	var b strings.Builder
	fmt.Fprintf(&b, "shrunk by %d runs to %d ops and %d decisions; seed of decisions %d\n%v", s.runs, len(s.script.ops), record.Size(), s.seed, s.script)
	var turns []uint64
	for step := range record.Turns {
		turns = append(turns, step)
	}
	sort.Slice(turns, func(i, j int) bool { return turns[i] < turns[j] })
	for _, step := range turns {
		if record.Turns[step] != 0 {
			fmt.Fprintf(&b, "  at step %d: %s\n", step, record.Where[step])
		}
	}
	if path := os.Getenv("LOG_TO"); path != "" {
		s.logTo(path, record)
	}
	fmt.Fprintf(&b, "  %d choices of who is next or of the network were not the plain ones\n  %s\n", len(record.Draws), failure)
	return b.String()
}

func (s *shrinking) size() int { return len(s.script.ops)*100 + s.settings() }

func (s *shrinking) settings() (n int) {
	v := reflect.ValueOf(s.script.setup)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			n++
		}
	}
	return n
}

// fails tells whether a script still fails like that, with some seed of decisions.
func (s *shrinking) fails(t *script) bool {
	for k := range uint64(tries) {
		seed := s.seed
		if k > 0 {
			seed = s.seed*1000 + k
		}
		s.runs++
		if out := play(world.New(seed), t); len(out.failures) > 0 && signature(out.failures[0]) == s.signature {
			s.seed = seed
			return true
		}
	}
	return false
}

// dropOps leaves out parts, halves first.
func (s *shrinking) dropOps() {
	for n := len(s.script.ops) / 2; n >= 1; n /= 2 {
		for at := 0; at < len(s.script.ops); {
			t := *s.script
			t.ops = append(append([]op(nil), s.script.ops[:at]...), s.script.ops[min(at+n, len(s.script.ops)):]...)
			if s.fails(&t) {
				s.script = &t
			} else {
				at += n
			}
		}
	}
}

func (s *shrinking) plainSetup() {
	for i := range reflect.TypeFor[setup]().NumField() {
		t := *s.script
		f := reflect.ValueOf(&t.setup).Elem().Field(i)
		calm := reflect.TypeFor[setup]().Field(i).Name == "Calm"
		switch {
		case calm && !t.Calm:
			t.Calm = true
		case calm || f.IsZero():
			continue
		default:
			f.SetZero()
		}
		if s.fails(&t) {
			s.script = &t
		}
	}
}

func (s *shrinking) smallSizes() {
	for i := range s.script.ops {
		for _, size := range []int{0, 10, 300} {
			if s.script.ops[i].size <= size {
				break
			}
			t := *s.script
			t.ops = append([]op(nil), t.ops...)
			t.ops[i].size = size
			if s.fails(&t) {
				s.script = &t
				break
			}
		}
	}
}

// logTo writes all that happens in the shrunk run to a file.
func (s *shrinking) logTo(path string, r *world.Record) {
	f, err := os.Create(path)
	if err != nil {
		return
	}
	defer f.Close()
	w := world.New(s.seed)
	w.Repeat(r)
	w.Log(func(line string) { fmt.Fprintln(f, line) })
	play(w, s.script)
}

// repeats plays the script by a record.
func (s *shrinking) repeats(r *world.Record) (string, bool) {
	s.runs++
	w := world.New(s.seed)
	w.Repeat(r)
	out := play(w, s.script)
	if len(out.failures) > 0 && signature(out.failures[0]) == s.signature {
		return out.failures[0], true
	}
	return "", false
}

// decisions makes as many of them plain as it can.
func (s *shrinking) decisions() (*world.Record, string) {
	record := world.NewRecord()
	w := world.New(s.seed)
	w.Keep(record)
	out := play(w, s.script)
	if len(out.failures) == 0 {
		return record, "it does not fail again"
	}
	failure, again := s.repeats(record)
	if !again {
		return record, out.failures[0] + "\n  (not by its record)"
	}
	type entry struct {
		turn bool
		at   uint64
		to   int
	}
	var all []entry
	for at, to := range record.Turns {
		all = append(all, entry{true, at, to})
	}
	for at, to := range record.Draws {
		all = append(all, entry{false, at, to})
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].at < all[j].at || all[i].at == all[j].at && all[i].turn && !all[j].turn
	})
	of := func(list []entry) *world.Record {
		r := world.NewRecord()
		for _, e := range list {
			if e.turn {
				r.Turns[e.at], r.Where[e.at] = e.to, record.Where[e.at]
			} else {
				r.Draws[e.at] = e.to
			}
		}
		return r
	}
	for n := len(all); n >= 1; n /= 2 {
		for at := 0; at < len(all) && s.runs < 20000; {
			less := append(append([]entry(nil), all[:at]...), all[min(at+n, len(all)):]...)
			if f, again := s.repeats(of(less)); again {
				all, failure = less, f
			} else {
				at += n
			}
		}
	}
	return of(all), failure
}
