// SPDX-License-Identifier: Apache-2.0

package loop

import "testing"

// ringing counts how often its poller is woken.
type ringing struct {
	poller
	rings int
}

func (r *ringing) wake() {
	r.rings++
	r.poller.wake()
}

func TestLaterWakesALoopOnceForAllThatWasPosted(t *testing.T) {
	for name, kind := range engines() {
		t.Run(name, func(t *testing.T) {
			l := &testLoop{panics: make(chan any, 16)}
			var err error
			if l.Loop, err = New(l, kind); err != nil {
				t.Fatal(err)
			}
			bell := &ringing{poller: l.poll}
			l.poll = bell
			l.asleep.Store(true) // as if it ran, and waited
			ran := 0             // the loop's
			first, second := Later{}, Later{}
			first.Keep(l.Loop)
			first.Keep(l.Loop)
			second.Keep(l.Loop)
			for range 64 {
				l.Post(func() { ran++ })
			}
			if bell.rings != 0 {
				t.Errorf("the loop was woken %d times before the end", bell.rings)
			}
			first.End()
			second.End()
			second.End() // harmless
			if bell.rings != 1 {
				t.Errorf("the loop was woken %d times", bell.rings)
			}
			l.asleep.Store(true)
			l.Post(func() { ran++ })
			if bell.rings != 2 {
				t.Error("what was posted behind the end has not woken the loop")
			}
			go l.Run()
			l.do(t, func() {
				if ran != 65 {
					t.Errorf("%d tasks ran, want 65", ran)
				}
			})
			l.end(t)
		})
	}
}

// Threads post while others let the loop sleep on; none waits for ever.
func TestWhatIsPostedWhileALoopSleepsOnRuns(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		over := make(chan struct{})
		go func() {
			defer close(over)
			for range 2000 {
				var later Later
				later.Keep(l.Loop)
				l.Post(func() {})
				later.End()
			}
		}()
		for range 2000 {
			l.do(t, func() {})
		}
		within(t, over, "the other thread's posts")
	})
}
