// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"sync/atomic"
	"unsafe"
)

// Meter counts the bytes of all buffers of the library. The host counts what its
// queues hold in the same words, so it may lie outside the Go heap. Any thread.
type Meter struct {
	used    atomic.Int64
	budget  atomic.Int64  // most bytes; MaxInt64: no ceiling. Set by Limit
	tight   atomic.Int64  // above it memory is short
	low     atomic.Int64  // at or below it there is room again
	waiting atomic.Uint32 // somebody waits for low
	_       uint32
}

// Where the members lie, for the host's check of its own struct.
const (
	MeterBudgetAt  = unsafe.Offsetof(Meter{}.budget)
	MeterTightAt   = unsafe.Offsetof(Meter{}.tight)
	MeterLowAt     = unsafe.Offsetof(Meter{}.low)
	MeterWaitingAt = unsafe.Offsetof(Meter{}.waiting)
)

// overdraft is the part of the budget that may be taken beyond it.
const overdraft = 8

// Limit sets the budget, 0 for none. Memory is short above 7/8 of it, and until
// it has sunk to 3/4. Before the first use.
func (m *Meter) Limit(budget int64) {
	if budget <= 0 {
		m.budget.Store(math.MaxInt64)
		m.tight.Store(math.MaxInt64)
		m.low.Store(math.MaxInt64)
		return
	}
	m.budget.Store(budget)
	m.tight.Store(budget - budget/8)
	m.low.Store(budget - budget/4)
}

// Used is how many bytes are in use now.
func (m *Meter) Used() int64 { return m.used.Load() }

// Budget is the most bytes that may be in use; 0: no ceiling.
func (m *Meter) Budget() int64 {
	if b := m.budget.Load(); b != math.MaxInt64 {
		return b
	}
	return 0
}

// Low is the use at which there is room again.
func (m *Meter) Low() int64 { return m.low.Load() }

// Tight tells whether memory is short: who uses some should take no more.
func (m *Meter) Tight() bool { return m.used.Load() > m.tight.Load() }

// Scant is what one reader should take at most while memory is short, so that many of
// them, who read in the same round, do not use up what is left together.
func (m *Meter) Scant() int {
	return int(max(4<<10, min((m.budget.Load()-m.used.Load())/16, math.MaxInt32))) // fits: as min says
}

// Fits tells whether n more bytes are within the budget.
func (m *Meter) Fits(n int) bool { return m.used.Load()+int64(n) <= m.budget.Load() }

// Ample tells whether n more bytes are a small part of the budget, and memory is not short then.
func (m *Meter) Ample(n int) bool {
	return int64(n) <= m.budget.Load()/16 && m.used.Load()+int64(n) <= m.tight.Load()
}

// Reserve tells whether n more bytes are within the budget and the overdraft.
func (m *Meter) Reserve(n int) bool {
	budget := m.budget.Load()
	return m.used.Load()+int64(n)-budget <= budget/overdraft
}

// Wait asks for a call of [Pool.Relaxed] when use has sunk to low; true when it
// has already.
func (m *Meter) Wait() bool {
	m.waiting.Store(1)
	return m.used.Load() <= m.low.Load() && m.waiting.CompareAndSwap(1, 0)
}

// claim counts n bytes if they are within the budget and extra.
func (m *Meter) claim(n, extra int64) bool {
	used, budget := m.used.Add(n), m.budget.Load()
	if n > 0 && used > budget && used-budget > extra {
		m.used.Add(-n)
		return false
	}
	return true
}

// sub counts n bytes less, and tells whether somebody waits for that.
func (m *Meter) sub(n int64) bool {
	return m.used.Add(-n) <= m.low.Load() && m.waiting.Load() != 0 && m.waiting.CompareAndSwap(1, 0)
}
