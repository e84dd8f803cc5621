// SPDX-License-Identifier: Apache-2.0

package world

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
)

// decisions is everything that is not said by the program: drawn from the seed, or, when a
// run is repeated, taken from a record of those that were not the plain ones. The plain
// decision is 0: the task that runs goes on, the socket takes everything.
type decisions struct {
	seed   uint64
	random *rand.Rand
	hash   uint64

	draws  uint64 // so far
	picks  uint64 // so far
	filled uint64 // calls of Bytes
	record *Record
	replay *Record

	manner manner
	mean   int // steps between two turns that are taken, for roaming
	points []uint64
	lowest int // rank of who was put last
	first  int // rank of the next newcomer
}

// manner is how a run chooses who is next.
type manner uint8

const (
	roaming manner = iota // the turn is taken after some steps, and anybody gets it
	ranked                // who has the highest rank runs; a few times it loses the rank
	plain                 // nobody is interrupted
)

// Record is what was decided otherwise than plainly. A turn that was taken is written as 1
// more than the place of who got it.
type Record struct {
	Turns map[uint64]int // by step
	Draws map[uint64]int // by draw
	Where map[uint64]string
}

// NewRecord is empty.
func NewRecord() *Record {
	return &Record{Turns: map[uint64]int{}, Draws: map[uint64]int{}, Where: map[uint64]string{}}
}

// Size is how much is in it.
func (r *Record) Size() int { return len(r.Turns) + len(r.Draws) }

func (d *decisions) init(seed uint64) {
	d.seed = seed
	d.random = rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	d.hash = 0xcbf29ce484222325
}

// Keep has what is decided recorded.
func (w *World) Keep(r *Record) { w.record = r }

// Repeat takes the decisions from a record.
func (w *World) Repeat(r *Record) { w.replay = r }

// Trace is a number for all that was decided and done.
func (w *World) Trace() uint64 { return w.hash }

func (d *decisions) mix(n uint64) { d.hash = (d.hash ^ n) * 0x100000001b3 }

// Mix puts n into the trace.
func Mix(n uint64) {
	if w := current; w != nil {
		w.mix(n)
	}
}

// plan decides how the run chooses.
func (w *World) plan() {
	if w.replay != nil {
		w.manner = plain
		w.next = w.nextRecorded(0)
		return
	}
	switch n := w.random.IntN(16); {
	case n < 9:
		w.manner = roaming
		w.mean = 1 << (1 + w.random.IntN(9))
		w.next = w.gap()
	case n < 15:
		w.manner = ranked
		span := 500 << w.random.IntN(6)
		for range 1 + w.random.IntN(6) {
			w.points = append(w.points, uint64(1+w.random.IntN(span)))
		}
		w.next = w.nextPoint(0)
	default:
		w.manner = plain
		w.next = rest
	}
}

// rest is after how many steps a task loses its turn in any case.
const rest = 20000

func (w *World) gap() uint64 { return w.steps + 1 + uint64(w.random.ExpFloat64()*float64(w.mean)) }

func (w *World) nextPoint(after uint64) uint64 {
	next := after + rest
	for _, p := range w.points {
		if p > after && p < next {
			next = p
		}
	}
	return next
}

func (w *World) nextRecorded(after uint64) uint64 {
	next := after + rest
	for at := range w.replay.Turns {
		if at > after && at < next {
			next = at
		}
	}
	return next
}

func (w *World) newRank() int {
	if w.replay != nil {
		return 0
	}
	return 1 + w.random.IntN(1<<20)
}

// others are the tasks that could run beside the one that does.
func (w *World) others() (list []*task) {
	for _, t := range w.tasks {
		if t != w.current && t.runs(w.now) {
			list = append(list, t)
		}
	}
	return list
}

// leapt marks a turn before which the clock was moved on.
const leapt = 1 << 16

