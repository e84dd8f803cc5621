// SPDX-License-Identifier: Apache-2.0

package turns

import (
	"sync/atomic"
	"testing"
	"time"
)

// shortOfThreads is a system that gives none while it is true.
type shortOfThreads struct{ atomic.Bool }

func (*shortOfThreads) Provide(_, processors int) (int, error) { return processors, nil }
func (s *shortOfThreads) Short() bool                          { return s.Load() }

// takeAll takes every token that there is, and counts them.
func takeAll(t *Turns) (n int) {
	over := make(chan struct{})
	close(over)
	for t.Take(over) {
		n++
	}
	return n
}

func TestTurnsAreFewWhileThreadsAreShort(t *testing.T) {
	threads := &shortOfThreads{}
	tokens := New(threads)
	if n := takeAll(tokens); n != Most {
		t.Fatalf("%d turns, want %d", n, Most)
	}
	threads.Store(true)
	for range Most {
		tokens.Give()
	}
	if n := takeAll(tokens); n != few {
		t.Fatalf("%d turns while threads are short, want %d", n, few)
	}
	taken := make(chan bool)
	go func() { taken <- tokens.Take(nil) }()
	tokens.Give()
	select {
	case <-taken:
	case <-time.After(10 * time.Second):
		t.Fatal("what was given back was not taken")
	}
	threads.Store(false)
	if n := takeAll(tokens); n != Most-few {
		t.Fatalf("%d more turns when there are threads again, want %d", n, Most-few)
	}
}
