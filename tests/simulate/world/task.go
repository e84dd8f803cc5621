// SPDX-License-Identifier: Apache-2.0

package world

import (
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// task is a thread of the simulated process, a coroutine.
type task struct {
	id     int
	name   string
	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool
	ready  func() bool // what it waits for; nil: it could run
	until  time.Duration
	doing  string // while it waits
	rank   int    // the higher goes first, when ranks decide
	over   bool
	locks  int // held
}

// forever is a deadline that never comes.
const forever = time.Duration(1<<63 - 1)

// World is one run. Only one exists at a time.
type World struct {
	decisions
	tasks   []*task
	current *task
	last    int // id of the task that ran last
	made    int // tasks so far

	now    time.Duration
	timers timers
	steps  uint64 // yields so far
	next   uint64 // the yield at which the turn is taken away
	alone  uint64 // yields since somebody else had a turn

	network  network
	failures []string
	over     bool // what is left of the tasks is only unwound
	numbers  map[any]int
	log      func(string)
	Faults   int // injected so far

	// Limits: reaching one is a failure.
	MaxTime  time.Duration
	MaxSteps uint64
}

// current is the world that runs, nil for none.
var current *World

// New makes a world. The decisions come from the seed, or are those given.
func New(seed uint64) *World {
	w := &World{numbers: map[any]int{}, MaxTime: 20 * time.Minute, MaxSteps: 3_000_000}
	w.decisions.init(seed)
	return w
}

// Log has every step of interest told; for one run that is looked at.
func (w *World) Log(f func(string)) { w.log = f }

// Logging tells whether that is so; texts are costly.
func Logging() bool { return current != nil && current.log != nil && !current.over }

// Note tells the log.
func Note(format string, args ...any) {
	if Logging() {
		who := "-"
		if t := current.current; t != nil {
			who = t.name
		}
		current.log(fmt.Sprintf("%12v %8d %-14s %s", current.now, current.steps, who, fmt.Sprintf(format, args...)))
	}
}

// Run runs main and everything that it starts until all tasks are over, and tells what was
// wrong, nothing when all was well.
func (w *World) Run(main func()) (failures []string) {
	if current != nil {
		panic("world: one at a time")
	}
	current = w
	defer func() { current = nil }()
	w.plan()
	w.start("main", main)
	for len(w.failures) == 0 {
		t := w.pick()
		if t == nil {
			if w.left() == 0 {
				break
			}
			if !w.advance() {
				w.fail("nothing moves any more:\n" + w.States())
			}
			continue
		}
		w.turn(t)
	}
	w.unwind()
	return w.failures
}

// turn lets a task run until it gives the turn back.
func (w *World) turn(t *task) {
	if t.id != w.last {
		w.mix(uint64(t.id))
		w.last, w.alone = t.id, 0
	}
	w.current = t
	t.ready = nil
	if _, more := t.resume(); !more {
		t.over = true
		if t.locks != 0 && len(w.failures) == 0 {
			w.fail(fmt.Sprintf("%s ended and holds %d locks", t.name, t.locks))
		}
		w.remove(t)
	}
	w.current = nil
}

func (w *World) remove(t *task) {
	for i, other := range w.tasks {
		if other == t {
			w.tasks = append(w.tasks[:i], w.tasks[i+1:]...)
			return
		}
	}
}

func (w *World) left() int { return len(w.tasks) }

// start adds a task.
func (w *World) start(name string, body func()) {
	t := &task{id: w.made, name: fmt.Sprintf("%s#%d", name, w.made), until: forever}
	w.made++
	t.rank = w.newRank()
	t.resume, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		t.yield = yield
		defer func() {
			if v := recover(); v != nil && !w.over {
				w.fail(fmt.Sprintf("%s panicked: %v\n%s", t.name, v, debug.Stack()))
			}
		}()
		body()
	})
	w.tasks = append(w.tasks, t)
}

// Go starts a task. It stands for the go statement.
func Go(name string, body func()) {
	if w := current; w != nil {
		w.start(name, body)
	} else {
		go body()
	}
}