// steals tells whether the turn is taken from the task that runs; grant says who gets it.
func (w *World) steals() bool {
	t := w.current
	if w.replay != nil {
		w.next = w.nextRecorded(w.steps)
		to := w.replay.Turns[w.steps]
		if to&leapt != 0 {
			w.leap()
		}
		list := w.others()
		if len(list) == 0 || to == leapt {
			return false
		}
		if to &^= leapt; to > 0 {
			w.grant(list[(to-1)%len(list)])
		}
		return true // when nobody is named it ran long enough
	}
	turn := 0
	switch w.manner {
	case roaming:
		w.next = w.gap()
		if w.random.IntN(64) == 0 {
			turn = leapt
			w.leap()
		}
	case ranked:
		w.next = w.nextPoint(w.steps)
		w.lowest--
		t.rank = w.lowest
	default:
		w.next = w.steps + rest
	}
	list := w.others()
	if len(list) > 0 {
		to := w.random.IntN(len(list))
		if w.manner == ranked {
			for i := range list {
				if list[i].rank > list[to].rank {
					to = i
				}
			}
		}
		turn += to + 1
		Note("loses its turn to %s", list[to].name)
		w.grant(list[to])
	}
	if w.record != nil && turn != 0 {
		w.record.Turns[w.steps] = turn
		w.record.Where[w.steps] = fmt.Sprintf("%s stops at %s", t.name, place())
		if len(list) > 0 {
			w.record.Where[w.steps] += ", " + w.tasks[w.first-1].name + " goes on"
		}
	}
	return len(list) > 0
}

// grant makes t the next one.
func (w *World) grant(t *task) {
	w.mix(w.steps)
	for i, other := range w.tasks {
		if other == t {
			w.first = i + 1
		}
	}
}

// pick is who runs next, nil when nobody can. Plainly they take turns.
func (w *World) pick() *task {
	w.due()
	if w.first > 0 {
		t := w.tasks[w.first-1]
		w.first = 0
		return t
	}
	n := len(w.tasks)
	if n == 0 {
		return nil
	}
	start, ahead := 0, 0
	for start < n && w.tasks[start].id <= w.last {
		start++
	}
	w.picks++
	switch {
	case w.replay != nil:
		ahead = w.replay.Draws[picked|w.picks]
	case w.manner == roaming:
		ahead = w.random.IntN(n)
	case w.manner == ranked:
		var best *task
		for i := range n {
			at := (start + i) % n
			if t := w.tasks[at]; (best == nil || t.rank > best.rank) && t.runs(w.now) {
				best, ahead = t, i
			}
		}
		if best == nil {
			return nil
		}
	}
	if w.record != nil && ahead != 0 {
		w.record.Draws[picked|w.picks] = ahead
	}
	for i := range n {
		if t := w.tasks[(start+ahead+i)%n]; t.runs(w.now) {
			return t
		}
	}
	return nil
}

// picked marks the choice of a task among the draws.
const picked = 1 << 62

// draw is a number below n.
func (w *World) draw(n int) int {
	if n <= 1 {
		return 0
	}
	w.draws++
	if w.replay != nil {
		return w.replay.Draws[w.draws] % n
	}
	d := w.random.IntN(n)
	if w.record != nil && d != 0 {
		w.record.Draws[w.draws] = d
	}
	w.mix(uint64(d))
	return d
}

// Draw is a number below n, 0 plainly.
func Draw(n int) int {
	w := current
	if w == nil || w.over {
		return 0
	}
	return w.draw(n)
}

// Rarely is true once in n times, and never plainly. It counts as a fault.
func Rarely(n int) bool {
	w := current
	if w == nil || w.over || n <= 0 {
		return false
	}
	w.draws++
	if w.replay != nil {
		return w.replay.Draws[w.draws] != 0
	}
	hit := w.random.IntN(n) == 0
	if hit {
		w.Faults++
		if w.record != nil {
			w.record.Draws[w.draws] = 1
		}
		w.mix(w.draws)
	}
	return hit
}

// Bytes fills p with what is random to others.
func Bytes(p []byte) {
	if w := current; w != nil {
		w.filled++
		n := (w.seed + w.filled) * 0x9e3779b97f4a7c15
		for i := range p {
			n ^= n >> 29
			n *= 0xbf58476d1ce4e5b9
			p[i] = byte(n >> 56)
		}
	}
}

// place is the line of core at which the task that runs is.
func place() string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var names []string
	for {
		f, more := frames.Next()
		if !strings.Contains(f.File, "/tests/simulate/") && strings.Contains(f.File, "/core/") {
			names = append(names, fmt.Sprintf("%s:%d", f.File[strings.LastIndex(f.File, "/core/")+1:], f.Line))
			if len(names) == 3 {
				break
			}
		}
		if !more {
			break
		}
	}
	return strings.Join(names, " < ")
}
