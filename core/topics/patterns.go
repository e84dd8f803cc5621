// SPDX-License-Identifier: Apache-2.0

package topics

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"
	"unsafe"

	"libws/core/fault"
)

// A pattern is a subscription to all topics that it fits, by the rules of MQTT 5.0, 4.7: "/" parts
// a name into levels, of which any may be empty; "+" fits one level, and "#", which is the last
// one, all that follow and the level before it; neither fits the "$" that a topic begins with.
// Patterns are a tree, whose edges are levels. A pattern is a topic as well, with members, but in
// this tree; so whoever gets a message is a member of all topics that match finds.

// level is a place in the tree: what the patterns behind it begin with. All of it is guarded by
// Topics.Mu.
type level[C any] struct {
	from  *level[C] // nil: the root
	name  string    // of the edge that leads here
	mix   uint8     // which of the shards have the edges that go on, as find says
	next  int       // edges that go on, plus among them
	plus  *level[C] // behind "+"
	ends  *topic[C] // the pattern that ends here
	above *topic[C] // and the one that goes on with "#"
}

// edge is where a level goes on by a name that is no wildcard.
type edge[C any] struct {
	from *level[C]
	name string
}

// levelSize is about what a level takes, with its edge. A pattern has up to 128 of them, so
// they count in the memory budget.
const levelSize = 192

var errPatternMemory = &fault.Error{ID: fault.IDMemory, Text: "pattern: the memory budget is used up"}

// CheckPattern tells what is wrong with a pattern, MQTT 5.0, 4.7.1.
func CheckPattern(name []byte) *fault.Error {
	if len(name) == 0 || len(name) > MaxName {
		return fault.Refused(fault.IDParameter, "pattern_size: %d is not in 1..%d", len(name), MaxName)
	}
	rest, more := string(name), true
	for n := 1; more; n++ {
		var one string
		one, rest, more = strings.Cut(rest, "/")
		wild := strings.IndexAny(one, "+#")
		switch {
		case wild < 0:
		case len(one) > 1:
			return fault.Refused(fault.IDParameter, "pattern: its level %d, %.60q, has more than its %q, which stands for a whole level; ws_subscribe takes such names as they are", n, one, one[wild])
		case one == "#" && more:
			return fault.Refused(fault.IDParameter, "pattern: its level %d is \"#\", which can only be the last one", n)
		}
	}
	return nil
}

// Fits tells whether a topic fits a pattern that CheckPattern has let through: the rule, of which the tree is an index.
func Fits(pattern, name []byte) bool {
	if name[0] == '$' && (pattern[0] == '+' || pattern[0] == '#') {
		return false
	}
	for {
		level, rest, more := bytes.Cut(pattern, slash)
		if string(level) == "#" {
			return true
		}
		own, below, deeper := bytes.Cut(name, slash)
		switch {
		case string(level) != "+" && !bytes.Equal(level, own):
			return false
		case !deeper:
			return !more || string(rest) == "#"
		case !more:
			return false
		}
		pattern, name = rest, below
	}
}

var slash = []byte("/")

// goesOn is the shard with the edge from a level by a name. Mu is held.
func (t *Topics[C]) goesOn(from *level[C], name string) *shard[C] {
	return &t.shards[from.mix^uint8(maphash.String(seed, name))] // fits: any bits of a hash do
}

// step is where a level goes on by a name of a pattern; nil: nowhere. Mu is held.
func (t *Topics[C]) step(from *level[C], name string) *level[C] {
	if name == "+" {
		return from.plus
	}
	return t.goesOn(from, name).edges.Of(edge[C]{from, name})
}

// walk follows a pattern as far as there is a tree: the last level on its way, what is left
// of it, and whether it ends with "#", which is no level. Mu is held.
func (t *Topics[C]) walk(pattern string) (at *level[C], left []string, all bool) {
	left = strings.Split(pattern, "/")
	if all = left[len(left)-1] == "#"; all {
		left = left[:len(left)-1]
	}
	for at = t.root; len(left) > 0; left = left[1:] {
		next := t.step(at, left[0])
		if next == nil {
			break
		}
		at = next
	}
	return at, left, all
}

// place is where the pattern lies that ends at a level, or goes on from there with "#".
func (l *level[C]) place(all bool) **topic[C] {
	if all {
		return &l.above
	}
	return &l.ends
}

// findPattern is the topic of a pattern, nil while nobody has it. Mu is held.
func (t *Topics[C]) findPattern(pattern []byte) *topic[C] {
	if t.root == nil {
		return nil
	}
	at, left, all := t.walk(string(pattern))
	if len(left) > 0 {
		return nil
	}
	return *at.place(all)
}

