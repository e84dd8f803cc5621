// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"libws/core/border"
	"libws/core/config"
	"libws/core/topics"
)

// believer is a host that follows topics by their events.
type believer struct {
	t    *testing.T
	mu   sync.Mutex
	some map[topics.Event]bool // that have begun; guarded by mu
	all  int                   // events; guarded by mu
}

func (b *believer) hear(e event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	is := topics.Event{Name: string(e.data), Pattern: e.pattern}
	if begins := e.kind == border.EventTopicBegin; b.some[is] == begins {
		b.t.Errorf("%q, pattern %v: event %d comes twice", is.Name, is.Pattern, e.kind)
	} else if begins {
		b.some[is] = true
	} else {
		delete(b.some, is)
	}
	b.all++
}

// heard is how many events have come. The end of a test brings more of them.
func (b *believer) heard() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all
}

// believes waits until the host believes in these topics, a pattern with a blank before its name.
func (b *believer) believes(want ...string) {
	b.t.Helper()
	slices.Sort(want)
	eventually(b.t, func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		var is []string
		for e := range b.some {
			if e.Pattern {
				e.Name = " " + e.Name
			}
			is = append(is, e.Name)
		}
		if slices.Sort(is); !slices.Equal(is, want) {
			return fmt.Errorf("the host believes in %q instead of %q", is, want)
		}
		return nil
	})
}

// following is a server whose host follows topics, if it listens, and n connections.
func following(t *testing.T, n int, hears bool) (*audience, *believer) {
	b := &believer{t: t, some: map[topics.Event]bool{}}
	g := &audience{h: start(t, config.Library{Loops: 2}), r: newRecorder()}
	var port int
	g.server, port = g.h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventTopicBegin || e.kind == border.EventTopicEnd {
			if x != g.server {
				t.Errorf("%v has an event of topics", x)
			}
			b.hear(e)
			return
		}
		g.r.put(received{x, e})
	})
	if hears {
		g.server.block.WantTopics()
	}
	for range n {
		g.peers = append(g.peers, join(t, port))
		g.xs = append(g.xs, g.r.next(t, border.EventOpen).x)
	}
	return g, b
}

func TestTheHostIsToldOfTopicsThatBeginAndEnd(t *testing.T) {
	t.Parallel()
	g, b := following(t, 2, true)
	one, two := g.xs[0].conn, g.xs[1].conn
	must2(t, one.Subscribe([]byte("a")))
	must2(t, two.Subscribe([]byte("a")))
	must2(t, two.SubscribePattern([]byte("a")))
	must2(t, two.SubscribePattern([]byte("b/+")))
	b.believes("a", " a", " b/+")
	must2(t, two.Unsubscribe([]byte("a")))
	must2(t, two.UnsubscribePattern([]byte("b/+")))
	b.believes("a", " a")
	g.peers[1].Close()
	b.believes("a")
	g.peers[0].Close()
	b.believes()
	if n := b.heard(); n != 6 {
		t.Errorf("%d events of three topics", n)
	}
}

func TestNobodyIsToldOfTopicsWithoutAListener(t *testing.T) {
	t.Parallel()
	g, b := following(t, 1, false)
	c := g.xs[0].conn
	must2(t, c.Subscribe([]byte("before")))
	must2(t, c.Subscribe([]byte("old")))
	g.server.block.WantTopics()
	must2(t, c.Unsubscribe([]byte("before"))) // nobody knows of it
	must2(t, c.Subscribe([]byte("after")))
	b.believes("after")
	must2(t, c.Unsubscribe([]byte("after")))
	b.believes()
	if n := b.heard(); n != 2 {
		t.Errorf("%d events", n)
	}
}

// What has ended before its begin was told is not told: however often a topic comes and goes
// while the loop is busy, the list holds it once.
func TestTopicsThatComeAndGoUnseenAreNotTold(t *testing.T) {
	t.Parallel()
	g, b := following(t, 1, true)
	c := g.xs[0].conn
	must2(t, c.Subscribe([]byte("known")))
	b.believes("known")
	busy, goOn := make(chan struct{}), make(chan struct{})
	g.server.server.home.loop.Post(func() { close(busy); <-goOn })
	<-busy
	for range 1000 {
		must2(t, c.Unsubscribe([]byte("known")))
		must2(t, c.Subscribe([]byte("unseen")))
		must2(t, c.Subscribe([]byte("known")))
		must2(t, c.Unsubscribe([]byte("unseen")))
	}
	close(goOn)
	must2(t, c.Subscribe([]byte("last")))
	b.believes("known", "last")
	if n := b.heard(); n != 4 {
		t.Errorf("%d events", n)
	}
}

