// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPostKeepsTheOrderOfEachThread(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		const threads, tasks = 8, 2000
		var next [threads]int // the loop's
		var posting sync.WaitGroup
		for i := range threads {
			posting.Go(func() {
				for n := range tasks {
					l.Post(func() {
						if next[i] != n {
							t.Errorf("thread %d: task %d ran instead of %d", i, n, next[i])
						}
						next[i]++
					})
				}
			})
		}
		posting.Wait()
		l.do(t, func() {
			for i, n := range next {
				if n != tasks {
					t.Errorf("thread %d: %d tasks ran, want %d", i, n, tasks)
				}
			}
		})
	})
}

func TestPostWakesALoopThatWaits(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		for range 2000 { // also at the moment when it falls asleep
			l.do(t, func() {})
		}
	})
}

func TestStopRunsWhatWasPosted(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		release := l.hold(t)
		var ran []int // the loop's
		for i := range 100 {
			l.Post(func() { ran = append(ran, i) })
		}
		l.Stop()
		l.Stop() // harmless
		release()
		within(t, l.Done(), "the end of the loop")
		for i, n := range ran {
			if i != n {
				t.Fatalf("task %d ran as number %d", n, i)
			}
		}
		if len(ran) != 100 {
			t.Errorf("%d tasks ran, want 100", len(ran))
		}
		if l.Post(func() { t.Error("a task ran after the end") }) {
			t.Error("a stopped loop took a task")
		}
	})
}

// A task that was taken runs, one that was refused does not, whatever moment
// the loop is stopped at.
func TestTasksPostedDuringAStopRunOrAreRefused(t *testing.T) {
	t.Parallel()
	for name, kind := range engines() {
		for i := range int64(25) {
			l := startLoop(t, kind)
			var taken, ran atomic.Int64
			var posting sync.WaitGroup
			for range 3 {
				posting.Go(func() {
					for l.Post(func() { ran.Add(1) }) {
						taken.Add(1)
					}
				})
			}
			for taken.Load() < 10*i {
				runtime.Gosched()
			}
			l.end(t)
			posting.Wait()
			if taken.Load() != ran.Load() {
				t.Fatalf("%s: %d tasks were taken, %d ran", name, taken.Load(), ran.Load())
			}
		}
	}
}

// What was taken after a stop runs behind what was taken before, also when a
// task panics; then the loop ends.
func TestStopKeepsTheOrderAlsoWhenATaskPanics(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		var order []int // the loop's
		release := l.hold(t)
		l.Post(func() {
			l.Stop()
			l.Post(func() { // behind the stop, but it was taken
				order = append(order, 2)
				panic("on purpose")
			})
			l.Post(func() { order = append(order, 3) })
		})
		l.Post(func() { order = append(order, 1) })
		release()
		within(t, l.Done(), "the end of the loop")
		if value := within(t, l.panics, "a panic"); value != "on purpose" {
			t.Errorf("panicked with %v", value)
		}
		if !slices.Equal(order, []int{1, 2, 3}) {
			t.Errorf("the last tasks ran in the order %v", order)
		}
	})
}

func TestPanicOfATaskIsToldAndTheOthersRun(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		release := l.hold(t)
		ran := make(chan int, 10)
		for i := range 10 {
			l.Post(func() {
				if i == 3 || i == 5 {
					panic(fmt.Sprintf("task %d", i))
				}
				ran <- i
			})
		}
		release()
		for _, want := range []int{0, 1, 2, 4, 6, 7, 8, 9} {
			if got := within(t, ran, "a task"); got != want {
				t.Errorf("task %d ran instead of %d", got, want)
			}
		}
		for _, want := range []string{"task 3", "task 5"} {
			if got := within(t, l.panics, "a panic"); got != want {
				t.Errorf("told of %v, want %v", got, want)
			}
		}
	})
}

// owner is a Round that tells of the ends of rounds.
type owner struct{ ended, panicked chan struct{} }

func (o owner) End()         { tell(o.ended) }
func (o owner) Panicked(any) { tell(o.panicked) }

func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// What the owner does about a panic may leave work for the end of a round, so
// there is one although nothing happens.
func TestARoundEndsAfterAPanic(t *testing.T) {
	t.Parallel()
	for _, kind := range engines() {
		o := owner{make(chan struct{}, 1), make(chan struct{})}
		l, err := New(o, kind)
		if err != nil {
			t.Fatal(err)
		}
		go l.Run()
		l.Post(func() {
			for len(o.ended) > 0 {
				<-o.ended // of the rounds before
			}
			panic("on purpose")
		})
		within(t, o.ended, "the end of a round")
		l.Stop()
		within(t, l.Done(), "the end of the loop")
	}
}

// What takes long leaves a turn of the loop to its sockets. Who waits by epoll sees what
// there is at once.
func TestTasksLeaveTurnsToSockets(t *testing.T) {
	if !hasEpoll {
		t.Skip("there is no epoll")
	}
	l := startLoop(t, Epoll)
	var story []string // the loop's
	_, peer := l.register(t, func(s *Socket, _ int) {
		var b [8]byte
		s.Read(b[:])
		story = append(story, "socket")
	})
	long := func() {
		for end := time.Now().Add(2 * turnTime); time.Now().Before(end); {
		}
	}
	release := l.hold(t)
	l.Post(func() {
		send(t, peer, "abc")
		long()
	})
	for _, name := range []string{"first", "second"} {
		l.Post(func() {
			story = append(story, name)
			long()
		})
	}
	release()
	l.do(t, func() {
		if want := []string{"socket", "first", "second"}; !slices.Equal(story, want) {
			t.Errorf("%q, want %q", story, want)
		}
	})
}

// So do timers: each of those that are due fires, in as many turns as they take.
func TestTimersLeaveTurnsToSockets(t *testing.T) {
	if !hasEpoll {
		t.Skip("there is no epoll")
	}
	l := startLoop(t, Epoll)
	var story []string // the loop's
	done := make(chan struct{})
	_, peer := l.register(t, func(s *Socket, _ int) {
		var b [8]byte
		s.Read(b[:])
		story = append(story, "socket")
	})
	var timers [3]Timer
	b := bell{then: func(*Timer) {
		if len(story) == 0 {
			send(t, peer, "abc")
		}
		story = append(story, "timer")
		if len(story) == len(timers)+1 {
			close(done)
		}
		for end := time.Now().Add(2 * turnTime); time.Now().Before(end); {
		}
	}}
	l.do(t, func() {
		for i := range timers {
			l.After(&timers[i], tick, &b)
		}
	})
	within(t, done, "the last timer")
	l.do(t, func() {
		if want := []string{"timer", "socket", "timer", "timer"}; !slices.Equal(story, want) {
			t.Errorf("%q, want %q", story, want)
		}
	})
}
