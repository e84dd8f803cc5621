// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"strings"
	"testing"

	"libws/core/config"
	"libws/core/fault"
)

// The examples of MQTT 5.0, 4.7.1 and 4.7.2.
func TestPatternsFitAsMQTTSays(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	for pattern, cases := range map[string]map[string]int{
		"sport/tennis/player1/#": {"sport/tennis/player1": 1, "sport/tennis/player1/ranking": 1, "sport/tennis/player1/score/wimbledon": 1, "sport/tennis/player2": 0},
		"sport/#":                {"sport": 1, "sport/": 1, "sport/x/y": 1, "sports": 0},
		"#":                      {"a": 1, "/": 1, "a/b/c": 1, "$SYS": 0, "$SYS/a": 0},
		"sport/tennis/+":         {"sport/tennis/player1": 1, "sport/tennis/": 1, "sport/tennis": 0, "sport/tennis/player1/ranking": 0},
		"sport/+":                {"sport/": 1, "sport": 0},
		"+":                      {"finance": 1, "/finance": 0, "$SYS": 0},
		"+/+":                    {"/finance": 1, "a/b": 1, "$SYS/b": 0, "a": 0},
		"/+":                     {"/finance": 1, "finance": 0},
		"+/tennis/#":             {"a/tennis": 1, "a/tennis/b": 1, "/tennis": 1, "$a/tennis": 0},
		"sport/+/player1":        {"sport/a/player1": 1, "sport/player1": 0, "sport/a/b/player1": 0},
		"+/monitor/Clients":      {"$SYS/monitor/Clients": 0, "a/monitor/Clients": 1},
		"$SYS/#":                 {"$SYS": 1, "$SYS/": 1, "$SYS/monitor/Clients": 1, "SYS": 0},
		"$SYS/monitor/+":         {"$SYS/monitor/Clients": 1, "$SYS/monitor": 0},
		"a/b":                    {"a/b": 1, "a": 0, "a/b/": 0},
		"ACCOUNTS":               {"ACCOUNTS": 1, "Accounts": 0},
		"\x00/+/\xff":            {"\x00/a+b/\xff": 1, "\x00/#/\xff": 1, "\x00/+/\xfe": 0},
	} {
		must2(t, g.xs[0].conn.SubscribePattern([]byte(pattern)))
		for topic, want := range cases {
			g.publish(t, topic, fmt.Sprintf("%q for %q", topic, pattern), nil, want)
			if want > 0 {
				g.peers[0].expect(t, fmt.Sprintf("%q for %q", topic, pattern))
			}
		}
		must2(t, g.xs[0].conn.UnsubscribePattern([]byte(pattern)))
		for topic := range cases {
			g.publish(t, topic, "to nobody", nil, 0)
		}
	}
}

func TestPatternsThatAreNoneAreRefusedByName(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	c := g.xs[0].conn
	for pattern, want := range map[string]string{
		"":                              "pattern_size: 0",
		strings.Repeat("a", 256):        "pattern_size: 256",
		"sport/tennis#":                 `level 2, "tennis#"`,
		"sport/tennis/#/ranking":        `level 3 is "#"`,
		"#/":                            `level 1 is "#"`,
		"##":                            `level 1, "##"`,
		"sport+":                        `level 1, "sport+"`,
		"+/++/+":                        `level 2, "++"`,
		"+#":                            `level 1, "+#"`,
		"a/#b":                          `level 2, "#b"`,
		"x/" + strings.Repeat("+", 200): `level 2, "++++`,
	} {
		for what, call := range map[string]func([]byte) *fault.Error{"subscribe": c.SubscribePattern, "unsubscribe": c.UnsubscribePattern} {
			if err := call([]byte(pattern)); err == nil || err.ID != fault.IDParameter || !strings.Contains(err.Text, want) || len(err.Text) > 200 {
				t.Errorf("%s %q: %v", what, pattern, err)
			}
		}
	}
	if g.server.server.topics.HasPatterns() {
		t.Error("they have left a tree")
	}
}

