// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// subscribeToMany lets c subscribe to n topics of its own.
func subscribeToMany(t *testing.T, c *Conn, n uint32) {
	t.Helper()
	for i := range n {
		if err := c.Subscribe(binary.BigEndian.AppendUint32([]byte{byte(c.block.Slot)}, i)); err != nil {
			t.Fatal(err)
		}
	}
}

// While somebody publishes for long, the end of a connection with subscriptions holds up
// nobody on its loop; its slot is given back when they have ended, too.
func TestLoopGoesOnWhileSubscriptionsWaitForTheirEnd(t *testing.T) {
	for _, n := range []uint32{1, 5 * leaveStep} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			g := gather(t, 2, config.Library{}, config.ConnOptions{MaxSubscriptions: 1 << 20}, false, nil)
			s := g.server.server
			gone, stays := g.xs[0], g.xs[1]
			subscribeToMany(t, gone.conn, n)
			subscribeToMany(t, stays.conn, 1)
			s.topics.Mu.Lock() // as Publish does
			g.peers[0].Close()
			g.r.next(t, border.EventError) // it has sent no Close frame
			if x := g.r.next(t, border.EventClose).x; x != gone {
				t.Errorf("%v has closed", x)
			}
			g.r.next(t, border.EventDestroyed)
			for range 3 { // rounds of the loop
				if err := g.peers[1].send(ws.OpText, []byte("still there")); err != nil {
					t.Fatal(err)
				}
				if e := g.r.next(t, border.EventMessage); e.x != stays {
					t.Errorf("a message of %v", e.x)
				}
			}
			if gone.released.Load() {
				t.Error("the slot was given back before its subscriptions had ended")
			}
			s.topics.Mu.Unlock()
			eventually(t, func() error {
				if named, members := s.topics.Sizes(); named != 1 || members != 1 {
					return fmt.Errorf("%d topics and %d subscriptions are left", named, members)
				}
				if !gone.released.Load() {
					return fmt.Errorf("the slot was not given back")
				}
				return nil
			})
			g.publish(t, string(binary.BigEndian.AppendUint32([]byte{byte(gone.block.Slot)}, 0)), "to nobody", nil, 0)
			g.publish(t, string(binary.BigEndian.AppendUint32([]byte{byte(stays.block.Slot)}, 0)), "to one", nil, 1)
			g.peers[1].expect(t, "to one")
		})
	}
}

// What is published while connections with many subscriptions end goes to those that stay.
func TestManySubscriptionsEndWhileOthersPublish(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		const topics, messages = 2000, 300
		o.MaxSubscriptions = topics + 1
		g := gather(t, 5, config.Library{Loops: 2}, o, secure, nil)
		s := g.server.server
		for _, x := range g.xs {
			subscribeToMany(t, x.conn, topics)
			if err := x.conn.Subscribe([]byte("all")); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range g.peers[1:] {
			p.Close()
		}
		for i := range messages {
			if _, err := s.Publish([]byte("all"), []byte{byte(i), byte(i >> 8)}, ws.OpBinary, nil); err != nil {
				t.Fatal(err)
			}
		}
		for i := range messages {
			g.peers[0].expect(t, string([]byte{byte(i), byte(i >> 8)}))
		}
		eventually(t, func() error {
			if named, members := s.topics.Sizes(); named != topics+1 || members != topics+1 {
				return fmt.Errorf("%d topics and %d subscriptions are left", named, members)
			}
			return nil
		})
		s.topics.Mu.Lock()
		defer s.topics.Mu.Unlock()
		if all := s.topics.Members([]byte("all")); len(all) != 1 || all[0] != g.xs[0].conn {
			t.Errorf("%d are left in the topic of all", len(all))
		}
	})
}
