// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"libws/tests/simulate/world"
)

// number reads a number of the environment.
func number(name string, otherwise uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// TestSeeds plays one seed after the other, from SEED on in steps of STRIDE, until SEEDS
// are played or SECONDS are over. The first failure is shrunk, unless SHRINK is 0.
func TestSeeds(t *testing.T) {
	seed, stride, seeds := number("SEED", 1), number("STRIDE", 1), number("SEEDS", 200)
	began, tell := time.Now(), time.Now()
	end := began.Add(time.Duration(number("SECONDS", 3600)) * time.Second)
	var all totals
	for ; all.seeds < seeds && time.Now().Before(end); seed += stride {
		out := play(world.New(seed), write(seed))
		all.add(out)
		if len(out.failures) > 0 {
			all.tell(began)
			t.Errorf("seed %d: %s", seed, out.failures[0])
			fmt.Printf("simulate: seed %d fails\n", seed) // at once; the rest comes at the end
			if number("SHRINK", 1) != 0 {
				t.Log(shrink(seed, signature(out.failures[0])))
			}
			if all.failed++; all.failed >= number("FAILURES", 1) {
				break
			}
		}
		if time.Since(tell) > 10*time.Second {
			tell = time.Now()
			all.tell(began)
		}
	}
	all.tell(began)
	all.states()
}

// totals are the figures of many runs.
type totals struct {
	seeds, steps, failed uint64
	faults               int
	time                 time.Duration
	events               map[string]int
}

func (a *totals) add(out outcome) {
	a.seeds++
	a.steps += out.steps
	a.faults += out.faults
	a.time += out.time
	if a.events == nil {
		a.events = map[string]int{}
	}
	for name, n := range out.events {
		a.events[name] += n
	}
}

func (a *totals) tell(began time.Time) {
	took := time.Since(began)
	fmt.Printf("simulate: %d seeds, %.0f a second, %d million steps, %d faults, %v simulated, %d failed\n",
		a.seeds, float64(a.seeds)/took.Seconds(), a.steps/1e6, a.faults, a.time.Round(time.Second), a.failed)
}

// states tells what was seen how often.
func (a *totals) states() {
	var names []string
	for name := range a.events {
		names = append(names, name)
	}
	slices.Sort(names)
	if os.Getenv("STATES") != "" {
		for _, name := range names {
			fmt.Printf("  %8d %s\n", a.events[name], name)
		}
	}
	fmt.Printf("simulate: %d different events and answers\n", len(names))
}

var digits = regexp.MustCompile(`[0-9]+`)

// signature is a failure without what differs from run to run.
func signature(failure string) string {
	first, rest, _ := strings.Cut(failure, "\n")
	if _, panicked, is := strings.Cut(rest, "\npanic("); is { // where, if it is a panic
		if _, at, is := strings.Cut(panicked, "/core/"); is {
			first += " at " + strings.Fields(at)[0]
			return first
		}
	}
	return digits.ReplaceAllString(first, "N")
}

// TestOneSeed tells all of one run.
func TestOneSeed(t *testing.T) {
	if os.Getenv("LOG") == "" {
		t.Skip("for LOG=1 SEED=n")
	}
	seed := number("SEED", 1)
	s := write(seed)
	w := world.New(seed)
	w.Log(func(line string) { fmt.Println(line) })
	fmt.Print(s)
	out := play(w, s)
	fmt.Printf("steps %d, time %v, faults %d, trace %x\n", out.steps, out.time, out.faults, out.trace)
	for _, f := range out.failures {
		t.Error(f)
	}
}

func TestASeedGivesTheSameRunTwice(t *testing.T) {
	logged := func(seed uint64) (lines []string) {
		w := world.New(seed)
		w.Log(func(line string) { lines = append(lines, line) })
		play(w, write(seed))
		return lines
	}
	for seed := range uint64(200) {
		seed += number("SEED", 1)
		one, other := play(world.New(seed), write(seed)), play(world.New(seed), write(seed))
		if one.trace == other.trace && one.steps == other.steps && one.time == other.time {
			continue
		}
		t.Errorf("seed %d: trace %x and %x, %d and %d steps", seed, one.trace, other.trace, one.steps, other.steps)
		lines, others := logged(seed), logged(seed)
		for i := range min(len(lines), len(others)) {
			if lines[i] != others[i] {
				t.Fatalf("line %d:\n%s\n%s", i, lines[i], others[i])
			}
		}
		t.FailNow()
	}
}

func TestARecordGivesTheSameRun(t *testing.T) {
	for seed := range uint64(50) {
		seed += number("SEED", 1)
		record := world.NewRecord()
		w := world.New(seed)
		w.Keep(record)
		one := play(w, write(seed))
		w = world.New(seed)
		w.Repeat(record)
		other := play(w, write(seed))
		if one.steps != other.steps || one.time != other.time {
			t.Fatalf("seed %d: %d and %d steps, %v and %v", seed, one.steps, other.steps, one.time, other.time)
		}
	}
}
