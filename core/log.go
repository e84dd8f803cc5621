// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"libws/core/fault"
	"libws/core/loop"
)

// defaultLogLines is how many lines of one level the host gets in a second.
const (
	defaultLogLines = 100
	maxLogLines     = 1_000_000
)

// journal is what keeps a peer from flooding the log of the host: each level has its own
// measure, so that a flood of one hides nothing of the others.
type journal struct {
	level      atomic.Int32
	most       int           // lines of a level in a second; 0: no limit; never changes
	suppressed atomic.Uint64 // lines that were left out

	mu     sync.Mutex
	levels [LogDebug + 1]measure // guarded by mu
	armed  bool                  // the timer is set, or about to be; guarded by mu

	timer loop.Timer // of the first loop: tells what was left out
}

// measure is a second of one level.
type measure struct {
	since time.Time
	lines int
	left  uint64 // out, and not told yet
}

// open checks what the host wants.
func (j *journal) open(level LogLevel, lines int) *fault.Error {
	if level < 0 || level > LogDebug {
		return fault.Refused(fault.IDParameter, "options.log_level: %d is not one of WS_LOG_", level)
	}
	switch {
	case lines == 0:
		j.most = defaultLogLines
	case lines == -1:
		j.most = 0
	case lines < 0 || lines > maxLogLines:
		return fault.Refused(fault.IDParameter, "options.log_lines_per_second: %d is not in 1..%d, 0 or -1", lines, maxLogLines)
	default:
		j.most = lines
	}
	j.set(level)
	return nil
}

func (j *journal) set(level LogLevel) {
	if level == 0 {
		level = LogWarn
	}
	j.level.Store(int32(level))
}

// fits counts a line; false when it is one too many. arm tells that the caller has to see
// to it that this is told.
func (j *journal) fits(level LogLevel, now time.Time) (fits, arm bool) {
	if j.most == 0 {
		return true, false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	m := &j.levels[level]
	if passed := now.Sub(m.since); passed < 0 || passed >= time.Second {
		m.since, m.lines = now, 0
	}
	if m.lines++; m.lines <= j.most {
		return true, false
	}
	m.left++
	j.suppressed.Add(1)
	arm = !j.armed
	j.armed = true
	return false, arm
}

// untold is how many lines of each level were left out since it was asked last.
func (j *journal) untold() (left [LogDebug + 1]uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.armed = false
	for i := range j.levels {
		left[i], j.levels[i].left = j.levels[i].left, 0
	}
	return left
}

// SetLogLevel changes which lines the host gets; 0: LogWarn. Any thread.
func (e *Engine) SetLogLevel(level LogLevel) *fault.Error {
	if level < 0 || level > LogDebug {
		return fault.Refused(fault.IDParameter, "level: %d is not one of WS_LOG_", level)
	}
	e.journal.set(level)
	return nil
}

// log formats a line for the host. Any thread, no lock held.
func (e *Engine) log(level LogLevel, format string, args ...any) {
	if !e.logs(level) {
		return
	}
	fits, arm := e.journal.fits(level, time.Now())
	if arm {
		first := e.workers[0].loop
		first.Post(func() { first.After(&e.journal.timer, time.Second, e) })
	}
	if fits {
		e.host.Log(level, fmt.Sprintf(format, args...))
	}
}

// logs tells whether the host wants lines of a level.
func (e *Engine) logs(level LogLevel) bool { return level <= LogLevel(e.journal.level.Load()) }

// log is Engine.log of a line about a connection, which begins with its handle. The loop's, or of
// who knows that the handle lasts; no lock held.
func (c *Conn) log(level LogLevel, format string, args ...any) {
	if e := c.w.engine; e.logs(level) {
		e.log(level, "%s%s", c.name(), fmt.Sprintf(format, args...))
	}
}

// name is how a line of the log about the connection begins: with nothing as long as it has no handle.
func (c *Conn) name() string {
	if c.block == nil || c.phase == phaseReleased {
		return ""
	}
	return c.w.engine.name("handle", c.block)
}

func (e *Engine) name(kind string, b *Block) string {
	if label := e.host.Label(b); label != "" {
		return fmt.Sprintf("%s %#x (%s): ", kind, atomic.LoadUint64(&b.Handle), label)
	}
	return fmt.Sprintf("%s %#x: ", kind, atomic.LoadUint64(&b.Handle))
}

// ErrorUnheard tells of an error for which the host has no listener. It is delivering events of the
// connection.
func (c *Conn) ErrorUnheard(text string) {
	e := c.w.engine
	e.log(LogWarn, "%sno listener heard the error: %s", e.name("handle", c.block), text)
}

// ErrorUnheard is the same for an error of the server itself.
func (s *Server) ErrorUnheard(text string) {
	s.engine.log(LogWarn, "%sno listener heard the error: %s", s.engine.name("server", s.block), text)
}

// Warn logs what the host has found itself. Any thread.
func (e *Engine) Warn(format string, args ...any) { e.log(LogWarn, format, args...) }

// Panicked counts a panic that was caught while it is caught, and tells the host what
// panicked and where. Any thread, no lock held.
func (e *Engine) Panicked(what string, value any) {
	e.counters.panics.Add(1)
	e.log(LogError, "%s panicked: %v\n%s", what, value, debug.Stack())
}

// Expired tells what was left out of the log; see loop.Expirer.
func (e *Engine) Expired(*loop.Timer) { e.tellSuppressed() }

// tellSuppressed is not limited itself: it is once a second. A level that the host has
// turned off meanwhile is told all the same: they are lines that it wanted.
func (e *Engine) tellSuppressed() {
	for level, n := range e.journal.untold() {
		if n > 0 {
			e.host.Log(LogLevel(level), fmt.Sprintf("%d lines of this level were left out: more than %d in a second (log_lines_per_second)", n, e.journal.most)) // fits: a few levels
		}
	}
}
