// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/config"
)

// fewTurns are always there.
const fewTurns = 4

// turns are tokens of handshakes that may be at work at once, maxHandshakes at most. A
// handshake may keep a thread busy inside of system calls: when threads are short there are
// fewTurns, and handshakes wait for those before them. Any thread.
type turns struct {
	threads config.Threads // nil: never short
	free    chan struct{}  // tokens that nobody has
	made    atomic.Int32   // tokens that there are
}

func newTurns(threads config.Threads) *turns {
	t := &turns{threads: threads, free: make(chan struct{}, maxHandshakes)}
	for range fewTurns {
		t.free <- struct{}{}
	}
	t.made.Store(fewTurns)
	return t
}

// take waits for a token; false when done came first. nil: it never comes.
func (t *turns) take(done <-chan struct{}) bool {
	select {
	case <-t.free:
		return true
	default:
	}
	if t.more() {
		return true
	}
	select {
	case <-t.free:
		return true
	case <-done:
		return false
	}
}

func (t *turns) give() {
	if !t.short() || !t.change(-1) {
		t.free <- struct{}{}
	}
}

// more makes a token and takes it, if there may be another one.
func (t *turns) more() bool { return !t.short() && t.change(1) }

func (t *turns) short() bool { return t.threads != nil && t.threads.Short() }

// change changes the number of tokens, if that stays within its bounds.
func (t *turns) change(by int32) bool {
	for {
		n := t.made.Load()
		if n+by < fewTurns || n+by > maxHandshakes {
			return false
		}
		if t.made.CompareAndSwap(n, n+by) {
			return true
		}
	}
}
