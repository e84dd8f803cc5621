// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
)

// watching gives a client a vigil whose timer is far away; the test looks by itself.
func watching(s slow) (v *vigil) {
	s.x.onLoop(func() {
		s.x.conn.rare.watched().end()
		watchSilence(s.x.conn, config.Silence{Ping: time.Hour, Pong: time.Hour, Write: time.Hour})
		v = s.x.conn.rare.watched()
	})
	return v
}

// A queue that was sent and another one that waits now are no silence of the kernel,
// although of either as little was sent.
func TestWriteTimeoutBeginsAnewWithEachQueue(t *testing.T) {
	t.Parallel()
	s := asClient(t, config.ConnOptions{MaxBuffered: 1 << 20})
	v := watching(s)
	begin := time.Now()
	for i := range 3 {
		n := s.fill(t, nil)
		at := begin.Add(time.Duration(i) * time.Minute)
		s.x.onLoop(func() {
			v.look(at)
			if !v.stuck.Equal(at) {
				t.Errorf("queue %d waits since %v, want %v", i, v.stuck.Sub(begin), at.Sub(begin))
			}
		})
		s.drained(t, n)
	}
	s.x.destroy()
}

// A peer that takes what waits for it lives, however long its pong is on the way; not
// so with Strict.
func TestOutputThatMovesIsASignOfLife(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		s := asClient(t, config.ConnOptions{MaxBuffered: 1 << 20})
		v := watching(s)
		v.Strict = strict
		n := s.fill(t, nil)
		now := time.Now()
		s.x.onLoop(func() {
			v.look(now)
			v.ask(now)
			v.look(now.Add(time.Minute))
			if v.asked.IsZero() {
				t.Error("nothing has moved, and the ping is forgotten")
			}
		})
		s.drained(t, n)
		s.x.onLoop(func() {
			v.look(now.Add(2 * time.Minute))
			if v.asked.IsZero() == strict {
				t.Errorf("strict %v, asked at %v", strict, v.asked)
			}
		})
		s.x.destroy()
	}
}

// The silence of a peer that is not read says nothing, whatever is why.
func TestVigilRestsInEveryPause(t *testing.T) {
	t.Parallel()
	for _, why := range []pauses{pausedByHost, pausedByQueue, pausedByMemory} {
		s := asClient(t, config.ConnOptions{})
		v := watching(s)
		s.x.conn.setPaused(why, true)
		s.x.onLoop(func() {
			if !v.paused {
				t.Errorf("paused by %d, and the peer is suspected", why)
			}
			s.x.conn.rare.watched().end()
			watchSilence(s.x.conn, config.Silence{Ping: time.Hour, Pong: time.Hour})
			if v = s.x.conn.rare.watched(); !v.paused {
				t.Errorf("paused by %d before it is watched, and the peer is suspected", why)
			}
		})
		s.x.conn.setPaused(why, false)
		s.x.onLoop(func() {
			if v.paused {
				t.Errorf("no longer paused by %d, and the peer is not watched", why)
			}
		})
		s.x.destroy()
	}
}

// Who was told to close has the time for its answer that ws_close gives: no ping asks it
// any more, and no message is to come from it.
func TestClosingClientIsNotJudgedByItsVigil(t *testing.T) {
	t.Parallel()
	s := asClient(t, config.ConnOptions{})
	v := watching(s)
	closed := newMailbox[event]()
	if err := s.x.closeWith(config.CloseOptions{Code: 1000, Timeout: time.Hour}, closed.put); err != nil {
		t.Fatal(err)
	}
	s.x.onLoop(func() {
		long := time.Now().Add(-2 * time.Hour)
		v.Idle = time.Hour
		v.received, v.moved, v.asked, v.stuck = long, long, long, long
		v.Expired(nil)
		if p := s.x.conn.phase; p != phaseOpen {
			t.Errorf("the connection is in phase %d", p)
		}
	})
	must(t, says(s.peer, 1000))
	must(t, s.peer.send(ws.OpClose, closeBody(1000)))
	s.peer.Close()
	if e := closed.take(t, "completion of the close"); e.id != 0 {
		t.Errorf("completion: %+v", e)
	}
	s.x.destroy()
}
