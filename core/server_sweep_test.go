// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
)

// swept is an accepted connection whose sweep has these deadlines; the test looks by
// itself.
func swept(t *testing.T, o config.Silence) (s slow, w *sweep) {
	t.Helper()
	s = asServer(t, config.ConnOptions{})
	c := s.x.conn
	s.x.onLoop(func() {
		w = &c.server.sweeps[c.w.index]
		c.w.loop.Disarm(&w.timer)
		w.Silence = &o
	})
	return s, w
}

// A Close frame may leave on another thread between the look and the ping: behind it
// nothing is said.
func TestSweepSaysNothingBehindAClose(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		s, w := swept(t, config.Silence{Ping: time.Hour, Pong: time.Hour, Strict: strict})
		if err := s.x.close(1000, "", nil); err != nil {
			t.Fatal(err)
		}
		s.x.onLoop(func() { w.ask(s.x.conn, w.Silence) })
		must(t, says(s.peer, 1000))
		must(t, s.peer.send(ws.OpClose, closeBody(1000)))
		if f, err := s.peer.read(); err == nil {
			t.Errorf("strict %v: %v behind the Close frame", strict, f.Header)
		}
	}
}

// The pings of the heartbeat are in the figures of the server, whoever hears of them.
func TestSweepCountsItsPings(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		s, w := swept(t, config.Silence{Ping: time.Hour, Pong: time.Hour, Strict: strict})
		s.x.onLoop(func() { w.ask(s.x.conn, w.Silence) })
		if f, err := s.peer.read(); err != nil || f.Header.OpCode != ws.OpPing {
			t.Fatalf("%v, %v; want a ping", f.Header, err)
		}
		if n := s.x.conn.server.Stats().PingsOut; n != 1 {
			t.Errorf("strict %v: %d pings are counted", strict, n)
		}
	}
}

// The stamps of a connection turn over: whatever time a look comes at, nothing is due
// before its time, and all is when the walks go on as they should.
func TestSweepJudgesInTimeHoweverLongItRuns(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{time.Millisecond, 70 * time.Millisecond, 320 * time.Millisecond, time.Second,
		30*time.Second + 7*time.Millisecond, time.Hour, config.MaxSilence} {
		s := &sweep{Silence: &config.Silence{}}
		walk := max(d/walks, sweepTick)
		for begin := time.Duration(0); begin < 600*unit(d); begin += 7 * unit(d) / 3 {
			s.clock = begin
			stamp := s.stamp(d)
			for !s.over(stamp, d) && s.clock < begin+2*d+time.Second {
				s.clock += walk
			}
			if gone := s.clock - begin; gone < d || gone > d+d/8+100*time.Millisecond {
				t.Fatalf("%v, begun at %v: over after %v", d, begin, gone)
			}
		}
	}
}

func TestASignOfLifeIsNotedForWhoWatches(t *testing.T) {
	t.Parallel()
	var p pulse
	v := &vigil{asked: time.Now()}
	if p.beats(nil); p.signs != signBytes {
		t.Errorf("signs %b", p.signs)
	}
	if p.beats(v); !v.asked.IsZero() || v.received.IsZero() {
		t.Error("the vigil still waits for a sign of life")
	}
}
