// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// A post runs on the loop of its connection, not before its time, or is cancelled; which of both
// is what CancelPost says, whatever the threads. testHost notices one that runs twice or never.
func TestPostsRunOnceOrAreCancelled(t *testing.T) {
	t.Parallel()
	g := gather(t, 2, config.Library{Loops: 2}, config.ConnOptions{}, false, nil)
	client := g.h.client(config.ConnOptions{}, nil)
	var threads, all sync.WaitGroup
	var ran, cancelled atomic.Int64
	for i := range 4 {
		c := []*Conn{g.xs[0].conn, g.xs[1].conn, client.conn}[i%3]
		threads.Go(func() {
			r := rand.New(rand.NewPCG(6, uint64(i)))
			for range 300 {
				delay := time.Duration(r.IntN(3)) * 20 * time.Millisecond
				due := time.Now().Add(delay)
				var mine atomic.Bool // it ran
				all.Add(1)
				done := g.h.completion(func(e event) {
					defer all.Done()
					if e.id != 0 || e.operation != border.OpPost || time.Now().Before(due) {
						t.Errorf("%+v, %v before its time", e, time.Until(due))
					}
					mine.Store(true)
					ran.Add(1)
				})
				id, err := c.Post(delay, done)
				must2(t, err)
				if r.IntN(2) == 0 {
					continue
				}
				if c.CancelPost(id) == nil {
					g.h.refused(done, errPostGone) // it has to stay away from here on
					if mine.Load() {
						t.Error("one that was cancelled has run")
					}
					cancelled.Add(1)
					all.Done()
				}
				if err := c.CancelPost(id); err == nil || err.ID != fault.IDState {
					t.Errorf("cancelled once more: %v", err)
				}
			}
		})
	}
	threads.Wait()
	all.Wait()
	if ran.Load()+cancelled.Load() != 4*300 || cancelled.Load() == 0 {
		t.Errorf("%d ran, %d were cancelled", ran.Load(), cancelled.Load())
	}
	for _, x := range []*handle{g.xs[0], g.xs[1], client} {
		x.conn.mu.Lock()
		if n := len(x.conn.rare.need().posts); n != 0 {
			t.Errorf("%d posts are left", n)
		}
		x.conn.mu.Unlock()
	}
}

// Posts that still wait when their connection ends are told so, before its last event; then there
// are no others.
func TestPostsOfAnEndedConnectionAreCancelled(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	r := newRecorder()
	client := g.h.client(config.ConnOptions{}, r.listen)
	for _, c := range []*Conn{g.xs[0].conn, client.conn} {
		came := newMailbox[event]()
		for range 3 {
			_, err := c.Post(time.Hour, g.h.completion(came.put))
			must2(t, err)
		}
		if c == client.conn {
			client.destroy()
		} else {
			g.peers[0].Close()
		}
		for range 3 {
			if e := came.take(t, "completion of a post"); e.id != fault.IDCancelled || e.operation != border.OpPost {
				t.Errorf("%+v", e)
			}
		}
		eventually(t, func() error {
			done := g.h.completion(func(event) {})
			if _, err := c.Post(0, done); err != nil {
				g.h.refused(done, err)
				return nil
			}
			return fmt.Errorf("one more was accepted")
		})
	}
}
