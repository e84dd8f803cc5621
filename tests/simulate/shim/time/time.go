// SPDX-License-Identifier: Apache-2.0

// Package time is what core uses of time, by the clock of a simulated world.
package time

import (
	"time"

	"libws/tests/simulate/world"
)

type (
	Duration = time.Duration
	Time     = time.Time
	Month    = time.Month
)

const (
	Nanosecond  = time.Nanosecond
	Microsecond = time.Microsecond
	Millisecond = time.Millisecond
	Second      = time.Second
	Minute      = time.Minute
	Hour        = time.Hour
	RFC3339     = time.RFC3339
	ANSIC       = time.ANSIC
	RFC850      = time.RFC850
	RFC1123     = time.RFC1123
)

var UTC = time.UTC

// begin is when each world begins.
var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func Now() Time                       { return begin.Add(world.Now()) }
func Since(t Time) Duration           { return Now().Sub(t) }
func Until(t Time) Duration           { return t.Sub(Now()) }
func Sleep(d Duration)                { world.Sleep(d) }
func Unix(sec, nsec int64) Time       { return time.Unix(sec, nsec) }
func UnixMilli(ms int64) Time         { return time.UnixMilli(ms) }
func Parse(l, s string) (Time, error) { return time.Parse(l, s) }

// At is a time of the world as one of the clock.
func At(t Time) Duration { return t.Sub(begin) }

// Timer is time.Timer.
type Timer struct {
	C      <-chan Time
	cancel func() bool
	again  func(Duration) func() bool
	forget func() // what was sent and not received; nil: nothing is
}

// AfterFunc calls f in a task of its own.
func AfterFunc(d Duration, f func()) *Timer {
	t := &Timer{again: func(d Duration) func() bool { return world.After(d, "timer", f) }}
	t.cancel = t.again(d)
	return t
}

// NewTimer sends the time.
func NewTimer(d Duration) *Timer {
	c := make(chan Time, 1)
	t := &Timer{C: c, forget: func() {
		select {
		case <-c:
		default:
		}
	}, again: func(d Duration) func() bool {
		return world.Current().At(world.Now()+d, func() {
			select {
			case c <- Now():
			default:
			}
		})
	}}
	t.cancel = t.again(d)
	return t
}

// Stop and Reset are those of time.Timer.
func (t *Timer) Stop() bool {
	was := t.cancel()
	if t.forget != nil {
		t.forget()
	}
	return was
}

func (t *Timer) Reset(d Duration) bool {
	was := t.Stop()
	t.cancel = t.again(d)
	return was
}
