// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// SetLogLevel changes which lines the host gets; 0: journal.Warn. Any thread.
func (e *Engine) SetLogLevel(level journal.Level) *fault.Error {
	if !level.Valid() {
		return fault.Refused(fault.IDParameter, "level: %d is not one of WS_LOG_", level)
	}
	e.journal.Set(level)
	return nil
}

// log formats a line for the host. Any thread, no lock held.
func (e *Engine) log(level journal.Level, format string, args ...any) {
	if !e.journal.Wants(level) {
		return
	}
	fits, arm := e.journal.Fits(level, time.Now())
	if arm {
		first := e.workers[0].loop
		first.Post(func() { first.After(&e.logTimer, time.Second, e) })
	}
	if fits {
		e.host.Log(level, fmt.Sprintf(format, args...))
	}
}

func (e *Engine) name(kind string, b *border.Block) string {
	if label := e.host.Label(b); label != "" {
		return fmt.Sprintf("%s %#x (%s): ", kind, atomic.LoadUint64(&b.Handle), label)
	}
	return fmt.Sprintf("%s %#x: ", kind, atomic.LoadUint64(&b.Handle))
}

// ErrorUnheard is the same for an error of the server itself.
func (s *Server) ErrorUnheard(text string) {
	s.engine.log(journal.Warn, "%sno listener heard the error: %s", s.engine.name("server", s.block), text)
}

// Warn logs what the host has found itself. Any thread.
func (e *Engine) Warn(format string, args ...any) { e.log(journal.Warn, format, args...) }

// Panicked counts a panic that was caught while it is caught, and tells the host what
// panicked and where. Any thread, no lock held.
func (e *Engine) Panicked(what string, value any) {
	e.counters.panics.Add(1)
	e.log(journal.Error, "%s panicked: %v\n%s", what, value, debug.Stack())
}

// Expired tells what was left out of the log; see loop.Expirer.
func (e *Engine) Expired(*loop.Timer) { e.tellSuppressed() }

// tellSuppressed is not limited itself: it is once a second. A level that the host has
// turned off meanwhile gets them all the same: they are lines that it wanted.
func (e *Engine) tellSuppressed() {
	for level, n := range e.journal.TakeSuppressed() {
		if n > 0 {
			e.host.Log(journal.Level(level), fmt.Sprintf("%d lines of this level were left out: more than %d in a second (log_lines_per_second)", n, e.journal.Most())) // fits: a few levels
		}
	}
}
