// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// plan is what an address does when it is dialed.
type plan struct {
	after time.Duration
	err   error
	deaf  bool // does not hear a cancel
}

// field is a network of which the test knows what each address does. Time is that
// of synctest.
type field struct {
	plans  map[string]plan
	mu     sync.Mutex
	begin  time.Time
	dialed []string        // "address at offset"
	conns  map[string]*own // by address
}

// own is a connection that tells whether it was closed.
type own struct {
	net.Conn
	closed bool
}

func (c *own) Close() error {
	c.closed = true
	return nil
}

func (f *field) dial(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	host := address.Addr().String()
	p := f.plans[host]
	f.mu.Lock()
	f.dialed = append(f.dialed, fmt.Sprintf("%s at %v", host, time.Since(f.begin)))
	f.mu.Unlock()
	done := ctx.Done()
	if p.deaf {
		done = nil
	}
	select {
	case <-time.After(p.after):
	case <-done:
		return nil, ctx.Err()
	}
	if p.err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: p.err}
	}
	c := &own{}
	f.mu.Lock()
	f.conns[host] = c
	f.mu.Unlock()
	return c, nil
}

func runRace(ctx context.Context, plans map[string]plan, addresses ...string) (*field, net.Conn, error) {
	f := &field{plans: plans, begin: time.Now(), conns: map[string]*own{}}
	var list []netip.AddrPort
	for _, a := range addresses {
		list = append(list, netip.AddrPortFrom(netip.MustParseAddr(a), 80))
	}
	conn, err := race(ctx, list, f.dial)
	return f, conn, err
}

const never = 24 * time.Hour

func TestNextAddressJoinsAfterTheStaggerOrAFailure(t *testing.T) {
	t.Parallel()
	refused := syscall.ECONNREFUSED
	for _, c := range []struct {
		what   string
		plans  map[string]plan
		dialed []string
		winner string
		took   time.Duration
	}{
		{"the first answers", map[string]plan{"::1": {after: 249 * time.Millisecond}, "10.0.0.1": {}},
			[]string{"::1 at 0s"}, "::1", 249 * time.Millisecond},
		{"the first is silent", map[string]plan{"::1": {after: never}, "10.0.0.1": {after: 10 * time.Millisecond}},
			[]string{"::1 at 0s", "10.0.0.1 at 250ms"}, "10.0.0.1", 260 * time.Millisecond},
		{"the first is slow, but wins", map[string]plan{"::1": {after: 300 * time.Millisecond}, "10.0.0.1": {after: time.Second}},
			[]string{"::1 at 0s", "10.0.0.1 at 250ms"}, "::1", 300 * time.Millisecond},
		{"the first refuses", map[string]plan{"::1": {after: 5 * time.Millisecond, err: refused}, "10.0.0.1": {after: time.Millisecond}},
			[]string{"::1 at 0s", "10.0.0.1 at 5ms"}, "10.0.0.1", 6 * time.Millisecond},
		{"a failure does not shorten the time of the next", map[string]plan{"::1": {after: 200 * time.Millisecond, err: refused}, "10.0.0.1": {after: never}, "10.0.0.2": {}},
			[]string{"::1 at 0s", "10.0.0.1 at 200ms", "10.0.0.2 at 450ms"}, "10.0.0.2", 450 * time.Millisecond},
		{"two are silent", map[string]plan{"::1": {after: never}, "10.0.0.1": {after: never}, "10.0.0.2": {}},
			[]string{"::1 at 0s", "10.0.0.1 at 250ms", "10.0.0.2 at 500ms"}, "10.0.0.2", 500 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			f, conn, err := runRace(t.Context(), c.plans, "::1", "10.0.0.1", "10.0.0.2")
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if !slices.Equal(f.dialed, c.dialed) || conn != f.conns[c.winner] || time.Since(begin) != c.took {
				t.Errorf("%s: %v after %v", c.what, f.dialed, time.Since(begin))
			}
			if conn.(*own).closed {
				t.Errorf("%s: the winner is closed", c.what)
			}
		})
	}
}

func TestLosersOfTheRaceAreClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Both answer at once; and one that hears no cancel answers later.
		f, conn, err := runRace(t.Context(), map[string]plan{
			"::1": {after: 700 * time.Millisecond}, "::2": {after: 450 * time.Millisecond}, "::3": {after: time.Second, deaf: true},
		}, "::1", "::2", "::3")
		if err != nil {
			t.Fatal(err)
		}
		for address, c := range f.conns {
			if c.closed == (c == conn) {
				t.Errorf("%s: closed %v, won %v", address, c.closed, c == conn)
			}
		}
		if len(f.conns) < 2 || f.conns["::3"] == nil {
			t.Errorf("only %d have answered: the test does not test", len(f.conns))
		}
	})
}

func TestFailureOfAllAddressesNamesEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, _, err := runRace(t.Context(), map[string]plan{
			"::1":      {after: 300 * time.Millisecond, err: syscall.ENETUNREACH}, // the first, but the last to fail
			"10.0.0.1": {err: syscall.ECONNREFUSED},
		}, "::1", "10.0.0.1")
		var errno syscall.Errno
		if !errors.As(err, &errno) || errno != syscall.ENETUNREACH || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("errno %d: %v", errno, err)
		}
		if want := "[::1]:80: network is unreachable; 10.0.0.1:80: connection refused"; err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	})
}

func TestFailureOfManyAddressesIsAShortText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var addresses []string
		plans := map[string]plan{}
		for i := range 100 {
			a := fmt.Sprintf("10.0.0.%d", i)
			addresses = append(addresses, a)
			plans[a] = plan{err: syscall.ECONNREFUSED}
		}
		f, _, err := runRace(t.Context(), plans, addresses...)
		if len(f.dialed) != 100 || len(err.Error()) > 300 || !strings.HasSuffix(err.Error(), "and 96 more addresses") {
			t.Errorf("%d were dialed: %v", len(f.dialed), err)
		}
	})
}

func TestCancelEndsTheRaceAtAnyMoment(t *testing.T) {
	t.Parallel()
	plans := map[string]plan{
		"::1": {after: never}, "::2": {after: 100 * time.Millisecond, err: syscall.ECONNREFUSED}, "::3": {after: never}, "::4": {after: 300 * time.Millisecond},
	}
	for at := time.Duration(0); at <= time.Second; at += 50 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(at, cancel)
			begin := time.Now()
			f, conn, err := runRace(ctx, plans, "::1", "::2", "::3", "::4")
			switch took := time.Since(begin); {
			case took > at && took != 650*time.Millisecond:
				t.Errorf("cancelled at %v, it took %v", at, took)
			case err == nil && conn.(*own).closed:
				t.Errorf("cancelled at %v: a closed connection", at)
			case err != nil && !errors.Is(err, context.Canceled):
				t.Errorf("cancelled at %v: %v", at, err)
			case err != nil && len(f.conns) > 0:
				for _, c := range f.conns {
					if !c.closed {
						t.Errorf("cancelled at %v: a connection is left over", at)
					}
				}
			}
			// synctest fails when a goroutine is left over.
		})
	}
}

func TestPanicInAnAttemptFailsThatAttemptAlone(t *testing.T) {
	t.Parallel()
	list := []netip.AddrPort{netip.MustParseAddrPort("[::1]:1"), netip.MustParseAddrPort("[::2]:1")}
	won := &own{}
	conn, err := race(t.Context(), list, func(_ context.Context, a netip.AddrPort) (net.Conn, error) {
		if a == list[0] {
			panic("boo")
		}
		return won, nil
	})
	if conn != net.Conn(won) || err != nil {
		t.Errorf("%v, %v", conn, err)
	}
}

func TestFamiliesTakeTurns(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                      "",
		"::1":                                   "::1",
		"10.0.0.1 10.0.0.2":                     "10.0.0.1 10.0.0.2",
		"::1 ::2 ::3 10.0.0.1":                  "::1 10.0.0.1 ::2 ::3",
		"10.0.0.1 10.0.0.2 ::1 ::2 ::3":         "10.0.0.1 ::1 10.0.0.2 ::2 ::3",
		"::1 10.0.0.1 10.0.0.2 10.0.0.3 ::2 ::": "::1 10.0.0.1 ::2 10.0.0.2 :: 10.0.0.3",
	} {
		var list []netip.Addr
		for _, s := range strings.Fields(in) {
			list = append(list, netip.MustParseAddr(s))
		}
		var got []string
		for _, a := range interleave(list) {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}
