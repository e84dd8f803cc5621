// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// gather sends in the way of a callback that a queue's dispatcher runs.
func (s slow) gather(t *testing.T, g *gatherer, message string) {
	t.Helper()
	if !g.send(s.x, ws.OpBinary, []byte(message)) {
		must2(t, s.x.send(ws.OpBinary, []byte(message), nil))
	}
}

// silent checks that nothing has come.
func (s slow) silent(t *testing.T) {
	t.Helper()
	must(t, s.peer.SetReadDeadline(time.Now().Add(time.Millisecond)))
	if got, _, err := s.peer.message(); err == nil {
		t.Fatalf("%q has come", got)
	}
	must(t, s.peer.SetReadDeadline(time.Now().Add(deadline)))
}

func TestWhatIsGatheredLeavesTogether(t *testing.T) {
	everyRole(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		g := newGatherer(s.x.host)
		for i := range 3 {
			s.gather(t, g, fmt.Sprint(i))
		}
		s.silent(t)
		if n := s.x.block.Buffered(); n < 9 || s.x.host.gathered.Load() != 3 {
			t.Errorf("%d bytes of %d messages wait", n, s.x.host.gathered.Load())
		}
		g.leave()
		s.expect(t, "0", "1", "2")
		if out := s.x.block.Load() &^ (border.OutFast | border.OutSpoke | border.OutSecure); out != border.OutOpen|border.OutDirect {
			t.Errorf("out is %x", out)
		}
	})
}

// Whoever comes by sends what is gathered, and then its own.
func TestOthersSendWhatIsGatheredFirst(t *testing.T) {
	for name, come := range map[string]func(t *testing.T, s slow, g *gatherer){
		"a message":            func(t *testing.T, s slow, _ *gatherer) { must2(t, s.x.send(ws.OpBinary, []byte("behind"), nil)) },
		"another that gathers": func(t *testing.T, s slow, _ *gatherer) { s.gather(t, newGatherer(s.x.host), "behind") },
		"a large message": func(t *testing.T, s slow, _ *gatherer) {
			must2(t, s.x.send(ws.OpBinary, []byte("behind"+strings.Repeat(" ", 9000)), nil))
		},
		"a piece": func(t *testing.T, s slow, _ *gatherer) {
			must2(t, s.x.conn.SendPart(ws.OpBinary, []byte("behind"), true, border.Completion{}))
		},
		"a ping": func(t *testing.T, s slow, _ *gatherer) {
			must2(t, s.x.conn.Ping(nil))
			must2(t, s.x.send(ws.OpBinary, []byte("behind"), nil))
		},
		"a question for figures": func(t *testing.T, s slow, _ *gatherer) {
			s.x.conn.Stats()
			must2(t, s.x.send(ws.OpBinary, []byte("behind"), nil))
		},
		"a ping of the peer": func(t *testing.T, s slow, _ *gatherer) {
			must(t, s.peer.send(ws.OpPing, nil))
			eventually(t, func() error {
				if s.x.block.Load()&border.OutGathered != 0 {
					return errFull
				}
				return nil
			})
			must2(t, s.x.send(ws.OpBinary, []byte("behind"), nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			everyRole(t, config.ConnOptions{}, func(t *testing.T, s slow) {
				s.offered(t)
				g := newGatherer(s.x.host)
				s.gather(t, g, "one")
				s.gather(t, g, "two")
				come(t, s, g)
				s.expect(t, "one", "two")
				if got, _, err := s.peer.message(); err != nil || strings.TrimSpace(string(got)) != "behind" {
					t.Fatalf("%.40q, %v", got, err)
				}
				s.gather(t, g, "three") // of a new list, or the ordinary way
				g.leave()
				s.expect(t, "three")
			})
		})
	}
}

// A connection that ends while something is gathered sends it as far as it can, and leaves
// nothing to whoever gathered it.
func TestEndsOfConnectionsSendWhatIsGathered(t *testing.T) {
	everyRole(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		g := newGatherer(s.x.host)
		s.gather(t, g, "last words")
		s.x.destroy()
		s.expect(t, "last words")
		for s.r.take(t, "destroyed").kind != border.EventDestroyed {
		}
		g.leave()
	})
}

// Threads that gather, write themselves and go through Go meet on one connection, whose peer reads
// slowly: the messages of each come in its order, whole.
func TestGatheringThreadsAndOthersKeepTheOrder(t *testing.T) {
	everyRole(t, config.ConnOptions{MaxBuffered: 1 << 20}, func(t *testing.T, s slow) {
		s.offered(t)
		const each = 3000
		names := []string{"gathers", "gathers too", "writes", "completes"}
		s.gather(t, newGatherer(s.x.host), "before them:0:") // who comes takes it over
		if s.x.host.gathered.Load() != 1 {
			t.Error("nothing was gathered")
		}
		var sending sync.WaitGroup
		for k, name := range names {
			sending.Go(func() {
				r := rand.New(rand.NewPCG(uint64(k), 7))
				g := newGatherer(s.x.host)
				for i := range each {
					message := []byte(fmt.Sprintf("%s:%d:%s", name, i, strings.Repeat("x", r.IntN(1000))))
					var done func(event)
					if name == "completes" && i%100 == 0 {
						done = func(event) {}
					}
					for {
						if strings.HasPrefix(name, "gathers") && g.send(s.x, ws.OpBinary, message) {
							break
						}
						if err := s.x.send(ws.OpBinary, message, done); err == nil {
							break
						} else if err != errFull {
							t.Errorf("%s: %v", name, err)
							return
						}
						g.leave()
						time.Sleep(time.Millisecond)
					}
					if r.IntN(20) == 0 {
						g.leave()
					}
				}
				g.leave()
			})
		}
		next := map[string]int{}
		for range 1 + each*len(names) {
			got, _, err := s.peer.message()
			if err != nil {
				t.Fatal(err)
			}
			part := strings.SplitN(string(got), ":", 3)
			if len(part) != 3 || part[1] != fmt.Sprint(next[part[0]]) || strings.Trim(part[2], "x") != "" {
				t.Fatalf("%.60q instead of %d", got, next[part[0]])
			}
			next[part[0]]++
		}
		sending.Wait()
	})
}
