// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// server is a name server of which the test knows what it answers, and when. Time is that of
// synctest.
type server struct {
	after map[string]time.Duration // of the names that it answers, since it was asked first; it is silent about others
	mu    sync.Mutex
	first map[string]time.Time
	asked map[string]int
	now   int
	most  int
}

var home = netip.MustParseAddr("192.0.2.7")

func (z *server) ask(ctx context.Context, host string) ([]netip.Addr, error) {
	z.mu.Lock()
	if z.asked == nil {
		z.asked, z.first = map[string]int{}, map[string]time.Time{}
	}
	if z.asked[host] == 0 {
		z.first[host] = time.Now()
	}
	first := z.first[host]
	z.asked[host]++
	z.now++
	z.most = max(z.most, z.now)
	z.mu.Unlock()
	defer func() {
		z.mu.Lock()
		defer z.mu.Unlock()
		z.now--
	}()
	var answer <-chan time.Time
	if d, known := z.after[host]; known {
		answer = time.After(max(d-time.Since(first), min(d, time.Millisecond)))
	}
	select {
	case <-answer:
		return []netip.Addr{home}, nil
	case <-time.After(20 * time.Second):
		return nil, errors.New("no name server answers")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// crowd looks up names that nobody answers, until the result is called.
func crowd(d *directory, many int) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { d.lookUp(ctx, fmt.Sprintf("dead%d.test", i), nil) })
	}
	synctest.Wait()
	return func() {
		cancel()
		all.Wait()
		synctest.Wait()
	}
}

// passed looks a name up, and tells how long it took.
func passed(t *testing.T, d *directory, host string) time.Duration {
	t.Helper()
	begun := time.Now()
	found, err := d.lookUp(t.Context(), host, nil)
	if err != nil || len(found) != 1 || found[0] != home {
		t.Errorf("%s: %v, %v", host, found, err)
	}
	return time.Since(begun)
}

func TestNamesThatNobodyAnswersHoldUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{after: map[string]time.Duration{}}
		for at := range 20 {
			z.after[fmt.Sprintf("good%d.test", at)] = time.Millisecond
			z.after[fmt.Sprintf("slow%d.test", at)] = 700 * time.Millisecond
		}
		d := &directory{turns: newTurns(z.ask)}
		end := crowd(d, 10000)
		for at := range 20 { // whatever they have had so far
			if took := passed(t, d, fmt.Sprintf("good%d.test", at)); took > 2*firstTurn {
				t.Errorf("after %d s: %v", at, took)
			}
			if took := passed(t, d, fmt.Sprintf("slow%d.test", at)); took > 1500*time.Millisecond {
				t.Errorf("after %d s a slow one took %v", at, took)
			}
			time.Sleep(time.Second)
		}
		end()
		if z.most > 2*maxTurns { // those that were set aside may still be ending
			t.Errorf("%d look-ups at once", z.most)
		}
		if len(d.turns.queries) != 0 || d.turns.running.Len() != 0 || z.now != 0 {
			t.Errorf("left: %d, %d, %d", len(d.turns.queries), d.turns.running.Len(), z.now)
		}
	})
}

func TestNamesBehindOthersThatCameAtOnceAreAllFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{after: map[string]time.Duration{}}
		for i := range 2000 {
			z.after[fmt.Sprintf("good%d.test", i)] = 5 * time.Millisecond
		}
		d := &directory{turns: newTurns(z.ask)}
		end := crowd(d, 2000)
		var all sync.WaitGroup
		begun := time.Now()
		for i := range 2000 {
			all.Go(func() { passed(t, d, fmt.Sprintf("good%d.test", i)) })
		}
		all.Wait()
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		end()
	})
}

func TestALookUpAloneHasAllTheTimeItWants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{after: map[string]time.Duration{"slow.test": 9 * time.Second}}
		d := &directory{turns: newTurns(z.ask)}
		end := crowd(d, maxTurns-1)
		if took := passed(t, d, "slow.test"); took != 9*time.Second || z.asked["slow.test"] != 1 {
			t.Errorf("%v, asked %d times", took, z.asked["slow.test"])
		}
		end()
	})
}

// Turns become longer, so that the name server is not asked ever more.
func TestNamesThatNobodyAnswersAreSeldomAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{}
		d := &directory{turns: newTurns(z.ask)}
		end := crowd(d, 2*maxTurns)
		time.Sleep(15 * time.Second)
		end()
		for host, times := range z.asked {
			if times > 20 {
				t.Errorf("%s was asked for %d times in 15 s", host, times)
			}
		}
	})
}

func TestAttemptsShareALookUpAndLeaveItAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{after: map[string]time.Duration{"good.test": time.Second}}
		d := &directory{turns: newTurns(z.ask)}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { passed(t, d, "GOOD.test") })
		}
		all.Go(func() {
			if _, err := d.lookUp(ctx, "good.test", nil); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
		all.Wait()
		if z.asked["good.test"] != 1 {
			t.Errorf("asked %d times", z.asked["good.test"])
		}
	})
}

func TestALookUpThatPanicsFailsAlone(t *testing.T) {
	d := &directory{turns: newTurns(func(context.Context, string) ([]netip.Addr, error) { panic("no") })}
	for range 2 {
		if _, err := d.lookUp(t.Context(), "a.test", nil); err == nil {
			t.Error("no error")
		}
	}
}
