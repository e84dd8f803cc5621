// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// arrived is what Await has given, or nothing yet.
func arrived(t *testing.T, d *directory, ctx context.Context, raw string) chan *Awaited {
	t.Helper()
	told := make(chan *Awaited, 2)
	d.await(ctx, parse(t, raw), &ProxyOptions{}, &Way{}, func(a *Awaited) { told <- a })
	return told
}

func TestAwaitTellsWhenTheNameIsKnownOrTheTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &server{after: map[string]time.Duration{"good.test": 100 * time.Millisecond}}
		d := &directory{turns: newTurns(z.ask)}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		good := arrived(t, d, ctx, "ws://GOOD.test/")
		again := arrived(t, d, ctx, "ws://good.test/")
		dead := arrived(t, d, ctx, "ws://dead.test/")
		for _, told := range []chan *Awaited{good, again} {
			a := <-told
			if took := time.Since(begun); took != 100*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if found, err := d.lookUp(ctx, "good.test", a); err != nil || len(found) != 1 || z.asked["good.test"] != 1 {
				t.Errorf("%v, %v, asked %d times", found, err, z.asked["good.test"])
			}
			d.leave(a)
		}
		a := <-dead
		if took := time.Since(begun); took != time.Second {
			t.Errorf("it took %v", took)
		}
		if _, err := d.lookUp(ctx, "dead.test", a); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		d.leave(a)
		synctest.Wait()
		if len(good)+len(again)+len(dead) != 0 || len(d.turns.queries) != 0 || d.turns.running.Len() != 0 {
			t.Errorf("left: %d, %d, %d", len(good)+len(again)+len(dead), len(d.turns.queries), d.turns.running.Len())
		}
	})
}

func TestAwaitHasNothingToWaitForWithoutAName(t *testing.T) {
	t.Parallel()
	d := &directory{turns: newTurns(nil)}
	for _, raw := range []string{"ws://127.0.0.1/", "ws://[::1]/", "ws+unix:/run/x.sock"} {
		select {
		case a := <-arrived(t, d, t.Context(), raw):
			if a != nil {
				t.Errorf("%s: %v", raw, a)
			}
		default:
			t.Errorf("%s: it waits", raw)
		}
	}
}

func TestConnectTakesWhatAwaitHasFound(t *testing.T) {
	t.Parallel()
	resolver := names(t, map[string][]string{"four.test": {"127.0.0.1"}})
	d := &directory{turns: newTurns(func(ctx context.Context, host string) ([]netip.Addr, error) {
		return resolver.LookupNetIP(ctx, "ip", host)
	})}
	l, _ := listen(t, "127.0.0.1:0")
	target := parse(t, "ws://four.test:"+portOf(l))
	told := make(chan *Awaited, 1)
	d.await(within(t), target, &ProxyOptions{}, &Way{}, func(a *Awaited) { told <- a })
	conn, err := connectBy(within(t), target, Options{Begun: <-told}, d)
	if err != nil {
		t.Fatal(err)
	}
	if conn.RemoteAddr().(*net.TCPAddr).Port != l.Addr().(*net.TCPAddr).Port {
		t.Errorf("connected to %v", conn.RemoteAddr())
	}
	conn.Close()
}