// plant makes the topic of a pattern that nobody has. Mu is held.
func (t *Topics[C]) plant(pattern []byte) (*topic[C], *fault.Error) {
	if t.root == nil {
		t.root = &level[C]{}
	}
	name := string(pattern)
	at, left, all := t.walk(name)
	if t.Pool.Claim(len(left)*levelSize, false) != nil {
		t.prune(at)
		return nil, errPatternMemory
	}
	for _, name := range left {
		next := &level[C]{from: at, name: name, mix: t.mix}
		t.mix++
		at.next++
		if name == "+" {
			at.plus = next
		} else {
			t.goesOn(at, name).edges.Put(edge[C]{at, name}, next)
		}
		at = next
	}
	to := &topic[C]{name: name, shard: shardOf(pattern), level: at}
	*at.place(all) = to
	t.grown()
	return to, nil
}

// uproot forgets a pattern that nobody has any more. Mu is held.
func (t *Topics[C]) uproot(pattern *topic[C]) {
	at := pattern.level
	*at.place(at.above == pattern) = nil
	t.prune(at)
	t.grown()
}

// prune removes a level that leads to no pattern, and those before it. Mu is held.
func (t *Topics[C]) prune(at *level[C]) {
	gone := 0
	for at.ends == nil && at.above == nil && at.next == 0 {
		from := at.from
		switch {
		case from == nil:
			t.root = nil
		case from.plus == at:
			from.plus = nil
		default:
			t.goesOn(from, at.name).edges.Drop(edge[C]{from, at.name})
		}
		if from == nil {
			break
		}
		from.next--
		at = from
		gone++
	}
	if gone > 0 {
		t.Pool.Count(-gone * levelSize)
	}
}

// match appends the patterns that a topic fits to t.matched. Mu is held.
func (t *Topics[C]) match(name []byte) {
	// No copy: what looks for it in maps keeps nothing of it.
	text := unsafe.String(unsafe.SliceData(name), len(name))
	if text[0] != '$' {
		t.matchBehind(t.root, text, true)
		return
	}
	// MQTT 5.0, 4.7.2: no wildcard at the begin fits it.
	first, rest, more := strings.Cut(text, "/")
	if at := t.step(t.root, first); at != nil {
		t.matchBehind(at, rest, more)
	}
}

// matchBehind is match for the patterns behind a level, and what is left of the topic; more is
// false when nothing is. At most 128 deep, because a topic has no more levels.
func (t *Topics[C]) matchBehind(at *level[C], rest string, more bool) {
	if at.above != nil {
		t.matched = append(t.matched, at.above)
	}
	if !more {
		if at.ends != nil {
			t.matched = append(t.matched, at.ends)
		}
		return
	}
	if at.next == 0 {
		return
	}
	first, rest, more := strings.Cut(rest, "/")
	if at.plus != nil {
		t.matchBehind(at.plus, rest, more)
		if at.next == 1 {
			return
		}
	}
	// "+" is no wildcard in a topic, and no edge has the name.
	if next := t.goesOn(at, first).edges.Of(edge[C]{at, first}); next != nil {
		t.matchBehind(next, rest, more)
	}
}

// Audience is who gets what is published to a topic, each once. It is good, and to be cleared
// by Quiet, until the next one. Mu is held.
func (t *Topics[C]) Audience(name []byte) []C {
	if t.root == nil {
		return t.Members(name)
	}
	hash := hashOf(name)
	exact, fits := t.findHashed(name, hash), t.fits(name, hash)
	switch {
	case len(fits) == 0 && exact == nil:
		return nil
	case len(fits) == 0:
		return exact.members
	case len(fits) == 1 && exact == nil:
		return fits[0].members
	}
	t.Everybody = t.Everybody[:0]
	t.round++
	for _, one := range fits {
		t.joins(one)
	}
	if exact != nil {
		t.joins(exact)
	}
	return t.Everybody
}

// joins adds the members of a topic to everybody, each once. Mu is held.
func (t *Topics[C]) joins(one *topic[C]) {
	for i, c := range one.members {
		if m := one.subscriptions[i].of; m.round != t.round {
			m.round = t.round
			t.Everybody = append(t.Everybody, c)
		}
	}
}

// By tells how a member gets what is published to a topic. Mu is held.
func (t *Topics[C]) By(m *Member[C], name []byte) (exact, pattern bool) {
	exact = t.has(m, t.find(name))
	if t.root == nil {
		return exact, false
	}
	t.match(name)
	defer t.forgetMatched()
	return exact, slices.ContainsFunc(t.matched, func(to *topic[C]) bool { return t.has(m, to) })
}

// Kept is how long a list may be that is kept for the next one who publishes, whatever there was.
const Kept = 1024

func (t *Topics[C]) forgetMatched() {
	clear(t.matched)
	if t.matched = t.matched[:0]; cap(t.matched) > Kept {
		t.matched = nil
	}
}

// Quiet forgets what match has found, and whom the list of everybody has. Mu is held.
func (t *Topics[C]) Quiet() {
	if len(t.matched) > 0 {
		t.forgetMatched()
	}
	all := t.Everybody
	if len(all) == 0 {
		return
	}
	clear(all)
	if t.Everybody = all[:0]; cap(all) > 4*max(len(all), Kept) {
		t.Everybody = nil
	}
}
