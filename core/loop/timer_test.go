// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// clock is a loop that does not run: its wheel is turned by hand.
type clock struct {
	*Loop
	t *testing.T
}

func newClock(t *testing.T) clock {
	t.Helper()
	l, err := New(&testLoop{}, Default)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.poll.close)
	return clock{l, t}
}

// turn brings the wheel to a tick.
func (c clock) turn(to int64) {
	c.wheel.expire(c.wheel.start.Add(time.Duration(to) * tick))
	for c.wheel.isDue() {
		c.wheel.fire(time.Now().Add(time.Hour))
	}
}

// bell is an owner of timers that counts.
type bell struct {
	rung int
	then func(t *Timer)
}

func (b *bell) Expired(t *Timer) {
	b.rung++
	if b.then != nil {
		b.then(t)
	}
}

func TestTimerFiresOnceAndNeitherEarlyNorATickLate(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	for _, d := range []time.Duration{0, 1, time.Millisecond, tick - 1, tick, tick + 1, time.Second, 25 * time.Second} {
		var timer Timer
		var b bell
		before := time.Now()
		c.After(&timer, d, &b)
		after := time.Now()
		fires := c.wheel.start.Add(time.Duration(timer.at) * tick)
		if early := before.Add(d).Sub(fires); early > 0 {
			t.Errorf("a timer of %v would fire %v early", d, early)
		}
		if late := fires.Sub(after.Add(d)); late > tick {
			t.Errorf("a timer of %v would fire %v late", d, late)
		}
		at := timer.at
		c.turn(at - 1)
		if b.rung != 0 || !timer.Armed() {
			t.Errorf("a timer of %v fired a tick early", d)
		}
		c.turn(at)
		if b.rung != 1 || timer.Armed() {
			t.Errorf("a timer of %v fired %d times", d, b.rung)
		}
		c.turn(at + 2*wheelSize)
		if b.rung != 1 {
			t.Errorf("a timer of %v fired again", d)
		}
		c.wheel.init(time.Now())
	}
	if c.wheel.armed != 0 {
		t.Errorf("%d timers are armed", c.wheel.armed)
	}
}

func TestTimerMayBeMovedAndDisarmed(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	var timer, other Timer
	var b, o bell
	c.After(&timer, time.Second, &b)
	first := timer.at
	c.After(&timer, 3*time.Second, &b) // later
	c.After(&other, time.Second, &o)
	c.turn(first + 1)
	if b.rung != 0 || o.rung != 1 {
		t.Errorf("after the first deadline: %d, the other timer %d", b.rung, o.rung)
	}
	c.After(&timer, 2*time.Second, &b) // earlier
	at := timer.at
	c.turn(at)
	if b.rung != 1 {
		t.Errorf("the timer that was moved twice fired %d times", b.rung)
	}
	c.After(&timer, time.Second, &b)
	c.Disarm(&timer)
	c.Disarm(&timer) // harmless
	c.turn(at + wheelSize)
	if b.rung != 1 || timer.Armed() || c.wheel.armed != 0 {
		t.Errorf("a disarmed timer fired, or %d timers are armed", c.wheel.armed)
	}
}

// Of timers that are due together, the first may disarm or move the others.
func TestTimersMayBeChangedWhileTheyFire(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	var timers [4]Timer
	var bells [4]bell
	for i := range timers {
		c.After(&timers[i], time.Second, &bells[i])
	}
	due := timers[3].at
	bells[0].then = func(timer *Timer) {
		if timer != &timers[0] || timer.Armed() {
			t.Error("the timer is not disarmed in Expired")
		}
		c.Disarm(&timers[1])
		c.After(&timers[2], 10*time.Second, &bells[2])
		c.After(timer, 10*time.Second, &bells[0]) // set again
	}
	c.turn(due)
	for i, want := range []int{1, 0, 0, 1} {
		if bells[i].rung != want {
			t.Errorf("timer %d fired %d times, want %d", i, bells[i].rung, want)
		}
	}
	bells[0].then = nil
	c.turn(max(timers[0].at, timers[2].at))
	for i, want := range []int{2, 0, 1, 1} {
		if bells[i].rung != want {
			t.Errorf("later: timer %d fired %d times, want %d", i, bells[i].rung, want)
		}
	}
}

func TestTimerBeyondATurnOfTheWheelWaits(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	var timer Timer
	var b bell
	c.After(&timer, 10*wheelSize*tick+tick/2, &b)
	at := timer.at
	for now := int64(1); now < at; now += 7 {
		c.turn(now)
		if b.rung != 0 {
			t.Fatalf("fired at tick %d of %d", now, at)
		}
		if wait := c.wheel.wait(c.wheel.start.Add(time.Duration(now) * tick)); wait <= 0 {
			t.Fatalf("at tick %d of %d the loop would wait %v", now, at, wait)
		}
	}
	c.turn(at)
	if b.rung != 1 {
		t.Errorf("fired %d times", b.rung)
	}
}

// Thousands of timers, and a loop that now and then sleeps longer than a turn:
// each fires once, at the first look at the wheel after its tick.
func TestThousandsOfTimersFireInTime(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	random := rand.New(rand.NewPCG(1, 2))
	const count = 20_000
	timers, bells := make([]Timer, count), make([]bell, count)
	at := make([]int64, count)
	left := count
	for i := range timers {
		bells[i].then = func(*Timer) { left-- }
		c.After(&timers[i], time.Duration(random.Int64N(int64(4*wheelSize*tick))), &bells[i])
		at[i] = timers[i].at
	}
	for now := int64(0); left > 0; {
		armed := c.wheel.armed
		wait := c.wheel.wait(c.wheel.start.Add(time.Duration(now) * tick))
		if armed != left || wait < 0 {
			t.Fatalf("%d timers are left, %d are armed, the loop would wait %v", left, armed, wait)
		}
		step := int64(wait/tick) + 1
		if random.IntN(20) == 0 {
			step = random.Int64N(3 * wheelSize)
		}
		now += step
		c.turn(now)
		for i := range timers {
			if due := at[i] <= now; due != (bells[i].rung == 1) {
				t.Fatalf("at tick %d the timer of tick %d has fired %d times", now, at[i], bells[i].rung)
			}
		}
	}
	if c.wheel.soonest != math.MaxInt64 {
		t.Errorf("without timers the loop would wake up at tick %d", c.wheel.soonest)
	}
}

// One that is armed from a task behind the ring of an alarm that nobody needed any more
// fires all the same.
func TestTimersFireAlsoAfterAnAlarmForNobody(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]Kind{"default": Default, "goroutine": Goroutine} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := New(&testLoop{}, kind)
			if err != nil {
				t.Fatal(err)
			}
			go l.Run()
			t.Cleanup(func() { l.Stop(); <-l.done })
			for range 10 {
				fired := make(chan struct{})
				var gone, timer Timer
				l.Post(func() { l.After(&gone, time.Millisecond, &bell{}) })
				l.Post(func() { l.Disarm(&gone) })
				time.Sleep(2 * tick / 3) // around the time of the alarm, which is what this is about
				l.Post(func() { l.After(&timer, time.Millisecond, &bell{then: func(*Timer) { close(fired) }}) })
				select {
				case <-fired:
				case <-time.After(deadline):
					t.Fatal("the timer did not fire")
				}
			}
		})
	}
}
