// SPDX-License-Identifier: Apache-2.0

// Package slack gives the free part of the Go heap back to the system, when much has become free at
// once and nobody takes it again. Come here when memory stays that a crowd has left.
package slack

import (
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// Slack is what has become free in the Go heap since that was last cleaned up. Go would
// collect it when as much again is needed, or after minutes, and keep its pages for longer: a
// host whose crowd has gone would keep paying for it. Any thread, whatever locks it holds.
type Slack struct {
	bytes atomic.Int64 // about
	due   atomic.Bool  // a look is
}

const (
	slackLeast = 4 << 20 // less is not worth a collection
	slackPart  = 4       // nor is less than this part of the heap
	slackTime  = time.Second
)

// Freed counts n bytes that nobody needs any more.
func (s *Slack) Freed(n int) {
	if s.bytes.Add(int64(n)) >= slackLeast && !s.due.Load() && s.due.CompareAndSwap(false, true) {
		s.later(s.bytes.Load())
	}
}

// later looks again after a while; seen is what was free by now.
func (s *Slack) later(seen int64) { time.AfterFunc(slackTime, func() { s.look(seen) }) }

// look gives back what is free when no more of it comes: while it does, most likely others
// take it. On a goroutine of its own, one at a time.
func (s *Slack) look(seen int64) {
	defer func() { _ = recover() }() // a panic would end the host; nothing is given back any more then
	now := s.bytes.Load()
	if now-seen > slackLeast/8 {
		s.later(now)
		return
	}
	if now >= heapSize()/slackPart {
		s.bytes.Add(-now)
		debug.FreeOSMemory()
	}
	s.due.Store(false) // the next that is freed may ask again
}

// heapSize is how many bytes the objects of the Go heap take, with those that nobody needs.
func heapSize() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