// unwind ends the coroutines of a run that failed. Their deferred calls find a world that
// does nothing any more.
func (w *World) unwind() {
	w.over = true
	for _, t := range w.tasks {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			t.stop()
		}()
		<-ended
	}
	w.tasks = nil
}

// switchOut gives the turn back.
func (w *World) switchOut(t *task) {
	if !t.yield(struct{}{}) {
		runtime.Goexit()
	}
}

// Yield is where the turn may be taken from a task.
func Yield() {
	w := current
	if w == nil || w.over || w.current == nil {
		return
	}
	w.steps++
	w.now += stepTime
	if w.steps >= w.next {
		w.preempt()
	}
}

// stepTime is what a step takes.
const stepTime = 100 * time.Nanosecond

func (w *World) preempt() {
	if w.steps > w.MaxSteps {
		Fail("it did not end within %d steps, %s is at %s:\n%s", w.MaxSteps, w.current.name, place(), w.States())
	}
	t := w.current
	if w.steals() {
		w.switchOut(t)
	}
}

// Block waits until ready says so, or the time has come; true: it is ready.
func Block(doing string, until time.Duration, ready func() bool) bool {
	w := current
	if w.over {
		runtime.Goexit()
	}
	t := w.current
	if t == nil {
		panic("world: blocking outside of a task: " + doing)
	}
	t.doing, t.until, t.ready = doing, until, ready
	w.switchOut(t)
	t.until = forever
	return ready()
}

// runs tells whether a task could run now.
func (t *task) runs(now time.Duration) bool {
	return t.ready == nil || t.until <= now || t.ready()
}

// Fail says what is wrong. The run ends.
func Fail(format string, args ...any) {
	if w := current; w != nil && !w.over {
		w.fail(fmt.Sprintf(format, args...))
		if w.current != nil {
			w.switchOut(w.current)
		}
	}
}

func (w *World) fail(text string) {
	if w.log != nil {
		w.log("FAILURE " + text)
	}
	w.failures = append(w.failures, text)
}

// States is what each task does.
func (w *World) States() string {
	var b strings.Builder
	for _, t := range w.tasks {
		what := "runs"
		if t.ready != nil {
			what = t.doing
			if t.until != forever {
				what += fmt.Sprintf(" until %v", t.until)
			}
		}
		fmt.Fprintf(&b, "  %s: %s\n", t.name, what)
	}
	fmt.Fprintf(&b, "  at %v, after %d steps", w.now, w.steps)
	return b.String()
}

// Number is a number for a pointer, by the order in which they were numbered first; what
// is kept by pointers is walked over in this order.
func Number[T any](p T) T {
	if w := current; w != nil {
		w.number(p)
	}
	return p
}

func (w *World) number(p any) int {
	n, known := w.numbers[p]
	if !known {
		n = len(w.numbers)
		w.numbers[p] = n
	}
	return n
}

// Current is the world that runs.
func Current() *World { return current }

// Locks is how many locks the task that runs holds.
func Locks() int {
	if w := current; w != nil && w.current != nil {
		return w.current.locks
	}
	return 0
}

// Held changes that number.
func Held(n int) {
	if w := current; w != nil && w.current != nil {
		w.current.locks += n
	}
}

// Self is who runs; nil outside of tasks.
func Self() any {
	if w := current; w != nil && w.current != nil {
		return w.current
	}
	return nil
}

// Name is the name of the task that runs.
func Name() string {
	if w := current; w != nil && w.current != nil {
		return w.current.name
	}
	return "-"
}

// Over tells whether the run has ended and is only unwound.
func Over() bool { return current == nil || current.over }

// Steps is how many there were, and Time what the clock says.
func (w *World) Steps() uint64       { return w.steps }
func (w *World) Time() time.Duration { return w.now }

// Alone waits until no other task is left, or the time has come.
func Alone(until time.Duration) bool {
	return Block("waits for the others to end", until, func() bool { return len(current.tasks) == 1 })
}
