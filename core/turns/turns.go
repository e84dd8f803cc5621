// SPDX-License-Identifier: Apache-2.0

// Package turns has the tokens of TLS handshakes that may be at work at once.
package turns

import (
	"sync/atomic"

	"libws/core/config"
)

// Most is how many there are at most, of clients and of servers each; few are always there.
const (
	Most = 64
	few  = 4
)

// Turns are tokens of handshakes that may be at work at once, Most at most. A
// handshake may keep a thread busy inside of system calls: when threads are short there are
// few, and handshakes wait for those before them. Any thread.
type Turns struct {
	threads config.Threads // nil: never short
	free    chan struct{}  // tokens that nobody has
	made    atomic.Int32   // tokens that there are
}

// New makes those of an engine.
func New(threads config.Threads) *Turns {
	t := &Turns{threads: threads, free: make(chan struct{}, Most)}
	for range few {
		t.free <- struct{}{}
	}
	t.made.Store(few)
	return t
}

// Take waits for a token; false when done came first. nil: it never comes.
func (t *Turns) Take(done <-chan struct{}) bool {
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

// Give gives a token back.
func (t *Turns) Give() {
	if !t.short() || !t.change(-1) {
		t.free <- struct{}{}
	}
}

// more makes a token and takes it, if there may be another one.
func (t *Turns) more() bool { return !t.short() && t.change(1) }

func (t *Turns) short() bool { return t.threads != nil && t.threads.Short() }

// change changes the number of tokens, if that stays within its bounds.
func (t *Turns) change(by int32) bool {
	for {
		n := t.made.Load()
		if n+by < few || n+by > Most {
			return false
		}
		if t.made.CompareAndSwap(n, n+by) {
			return true
		}
	}
}
