// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// shortOfThreads is a system that gives none while it is true.
type shortOfThreads struct{ atomic.Bool }

func (*shortOfThreads) Provide(_, processors int) (int, error) { return processors, nil }
func (s *shortOfThreads) Short() bool                          { return s.Load() }

// takeAll takes every token that there is, and counts them.
func takeAll(t *turns) (n int) {
	over := make(chan struct{})
	close(over)
	for t.take(over) {
		n++
	}
	return n
}

func TestTurnsAreFewWhileThreadsAreShort(t *testing.T) {
	threads := &shortOfThreads{}
	turns := newTurns(threads)
	if n := takeAll(turns); n != maxHandshakes {
		t.Fatalf("%d turns, want %d", n, maxHandshakes)
	}
	threads.Store(true)
	for range maxHandshakes {
		turns.give()
	}
	if n := takeAll(turns); n != fewTurns {
		t.Fatalf("%d turns while threads are short, want %d", n, fewTurns)
	}
	taken := make(chan bool)
	go func() { taken <- turns.take(nil) }()
	turns.give()
	select {
	case <-taken:
	case <-time.After(deadline):
		t.Fatal("what was given back was not taken")
	}
	threads.Store(false)
	if n := takeAll(turns); n != maxHandshakes-fewTurns {
		t.Fatalf("%d more turns when there are threads again, want %d", n, maxHandshakes-fewTurns)
	}
}

func TestNamesAreLookedUpWhileThreadsAreShort(t *testing.T) {
	threads := &shortOfThreads{}
	threads.Store(true)
	url := foreign(t, func(p *peer) error { return p.send(ws.OpClose, ws.NewCloseFrameBody(1001, "")) })
	h, r := start(t, config.Library{Threads: threads}), newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connect(strings.Replace(url, "127.0.0.1", "localhost", 1), nil); err != nil {
		t.Fatal(err)
	}
	r.nextOf(t, deadline, border.EventOpen)
}
