// SPDX-License-Identifier: Apache-2.0

package reconnect

import (
	"math"
	"slices"
	"testing"
	"time"
)

const ms = time.Millisecond

func waits(t *testing.T, p Policy, n int) []time.Duration {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	b := Backoff{Policy: p}
	var result []time.Duration
	for range n {
		wait, ok := b.Next(0)
		if !ok {
			break
		}
		result = append(result, wait)
	}
	return result
}

func TestWaitsGrowUpToTheGreatest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		p    Policy
		want []time.Duration
	}{
		{"defaults", Policy{Exact: true}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 16000 * ms, 30000 * ms, 30000 * ms}},
		{"own", Policy{Exact: true, First: 100 * ms, Factor: 1.5, Max: 300 * ms}, []time.Duration{100 * ms, 150 * ms, 225 * ms, 300 * ms}},
		{"steady", Policy{Exact: true, First: 70 * ms, Factor: 1}, []time.Duration{70 * ms, 70 * ms, 70 * ms}},
		{"greatest below the default of the first", Policy{Exact: true, Max: 200 * ms}, []time.Duration{200 * ms, 200 * ms}},
		{"first above the default of the greatest", Policy{Exact: true, First: time.Minute}, []time.Duration{time.Minute, time.Minute}},
		{"half of the jitter", Policy{Random: func() float64 { return 0.5 }}, []time.Duration{250 * ms, 500 * ms, 1000 * ms}},
		{"least of the jitter", Policy{Random: func() float64 { return 0 }}, []time.Duration{0, 0}},
		{"a number of tries", Policy{Exact: true, MaxTries: 2}, []time.Duration{500 * ms, 1000 * ms}},
	} {
		n := len(c.want)
		if c.p.MaxTries > 0 {
			n += 3
		}
		if got := waits(t, c.p, n); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestWaitsNeverOverflow(t *testing.T) {
	t.Parallel()
	b := Backoff{Policy: Policy{First: math.MaxInt64 / 2, Factor: 100, Max: math.MaxInt64, Exact: true}}
	for range 5000 {
		if wait, ok := b.Next(0); !ok || wait <= 0 {
			t.Fatalf("try %d: %v, %v", b.Tries(), wait, ok)
		}
	}
	b.tries = math.MaxInt32
	if wait, ok := b.Next(0); !ok || wait != math.MaxInt64 || b.Tries() != math.MaxInt32 {
		t.Errorf("%v, %v, try %d", wait, ok, b.Tries())
	}
}

func TestJitterFillsTheWholeRange(t *testing.T) {
	t.Parallel()
	var low, high int
	for range 2000 {
		wait := waits(t, Policy{First: 100 * ms}, 1)[0]
		switch {
		case wait < 0 || wait >= 100*ms:
			t.Fatalf("%v is out of range", wait)
		case wait < 25*ms:
			low++
		case wait >= 75*ms:
			high++
		}
	}
	if low < 300 || high < 300 { // 500 each are expected, 19 is the deviation
		t.Errorf("%d of 2000 in the first quarter, %d in the last", low, high)
	}
}

func TestSuccessBeginsAnew(t *testing.T) {
	t.Parallel()
	b := Backoff{Policy: Policy{Exact: true, MaxTries: 2}}
	b.Next(0)
	b.Next(0)
	if _, ok := b.Next(0); ok || b.Tries() != 2 {
		t.Errorf("a third try, number %d", b.Tries())
	}
	b.Opened()
	b.Lasted(LeastStable)
	if wait, ok := b.Next(0); !ok || wait != DefaultFirst || b.Tries() != 1 {
		t.Errorf("%v, %v, try %d", wait, ok, b.Tries())
	}
}

func TestWaitsGoOnGrowingBehindConnectionsThatDoNotLast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stable time.Duration
		lasted []time.Duration
		want   []time.Duration
	}{
		{0, []time.Duration{0, time.Second, LeastStable - 1, LeastStable, 0}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 500 * ms, 1000 * ms}},
		{time.Minute, []time.Duration{LeastStable, time.Minute - 1, time.Minute}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms, 500 * ms}},
		{ms, []time.Duration{0, ms, 0}, []time.Duration{500 * ms, 1000 * ms, 500 * ms, 1000 * ms}},
		{-ms, []time.Duration{0, 0}, []time.Duration{500 * ms, 500 * ms, 500 * ms}},
	} {
		b := Backoff{Policy: Policy{Exact: true, MaxTries: 1, Stable: c.stable}}
		var got []time.Duration
		for i := range c.want {
			wait, ok := b.Next(0)
			if !ok || b.Tries() != 1 {
				t.Fatalf("%+v: try %d, %v", c, b.Tries(), ok)
			}
			got = append(got, wait)
			if b.Opened(); i < len(c.lasted) {
				b.Lasted(c.lasted[i])
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// After a wait of 20 s a connection of 10 s is not stable yet.
func TestAConnectionIsStableWhenItLastsLongerThanTheLastWait(t *testing.T) {
	t.Parallel()
	b := Backoff{Policy: Policy{Exact: true}}
	b.Next(20 * time.Second)
	b.Lasted(19 * time.Second)
	if wait, _ := b.Next(20 * time.Second); wait != 20*time.Second || b.steps != 2 {
		t.Errorf("%v, step %d", wait, b.steps)
	}
	b.Lasted(20 * time.Second)
	if wait, _ := b.Next(0); wait != DefaultFirst {
		t.Errorf("%v", wait)
	}
}

func TestAServerSaysTheShortestWait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ after, exact, half time.Duration }{
		{0, 500 * ms, 250 * ms},
		{-time.Second, 500 * ms, 250 * ms},
		{300 * ms, 500 * ms, 550 * ms},
		{5 * time.Second, 5 * time.Second, 5250 * ms},
		{100 * time.Hour, MaxRetryAfter, MaxRetryAfter + 250*ms},
		{math.MaxInt64, MaxRetryAfter, MaxRetryAfter + 250*ms},
	} {
		b := Backoff{Policy: Policy{Exact: true}}
		if got, _ := b.Next(c.after); got != c.exact {
			t.Errorf("%v: exactly %v", c.after, got)
		}
		b = Backoff{Policy: Policy{Random: func() float64 { return 0.5 }}}
		if got, _ := b.Next(c.after); got != c.half {
			t.Errorf("%v: with jitter %v", c.after, got)
		}
	}
	b := Backoff{Policy: Policy{First: math.MaxInt64, Random: func() float64 { return 0.999999 }}}
	if got, _ := b.Next(time.Hour); got < time.Hour {
		t.Errorf("%v", got)
	}
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(1999, 12, 31, 23, 59, 0, 0, time.UTC)
	for _, c := range []struct {
		value, date string
		want        time.Duration
		ok          bool
	}{
		{"0", "", 0, true},
		{"120", "", 2 * time.Minute, true},
		{" 0007\t", "", 7 * time.Second, true},
		{"99999999999999999999999", "", math.MaxInt64, true},
		{"Fri, 31 Dec 1999 23:59:59 GMT", "", 59 * time.Second, true},
		{"Friday, 31-Dec-99 23:59:59 GMT", "", 59 * time.Second, true},
		{"Fri Dec 31 23:59:59 1999", "", 59 * time.Second, true},
		{"Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:49 GMT", 10 * time.Second, true}, // its clock, not ours
		{"Fri, 31 Dec 1999 23:59:59 GMT", "nonsense", 59 * time.Second, true},
		{"Fri, 31 Dec 1998 23:59:59 GMT", "", 0, true},
		{"", "", 0, false}, {"-1", "", 0, false}, {"1.5", "", 0, false}, {"1s", "", 0, false}, {"+1", "", 0, false}, {"soon", "", 0, false},
		{"Fri, 31 Dec 1999 23:59:59 CET", "", 0, false},
	} {
		if got, ok := RetryAfter(c.value, c.date, now); got != c.want || ok != c.ok {
			t.Errorf("%q: %v, %v", c.value, got, ok)
		}
	}
	for status := range 1000 {
		if AsksForTime(status) != (status == 429 || status == 503) {
			t.Error(status)
		}
	}
}

func TestPoliciesOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []Policy{
		{First: -1}, {Max: -1}, {First: 2, Max: 1}, {Factor: 0.9}, {Factor: 101}, {Factor: math.NaN()}, {Factor: -1}, {MaxTries: -1},
	} {
		if p.Check() == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}

func TestFinalCloseCodes(t *testing.T) {
	t.Parallel()
	final := []uint16{1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 3003}
	own := Policy{FinalCloses: []uint16{4001, 1001}}
	for code := range uint16(5000) {
		if got := new(Policy).FinalClose(code); got != slices.Contains(final, code) {
			t.Errorf("%d: final %v", code, got)
		}
		if got := own.FinalClose(code); got != (slices.Contains(final, code) || code == 4001 || code == 1001) {
			t.Errorf("%d: final %v by the policy's own list", code, got)
		}
	}
}

func TestFinalStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{
		0: false, 200: true, 204: true, 301: true, 302: true, 400: true, 401: true, 403: true, 404: true, 407: true, 408: false, 410: true,
		421: false, 425: false, 426: true, 429: false, 500: false, 501: true, 502: false, 503: false, 504: false, 505: true, 511: true, 520: false, 599: false, 600: true,
	} {
		if got := FinalStatus(status); got != want {
			t.Errorf("%d: final %v", status, got)
		}
	}
}
