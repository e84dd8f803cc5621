// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"sync/atomic"
	"time"
)

// Progress is how far an attempt to connect is, and how long its steps took. One goroutine
// enters stages; any may ask for the stage meanwhile, and for the times behind the end. A nil
// one takes no notes.
type Progress struct {
	stage atomic.Uint32
	since time.Time
	took  [StageUpgrade + 1]time.Duration
	been  [StageUpgrade + 1]bool
}

// Enter begins a stage up to StageUpgrade, and ends the one before, unless it is the same.
func (p *Progress) Enter(s Stage) {
	if p == nil || p.Stage() == s {
		return
	}
	p.End()
	p.stage.Store(uint32(s))
	p.took[s], p.been[s] = 0, true
}

// End ends the stage that was entered last.
func (p *Progress) End() {
	if p == nil {
		return
	}
	now := time.Now()
	if s := Stage(p.stage.Load()); s != StageNone { // fits: it was a Stage
		p.took[s] = now.Sub(p.since)
	}
	p.since = now
	p.stage.Store(uint32(StageNone))
}

// Again forgets the times of another target.
func (p *Progress) Again() {
	p.End()
	p.been = [StageUpgrade + 1]bool{}
}

// Stage is the one that was entered last, and has not ended: StageNone before and behind all.
func (p *Progress) Stage() Stage { return Stage(p.stage.Load()) } // fits: it was a Stage

// Took is how long a stage took, -1 when it was not entered.
func (p *Progress) Took(s Stage) time.Duration {
	if !p.been[s] {
		return -1
	}
	return p.took[s]
}
