// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"testing"
	"time"
)

type quiet struct{}

func (quiet) End()         {}
func (quiet) Panicked(any) {}

// What a loop has worked is known while it runs, and afterwards.
func TestLoopTellsItsCPUTime(t *testing.T) {
	t.Parallel()
	l, err := New(quiet{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	go l.Run()
	told := make(chan time.Duration)
	l.Post(func() {
		before := l.CPU()
		for end := time.Now().Add(deadline); l.CPU() < before+5*time.Millisecond && time.Now().Before(end); {
		}
		told <- l.CPU() - before
	})
	if worked := <-told; worked < 5*time.Millisecond {
		t.Errorf("it has worked %v", worked)
	}
	l.Stop()
	<-l.Done()
	if l.CPU() < 5*time.Millisecond {
		t.Errorf("after its end it tells %v", l.CPU())
	}
}
