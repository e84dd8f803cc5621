// SPDX-License-Identifier: Apache-2.0

// Package journal decides which lines of the log the host gets: by level, and so many of each
// in a second. It writes none itself, that is Engine.log. Come here for a level, or for a flood
// of lines that hides another one.
package journal

import (
	"libws/core/lock"
	"sync/atomic"
	"time"
)

// Level orders log lines; the numbers are those of WS_LOG_.
type Level int32

// Levels of the log, most important first.
const (
	Error Level = 1 + iota
	Warn
	Info
	Debug
)

// Valid tells whether there is such a level; 0 is the default.
func (l Level) Valid() bool { return l >= 0 && l <= Debug }

// Journal is what keeps a peer from flooding the log of the host: each level has its own
// measure, so that a flood of one hides nothing of the others.
type Journal struct {
	level      atomic.Int32
	most       int           // lines of a level in a second; 0: no limit; never changes
	suppressed atomic.Uint64 // lines that were left out

	mu     lock.Mutex[lock.Journal]
	levels [Debug + 1]measure // guarded by mu
	armed  bool               // somebody is about to tell what was left out; guarded by mu
}

// measure is a second of one level.
type measure struct {
	since time.Time
	lines int
	left  uint64 // out, and not reported yet
}

// Open begins with a level, and so many lines of each in a second; 0: any.
func (j *Journal) Open(level Level, most int) {
	j.most = most
	j.Set(level)
}

// Set changes which lines the host gets; 0: Warn. Any thread.
func (j *Journal) Set(level Level) {
	if level == 0 {
		level = Warn
	}
	j.level.Store(int32(level))
}

// Wants tells whether the host gets lines of a level. Any thread.
func (j *Journal) Wants(level Level) bool { return level <= Level(j.level.Load()) }

// Suppressed is how many lines were left out so far. Any thread.
func (j *Journal) Suppressed() uint64 { return j.suppressed.Load() }

// Most is how many lines of a level the host gets in a second; 0: no limit.
func (j *Journal) Most() int { return j.most }

// Fits counts a line; false when it is one too many. arm tells that the caller has to see
// to it that this is reported.
func (j *Journal) Fits(level Level, now time.Time) (fits, arm bool) {
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

// TakeSuppressed is how many lines of each level were left out since it was asked last.
func (j *Journal) TakeSuppressed() (left [Debug + 1]uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.armed = false
	for i := range j.levels {
		left[i], j.levels[i].left = j.levels[i].left, 0
	}
	return left
}