// A topic with the name of a pattern is none, and a pattern with the name of a topic is not that.
func TestTopicsAndPatternsAreApart(t *testing.T) {
	t.Parallel()
	g := gather(t, 2, config.Library{}, config.ConnOptions{}, false, nil)
	a, b := g.xs[0].conn, g.xs[1].conn
	for _, name := range []string{"a/+", "a/#", "a/b", "#"} {
		must2(t, a.Subscribe([]byte(name)))
		must2(t, b.SubscribePattern([]byte(name)))
	}
	must2(t, b.UnsubscribePattern([]byte("#")))
	g.publish(t, "a/c", "to b", nil, 1)
	g.publish(t, "a/+", "to both", nil, 2)
	g.publish(t, "a/b", "to both, too", nil, 2)
	must2(t, a.UnsubscribePattern([]byte("a/b")))
	must2(t, b.Unsubscribe([]byte("a/b")))
	g.publish(t, "a/b", "to both, still", nil, 2)
	must2(t, a.Unsubscribe([]byte("a/+")))
	g.publish(t, "a/+", "to b again", nil, 1)
	for _, want := range []string{"to both", "to both, too", "to both, still"} {
		g.peers[0].expect(t, want)
	}
	for _, want := range []string{"to b", "to both", "to both, too", "to both, still", "to b again"} {
		g.peers[1].expect(t, want)
	}
}

// Who fits by several patterns, and by the topic itself, gets a message once.
func TestSeveralPatternsBringAMessageOnce(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g := gather(t, 3, config.Library{Loops: 2}, o, secure, nil)
		for _, pattern := range []string{"#", "a/#", "a/+", "+/b", "+/+", "a/b", "a/b/#"} {
			for range 2 { // once more is no error
				must2(t, g.xs[0].conn.SubscribePattern([]byte(pattern)))
			}
		}
		must2(t, g.xs[0].conn.Subscribe([]byte("a/b")))
		must2(t, g.xs[1].conn.Subscribe([]byte("a/b")))
		must2(t, g.xs[1].conn.SubscribePattern([]byte("+/b")))
		g.publish(t, "a/b", "one", nil, 2)
		g.publish(t, "a/b", "but the first", g.xs[0], 1)
		g.publish(t, "x", "to the first", nil, 1)
		g.publish(t, "a/b", "two", nil, 2)
		for i, want := range [][]string{{"one", "to the first", "two"}, {"one", "but the first", "two"}} {
			for _, text := range want {
				g.peers[i].expect(t, text)
			}
		}
		for _, p := range g.peers {
			p.Close()
		}
		noTopicsStay(t, g.server.server)
		g.publish(t, "a/b", "nobody is left", nil, 0)
	})
}

func noTopicsStay(t *testing.T, s *Server) {
	t.Helper()
	eventually(t, func() error {
		if named, members := s.topics.Sizes(); named+members != 0 {
			return fmt.Errorf("%d topics and %d subscriptions are left", named, members)
		}
		s.topics.Mu.Lock()
		defer s.topics.Mu.Unlock()
		if s.topics.HasPatterns() {
			return fmt.Errorf("a tree of patterns is left")
		}
		return nil
	})
}

// Patterns are bounded by max_subscriptions, and by the memory budget, of which nothing is lost
// when one is refused.
func TestPatternsHaveLimits(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{MaxSubscriptions: 2}, false, nil)
	c := g.xs[0].conn
	must2(t, c.SubscribePattern([]byte("a/+")))
	must2(t, c.Subscribe([]byte("a/+")))
	if err := c.SubscribePattern([]byte("b")); err == nil || err.ID != fault.IDFull {
		t.Errorf("a third subscription: %v", err)
	}
	must2(t, c.SubscribePattern([]byte("a/+")))

	g = gather(t, 1, config.Library{Budget: 1 << 20}, config.ConnOptions{}, false, nil)
	c = g.xs[0].conn
	pool := &g.h.engine.pool
	deep := strings.Repeat("/", 200)
	var err *fault.Error
	for i := range 1000 {
		if err = c.SubscribePattern([]byte(fmt.Sprint(i, deep))); err != nil {
			break
		}
	}
	if err == nil || err.ID != fault.IDMemory {
		t.Fatalf("a thousand patterns of 201 levels: %v", err)
	}
	before := pool.Used()
	if err := c.SubscribePattern([]byte("more" + deep)); err == nil || err.ID != fault.IDMemory || pool.Used() != before {
		t.Errorf("one more: %v; %d bytes are counted, before it %d", err, pool.Used(), before)
	}
	g.publish(t, "3"+deep, "it goes on", nil, 1)
	g.peers[0].expect(t, "it goes on")
	g.peers[0].Close()
	noTopicsStay(t, g.server.server)
}
