// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
)

// The kernel does not tell of each segment of a large frame. Whoever looks whether the peer is silent
// finds what has come, and a message is whole as soon as its last byte is here.
func TestAPeerThatSendsALargeMessageSlowlyIsNotSilent(t *testing.T) {
	t.Parallel()
	hours := config.Silence{Ping: time.Hour, Pong: time.Hour}
	for name, begin := range map[string]func(t *testing.T) (s slow, looks func()){
		"server": func(t *testing.T) (slow, func()) {
			s, w := swept(t, hours)
			return s, func() { w.looks(s.x.conn) }
		},
		"client": func(t *testing.T) (slow, func()) {
			s := asClient(t, config.ConnOptions{})
			s.x.onLoop(func() { watchSilence(s.x.conn, hours) })
			return s, func() { s.x.conn.rare.watched().Expired(nil) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, looks := begin(t)
			c := s.x.conn
			frame := s.peer.frame(ws.NewBinaryFrame(distinct(2*awaitMost, 5)))
			has := func() int {
				if c.rx == nil {
					return 0
				}
				return len(c.rx.message)
			}
			at := 100_000
			must(t, write(s.peer, frame[:at]))
			before := 0
			eventually(t, func() (err error) {
				s.x.onLoop(func() {
					if before = has(); before < at-20 {
						err = fmt.Errorf("%d bytes have come", before)
					}
				})
				return err
			})
			must(t, write(s.peer, frame[at:at+100]))
			eventually(t, func() (err error) {
				s.x.onLoop(func() {
					if looks(); has() != before+100 {
						err = fmt.Errorf("%d bytes have come behind %d", has()-before, before)
					}
				})
				return err
			})
			must(t, write(s.peer, frame[at+100:]))
			if e := s.r.take(t, "message"); len(e.data) != 2*awaitMost {
				t.Errorf("%+v", e.kind)
			}
			must(t, s.peer.send(ws.OpBinary, []byte("small"))) // of which is told as ever
			if e := s.r.take(t, "message"); string(e.data) != "small" {
				t.Errorf("%q", e.data)
			}
		})
	}
}

func TestManyConnectionsLeaveTheKernelLessOfALargeFrame(t *testing.T) {
	t.Parallel()
	const budget = 1 << 30
	for _, one := range []struct {
		budget, connections int64
		tight               bool
		want                int64
	}{
		{budget, 0, false, awaitMost},
		{budget, 1, false, awaitMost},
		{budget, budget / awaitShare / awaitMost, false, awaitMost},
		{budget, 2 * budget / awaitShare / awaitMost, false, awaitMost / 2},
		{budget, budget / awaitShare / awaitLeast, false, awaitLeast},
		{budget, 1_000_000, false, awaitLeast},
		{budget, 1, true, awaitLeast},
		{1 << 20, 1, false, awaitLeast},
		{0, 1_000_000, false, awaitMost},
		{0, 1, true, awaitLeast},
	} {
		if got := awaitStep(one.budget, one.connections, one.tight); got != one.want {
			t.Errorf("%+v: %d", one, got)
		}
	}
}

func write(p *peer, b []byte) error {
	_, err := p.Write(b)
	return err
}
