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
		wait, ok := b.Next()
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
		if wait, ok := b.Next(); !ok || wait <= 0 {
			t.Fatalf("try %d: %v, %v", b.Tries(), wait, ok)
		}
	}
	b.tries = math.MaxInt32
	if wait, ok := b.Next(); !ok || wait != math.MaxInt64 || b.Tries() != math.MaxInt32 {
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
	b.Next()
	b.Next()
	if _, ok := b.Next(); ok || b.Tries() != 2 {
		t.Errorf("a third try, number %d", b.Tries())
	}
	b.Reset()
	if wait, ok := b.Next(); !ok || wait != DefaultFirst || b.Tries() != 1 {
		t.Errorf("%v, %v, try %d", wait, ok, b.Tries())
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
