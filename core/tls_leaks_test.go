// SPDX-License-Identifier: Apache-2.0

package core

import (
	"os"
	"runtime"
	"testing"
	"time"

	"libws/core/border"
)

// usage is how many goroutines and descriptors the process has. Only tests that
// do not run in parallel can compare it.
type usage struct{ goroutines, descriptors int }

func resources(t testing.TB) usage {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return usage{runtime.NumGoroutine(), len(open)}
}

// settle waits until no more is in use than before but for the descriptors of
// open sockets: what ends may still be on its way.
func (u usage) settle(t testing.TB, h *testHost, sockets int) {
	t.Helper()
	more := sockets
	u.goroutines += len(h.engine.workers) * shakersKept // coroutines that rest
	if os.Getenv("WS_TEST_ENGINE") == "goroutine" {     // it waits in goroutines, on duplicates
		u.goroutines += 2 * sockets
		more *= 2
	}
	end := time.Now().Add(deadline)
	for {
		now := resources(t)
		if now.goroutines <= u.goroutines && now.descriptors <= u.descriptors+more {
			return
		}
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines and %d descriptors are left of %d and %d (and %d)\n%s",
				now.goroutines, now.descriptors, u.goroutines, u.descriptors, more, stacks[:runtime.Stack(stacks, true)])
		}
		h.round()
		runtime.Gosched()
	}
}

// nextOf waits for the next event of a kind within a deadline of its own, and
// drops others.
func (r recorder) nextOf(t testing.TB, within time.Duration, kind border.Event) received {
	t.Helper()
	late := time.After(within)
	for {
		r.mu.Lock()
		for i, e := range r.items {
			if e.kind == kind {
				r.items = append(r.items[:i:i], r.items[i+1:]...)
				r.mu.Unlock()
				return e
			}
			if e.kind == border.EventError {
				r.mu.Unlock()
				t.Fatalf("an error: %+v", e.event)
			}
		}
		r.mu.Unlock()
		select {
		case <-r.ready:
		case <-late:
			t.Fatalf("no event of kind %d after %v", kind, within)
		}
	}
}
