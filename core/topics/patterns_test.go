// SPDX-License-Identifier: Apache-2.0

package topics

import (
	"math/rand/v2"
	"strings"
	"testing"

	"libws/core/loop"
)

// listener is a host that wants events of topics, when it does.
type listener struct {
	wants bool
	posts int
}

func (l *listener) Wants() bool { return l.wants }
func (l *listener) Post()       { l.posts++ }

// newTopics are some with members that are numbers, and how many bytes of them were given back.
func newTopics(l *listener) (t *Topics[int], pool *loop.Pool) {
	m := new(loop.Meter)
	m.Limit(0)
	pool = &loop.Pool{Meter: m}
	return &Topics[int]{Pool: pool, Freed: func(int) {}, News: l}, pool
}

const most = 1 << 20 // subscriptions

// mqtt tells by the words of MQTT 5.0, 4.7, level by level, whether a topic fits a pattern.
func mqtt(pattern, topic string) bool {
	p, t := strings.Split(pattern, "/"), strings.Split(topic, "/")
	if topic[0] == '$' && (p[0] == "+" || p[0] == "#") {
		return false
	}
	for ; len(p) > 0; p, t = p[1:], t[1:] {
		if p[0] == "#" {
			return true // also when nothing of the topic is left
		}
		if len(t) == 0 || p[0] != "+" && p[0] != t[0] {
			return false
		}
	}
	return len(t) == 0
}

// Random patterns come and go; who gets a message is whom the rule of MQTT names, and the tree is
// gone with the last one.
func TestTheTreeFindsWhatTheRuleSays(t *testing.T) {
	t.Parallel()
	const few = 12
	s, pool := newTopics(&listener{})
	members := make([]Member[int], few)
	r := rand.New(rand.NewPCG(1, 2))
	name := func(words ...string) string {
		all := make([]string, 1+r.IntN(5))
		for i := range all {
			all[i] = words[r.IntN(len(words))]
		}
		return strings.Join(all, "/")
	}
	has := make([]map[string]bool, few)
	for i := range has {
		has[i] = map[string]bool{}
		members[i].Is, members[i].Slot = i, uint32(i)
	}
	for n := range 20_000 {
		i := r.IntN(few)
		pattern := name("a", "b", "+", "", "$", "+")
		if pattern == "" || r.IntN(3) == 0 {
			pattern += "/#"
		}
		if r.IntN(2) == 0 {
			if err := s.Subscribe(&members[i], []byte(pattern), true, most); err != nil {
				t.Fatal(err)
			}
			has[i][pattern] = true
		} else {
			for old := range has[i] {
				if pattern = old; r.IntN(2) == 0 {
					break
				}
			}
			s.Unsubscribe(&members[i], []byte(pattern), true)
			delete(has[i], pattern)
		}
		topic := name("a", "b", "", "$")
		if topic == "" {
			continue
		}
		want := map[int]bool{}
		for i := range has {
			for pattern := range has[i] {
				if mqtt(pattern, topic) {
					want[i] = true
				}
				if Fits([]byte(pattern), []byte(topic)) != mqtt(pattern, topic) {
					t.Errorf("Fits(%q, %q) is not %t", pattern, topic, mqtt(pattern, topic))
				}
			}
		}
		for again := range 2 { // found by the walk, and remembered
			got := s.Audience([]byte(topic))
			for _, c := range got {
				if !want[c] {
					t.Errorf("%v does not want %q, %d", c, topic, again)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%q: %d instead of %d want it, %d", topic, len(got), len(want), again)
			}
			s.Quiet()
		}
		for i := range members[:max(0, n%40-28)] {
			if exact, pattern := s.By(&members[i], []byte(topic)); exact || pattern != want[i] {
				t.Errorf("%d gets %q by itself: %v, by a pattern: %v", i, topic, exact, pattern)
			}
		}
		s.Quiet()
	}
	if pool.Used() == 0 {
		t.Error("the tree takes nothing")
	}
	for i := range members {
		for !s.Leave(&members[i], 3) {
		}
	}
	if named, left := s.Sizes(); named+left != 0 || s.HasPatterns() || pool.Used() != 0 {
		t.Errorf("%d topics, %d memberships and %d bytes are left", named, left, pool.Used())
	}
}
