// SPDX-License-Identifier: Apache-2.0

package reconnect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Defaults of Policy.
const (
	DefaultFirst  = 500 * time.Millisecond
	DefaultFactor = 2.0
	DefaultMax    = 30 * time.Second
	LeastStable   = 10 * time.Second // of the default of Stable
)

// MaxRetryAfter bounds what a server may ask for: a client that waits for longer looks as if
// it had given up.
const MaxRetryAfter = time.Hour

// Policy says how the waits grow: the n-th is random between zero and
// First * Factor^(n-1), at most Max. That is full jitter: when a server ends all its
// connections at once, its clients come back spread over the whole time. The zero
// value of a field is its default.
type Policy struct {
	First    time.Duration // bound of the first wait; 0: DefaultFirst
	Factor   float64       // growth, 1 to 100; 0: DefaultFactor
	Max      time.Duration // bound of every wait; 0: DefaultMax, or First if that is longer
	MaxTries int           // tries in a row that fail until it gives up; 0: never
	// Stable is how long a connection has to last before the waits begin anew with First:
	// a server that takes connections and ends them at once is not to be asked ever so
	// often. 0: as long as the last wait was, at least LeastStable; below 0: no time.
	Stable time.Duration
	// RetryCertificate goes on after a certificate that is not taken, by either end.
	RetryCertificate bool
	Exact            bool // no jitter: the bound itself is the wait
	// FinalCloses are close codes that end it in addition to those of FinalClose.
	FinalCloses []uint16
	// Random gives numbers in [0, 1); nil: math/rand/v2. For tests.
	Random func() float64
}

// Check says which field is out of range.
func (p *Policy) Check() error {
	switch {
	case p.First < 0:
		return fmt.Errorf("the first delay is %v; it must not be negative", p.First)
	case p.Max < 0:
		return fmt.Errorf("the greatest delay is %v; it must not be negative", p.Max)
	case p.Max != 0 && p.Max < p.First:
		return fmt.Errorf("the greatest delay of %v is below the first of %v", p.Max, p.First)
	case p.Factor != 0 && !(p.Factor >= 1 && p.Factor <= 100): // also NaN
		return fmt.Errorf("the factor is %v; it must be 1 to 100", p.Factor)
	case p.MaxTries < 0:
		return fmt.Errorf("the number of tries is %d; it must not be negative", p.MaxTries)
	}
	return nil
}

// bound is the longest wait before the try, which counts from 1.
func (p *Policy) bound(try int) time.Duration {
	first, factor, most := p.First, p.Factor, p.Max
	if first == 0 {
		first = DefaultFirst
		if most != 0 {
			first = min(first, most)
		}
	}
	if factor == 0 {
		factor = DefaultFactor
	}
	if most == 0 {
		most = max(DefaultMax, first)
	}
	// Never convert what does not fit: the power grows beyond all bounds.
	if b := float64(first) * math.Pow(factor, float64(try-1)); b < float64(most) {
		return time.Duration(b)
	}
	return most
}

// Backoff counts the tries of one client. The zero value with a checked Policy is
// ready. It has no lock: the caller has one.
type Backoff struct {
	Policy Policy
	tries  int           // that failed in a row
	steps  int           // waits since the last connection that was stable
	last   time.Duration // wait
}

// Next is called when a connection has ended, or a try failed, and the reason is
// not final. It gives the wait before the next try, or false when there have been
// Policy.MaxTries in a row. after is how long the server wants to be left alone
// (RetryAfter), or 0: the wait is no shorter, and with jitter so much longer as it would
// have been, since the server may have sent all its clients the same.
func (b *Backoff) Next(after time.Duration) (wait time.Duration, ok bool) {
	if b.Policy.MaxTries > 0 && b.tries >= b.Policy.MaxTries {
		return 0, false
	}
	if b.tries < math.MaxInt32 {
		b.tries++
	}
	if b.steps < math.MaxInt32 {
		b.steps++
	}
	after = min(max(after, 0), MaxRetryAfter)
	if wait = b.Policy.bound(b.steps); b.Policy.Exact {
		b.last = max(wait, after)
		return b.last, true
	}
	random := b.Policy.Random
	if random == nil {
		random = rand.Float64
	}
	b.last = after + min(time.Duration(random()*float64(wait)), math.MaxInt64-after)
	return b.last, true
}

// Tries is the number of the try that Next has announced last, from 1; 0 before.
func (b *Backoff) Tries() int { return b.tries }

// Opened is called when a connection is open: tries are counted anew.
func (b *Backoff) Opened() { b.tries = 0 }

// Lasted is called when a connection has ended: after one that was stable, which it tells, the
// next wait is the first again.
func (b *Backoff) Lasted(d time.Duration) bool {
	stable := b.Policy.Stable
	if stable == 0 {
		stable = max(b.last, LeastStable)
	}
	if d < stable {
		return false
	}
	b.steps = 0
	return true
}
