// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// deaf is a libc with names that nobody answers: it cannot be interrupted.
type deaf struct{ server }

func (l *deaf) ask(host string) ([]netip.Addr, error) {
	return l.server.ask(context.Background(), host)
}

func byLibc(l *deaf, z *server) *directory {
	return &directory{turns: newTurns(z.ask), libc: newLibc(l.ask, func(string) bool { return true }, true)}
}

func TestLibcIsAskedByFewThreadsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &deaf{server{after: map[string]time.Duration{"good.test": time.Millisecond}}}
		d := byLibc(l, &server{})
		if took := passed(t, d, "good.test"); took != time.Millisecond {
			t.Errorf("alone it took %v", took)
		}
		end := crowd(d, 10000)
		time.Sleep(time.Second)
		synctest.Wait()
		if l.most != maxLibc {
			t.Errorf("%d threads", l.most)
		}
		end()
		time.Sleep(20 * time.Second) // those that have begun
		synctest.Wait()
		if l.now != 0 || len(d.libc.calls) != 0 || d.libc.running != 0 || len(d.turns.queries) != 0 {
			t.Errorf("left: %d, %d, %d, %d", l.now, len(d.libc.calls), d.libc.running, len(d.turns.queries))
		}
	})
}

func TestGoAnswersForALibcThatIsBusyWithDeadNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &deaf{}
		z := &server{after: map[string]time.Duration{"good.test": time.Millisecond}}
		d := byLibc(l, z)
		end := crowd(d, 10000)
		for range 5 {
			time.Sleep(time.Second)
			if took := passed(t, d, "good.test"); took > libcAlone+2*firstTurn {
				t.Errorf("it took %v", took)
			}
		}
		end()
		time.Sleep(20 * time.Second)
	})
}

// What only libc knows, libc is waited for.
func TestLibcHasTheLastWordOnNamesThatGoDoesNotFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &deaf{server{after: map[string]time.Duration{"own.test": 2 * time.Second}}}
		d := byLibc(l, nil)
		d.turns = newTurns(func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such host") })
		if took := passed(t, d, "own.test"); took != 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAttemptsShareALookUpOfLibc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &deaf{server{after: map[string]time.Duration{"own.test": 100 * time.Millisecond}}}
		d := byLibc(l, &server{})
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { passed(t, d, "own.test") })
		}
		all.Wait()
		if l.asked["own.test"] != 1 {
			t.Errorf("asked %d times", l.asked["own.test"])
		}
	})
}
