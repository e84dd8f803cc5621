// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"sync/atomic"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/metrics"
)

// counters are the figures of the whole library. Any thread.
type counters struct {
	sockets  atomic.Int64 // descriptors of connections, also of those in their handshake
	open     atomic.Int64 // connections that exchange frames
	peak     atomic.Int64 // most of them at once
	ceiling  atomic.Int64 // connections the process may have, as last computed
	accepted atomic.Uint64
	refusing atomic.Int64  // connections that are let in to be refused
	refused  atomic.Uint64 // turned away because of a limit
	unheard  atomic.Uint64 // messages that no listener took
	relieved atomic.Uint64 // connections closed because memory ran out
	dropped  atomic.Uint64 // messages that made room for newer ones, or were published and found none
	replaced atomic.Uint64 // messages that newer ones with their key have replaced
	panics   atomic.Uint64 // defects of ours, or of a host in Go, that ended no more than one thing
}

// Unheard counts messages that had no listener. Any thread.
func (e *Engine) Unheard(messages uint32) {
	e.counters.unheard.Add(uint64(messages))
	e.log(journal.Debug, "%d messages had no listener", messages)
}

// Stats tells how the library stands. Any thread.
func (e *Engine) Stats() metrics.Stats {
	n := &e.counters
	var cpu time.Duration
	for _, w := range e.workers {
		cpu += w.loop.CPU()
	}
	return metrics.Stats{
		Loops: len(e.workers),
		Open:  n.open.Load(), Peak: n.peak.Load(), Ceiling: e.ceiling(),
		Accepted: n.accepted.Load(), Refused: n.refused.Load(), Unheard: n.unheard.Load(), Relieved: n.relieved.Load(), Dropped: n.dropped.Load(), Replaced: n.replaced.Load(),
		Budget: e.pool.Budget(), Used: e.pool.Used(),
		Uptime: time.Since(e.started), CPU: cpu, Suppressed: e.journal.Suppressed(), Panics: n.panics.Load(),
	}
}

const (
	spareFiles   = 256 // descriptors left to the host
	leastSockets = 16
)

// ceiling is how many connections the process may have: its soft limit of
// descriptors less what the host needs. The host may change the limit at any time.
func (e *Engine) ceiling() int64 {
	c := max(loop.FileLimit()-spareFiles, leastSockets)
	e.counters.ceiling.Store(c)
	return c
}

// full tells whether another connection is one too many.
func (e *Engine) full() bool {
	now := e.counters.sockets.Load()
	return now >= e.counters.ceiling.Load() && now >= e.ceiling()
}

// takeSocket counts another connection, unless it is one too many.
func (e *Engine) takeSocket() bool {
	now := e.counters.sockets.Add(1)
	if now > e.counters.ceiling.Load() && now > e.ceiling() {
		e.counters.sockets.Add(-1)
		return false
	}
	return true
}

// errCeiling is what a connect beyond the ceiling gets.
func (e *Engine) errCeiling() *fault.Error {
	return &fault.Error{ID: fault.IDMemory, Stage: dial.StageLimit, Text: fmt.Sprintf("handle: there are %d connections, all that the descriptor limit of the process less %d allows", e.counters.sockets.Load(), spareFiles)}
}