// News for which there is no memory stay, in their order, and so do those that come meanwhile.
func TestNewsWaitForMemory(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	n := topicNews{}
	var told []string
	for i := range 1000 {
		for range r.IntN(3) {
			n.taken = append(n.taken, topics.Event{Name: fmt.Sprint(len(told) + len(n.taken))})
		}
		memory := i%4 == 0
		if all := n.record(func(e topics.Event) bool {
			if memory = memory && r.IntN(5) > 0; memory {
				told = append(told, e.Name)
			}
			return memory
		}); all != (len(n.taken) == 0) {
			t.Fatalf("all: %v, %d are left", all, len(n.taken))
		}
	}
	for i, name := range told {
		if name != fmt.Sprint(i) {
			t.Fatalf("%q is told as number %d", name, i)
		}
	}
	if len(told) < 100 {
		t.Errorf("%d were told", len(told))
	}
}

// A loop that found no memory is told again by its timer.
func TestNewsComeAgainWhenThereIsMemory(t *testing.T) {
	t.Parallel()
	g, b := following(t, 1, true)
	s := g.server.server
	done := make(chan struct{})
	s.home.loop.Post(func() { // as tell leaves it without memory
		defer close(done)
		s.news.taken = []topics.Event{{Name: "late"}}
		s.home.loop.After(&s.news.timer, newsAgain, &s.news)
	})
	<-done
	b.believes("late")
	must2(t, g.xs[0].conn.Subscribe([]byte("later")))
	b.believes("late", "later")
}

// Threads subscribe and unsubscribe at random, and connections end: whatever was told, in the end
// the host believes in what is there, and each name took turns.
func TestTheHostIsRightInTheEnd(t *testing.T) {
	t.Parallel()
	g, b := following(t, 6, true)
	var all sync.WaitGroup
	for i, x := range g.xs {
		all.Go(func() {
			r := rand.New(rand.NewPCG(5, uint64(i)))
			for range 3000 {
				name := []byte{byte('a' + r.IntN(5))}
				switch r.IntN(4) {
				case 0:
					x.conn.Subscribe(name)
				case 1:
					x.conn.SubscribePattern(name)
				case 2:
					x.conn.Unsubscribe(name)
				default:
					x.conn.UnsubscribePattern(name)
				}
			}
			if i < 3 {
				g.peers[i].Close()
			}
		})
	}
	all.Wait()
	for _, x := range g.xs[3:] {
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			must2(t, x.conn.UnsubscribePattern([]byte(name)))
			must2(t, x.conn.Unsubscribe([]byte(name)))
		}
	}
	must2(t, g.xs[3].conn.Subscribe([]byte("c")))
	must2(t, g.xs[4].conn.SubscribePattern([]byte("d")))
	b.believes("c", " d")
}

func TestQuestionsAboutSubscriptions(t *testing.T) {
	t.Parallel()
	g := gather(t, 3, config.Library{}, config.ConnOptions{}, false, nil)
	s, a, b := g.server.server, g.xs[0].conn, g.xs[1].conn
	ask := func(c *Conn, topic string, want int) {
		t.Helper()
		if how, err := c.Subscribed([]byte(topic)); how != want || err != nil {
			t.Errorf("%q: %d, %v", topic, how, err)
		}
	}
	who := func(topic string, want ...*handle) {
		t.Helper()
		room := make([]uint64, 4)
		n, err := s.Subscribers([]byte(topic), room)
		var got []uint64
		for _, x := range want {
			got = append(got, x.block.Handle)
		}
		slices.Sort(room[:n])
		if !slices.Equal(room[:n], got) || err != nil {
			t.Errorf("%q: %d, %v", topic, room[:n], err)
		}
		if n > 0 {
			room = make([]uint64, n-1)
			if few, _ := s.Subscribers([]byte(topic), room); few != n || slices.Max(append(room, 0)) != 0 {
				t.Errorf("with too little room: %d, %d", few, room)
			}
		}
	}
	ask(a, "x", 0)
	who("x")
	if n := g.xs[2].conn.Subscriptions(nil); n != 0 {
		t.Errorf("%d bytes of subscriptions", n)
	}
	must2(t, a.Subscribe([]byte("x")))
	must2(t, b.SubscribePattern([]byte("+")))
	must2(t, b.SubscribePattern([]byte("x/#")))
	must2(t, b.Subscribe([]byte("+")))
	ask(a, "x", ByTopic)
	ask(a, "y", 0)
	ask(b, "x", ByPattern)
	ask(b, "+", ByTopic|ByPattern)
	ask(g.xs[2].conn, "x", 0)
	who("x", g.xs[0], g.xs[1])
	who("x/y", g.xs[1])
	who("y/x")
	list := make([]byte, 20)
	n := b.Subscriptions(list)
	if want := "\x00\x01+\x00" + "\x01\x03x/#\x00" + "\x01\x01+\x00"; string(list[:n]) != want {
		t.Errorf("subscriptions: %q instead of %q", list[:n], want)
	}
	few := make([]byte, n-1)
	if again := b.Subscriptions(few); again != n || slices.Max(few) != 0 {
		t.Errorf("with too little room: %d, %q", again, few)
	}
	g.peers[0].Close()
	eventually(t, func() error {
		if n, _ := s.Subscribers([]byte("x"), nil); n != 1 {
			return fmt.Errorf("%d subscribers", n)
		}
		return nil
	})
}
