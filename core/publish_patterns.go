// SPDX-License-Identifier: Apache-2.0

package core

import (
	"hash/maphash"
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
// topics.mu.
type level struct {
	from  *level // nil: the root
	name  string // of the edge that leads here
	mix   uint8  // which of the shards have the edges that go on, as find says
	next  int    // edges that go on, plus among them
	plus  *level // behind "+"
	ends  *topic // the pattern that ends here
	above *topic // and the one that goes on with "#"
}

// edge is where a level goes on by a name that is no wildcard.
type edge struct {
	from *level
	name string
}

// levelSize is about what a level takes, with its edge. A pattern has up to 128 of them, so
// they count in the memory budget.
const levelSize = 192

var errPatternMemory = &fault.Error{ID: fault.IDMemory, Text: "pattern: the memory budget is used up"}

// checkPattern tells what is wrong with a pattern, MQTT 5.0, 4.7.1.
func checkPattern(name []byte) *fault.Error {
	if len(name) == 0 || len(name) > MaxTopic {
		return fault.Refused(fault.IDParameter, "pattern_size: %d is not in 1..%d", len(name), MaxTopic)
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

// goesOn is the shard with the edge from a level by a name. mu is held.
func (t *topics) goesOn(from *level, name string) *topicShard {
	return &t.shards[from.mix^uint8(maphash.String(topicSeed, name))] // fits: any bits of a hash do
}

// step is where a level goes on by a name of a pattern; nil: nowhere. mu is held.
func (t *topics) step(from *level, name string) *level {
	if name == "+" {
		return from.plus
	}
	return t.goesOn(from, name).edges.Of(edge{from, name})
}

// walk follows a pattern as far as there is a tree: the last level on its way, what is left
// of it, and whether it ends with "#", which is no level. mu is held.
func (t *topics) walk(pattern string) (at *level, left []string, all bool) {
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
func (l *level) place(all bool) **topic {
	if all {
		return &l.above
	}
	return &l.ends
}

// findPattern is the topic of a pattern, nil while nobody has it. mu is held.
func (t *topics) findPattern(pattern []byte) *topic {
	if t.root == nil {
		return nil
	}
	at, left, all := t.walk(string(pattern))
	if len(left) > 0 {
		return nil
	}
	return *at.place(all)
}

// plant makes the topic of a pattern that nobody has. mu is held.
func (t *topics) plant(c *Conn, pattern []byte) (*topic, *fault.Error) {
	if t.root == nil {
		t.root = &level{}
	}
	name := string(pattern)
	at, left, all := t.walk(name)
	if c.w.engine.pool.Claim(len(left)*levelSize, false) != nil {
		t.prune(c.w.engine, at)
		return nil, errPatternMemory
	}
	for _, name := range left {
		next := &level{from: at, name: name, mix: t.mix}
		t.mix++
		at.next++
		if name == "+" {
			at.plus = next
		} else {
			t.goesOn(at, name).edges.Put(edge{at, name}, next)
		}
		at = next
	}
	to := &topic{name: name, shard: shardOf(pattern), level: at}
	*at.place(all) = to
	t.grown()
	return to, nil
}

// uproot forgets a pattern that nobody has any more. mu is held.
func (t *topics) uproot(e *Engine, pattern *topic) {
	at := pattern.level
	*at.place(at.above == pattern) = nil
	t.prune(e, at)
	t.grown()
}

// prune removes a level that leads to no pattern, and those before it. mu is held.
func (t *topics) prune(e *Engine, at *level) {
	gone := 0
	for at.ends == nil && at.above == nil && at.next == 0 {
		from := at.from
		switch {
		case from == nil:
			t.root = nil
		case from.plus == at:
			from.plus = nil
		default:
			t.goesOn(from, at.name).edges.Drop(edge{from, at.name})
		}
		if from == nil {
			break
		}
		from.next--
		at = from
		gone++
	}
	if gone > 0 {
		e.pool.Count(-gone * levelSize)
	}
}

// match appends the patterns that a topic fits to t.matched. mu is held.
func (t *topics) match(name []byte) {
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
func (t *topics) matchBehind(at *level, rest string, more bool) {
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
	if next := t.goesOn(at, first).edges.Of(edge{at, first}); next != nil {
		t.matchBehind(next, rest, more)
	}
}

// audience is who gets what is published to a topic, each once. It is good, and to be cleared
// by quiet, until the next one. mu is held.
func (t *topics) audience(name []byte) []*Conn {
	hash := hashOf(name)
	exact := t.findHashed(name, hash)
	if t.root == nil {
		if exact == nil {
			return nil
		}
		return exact.members
	}
	fits := t.fits(name, hash)
	switch {
	case len(fits) == 0 && exact == nil:
		return nil
	case len(fits) == 0:
		return exact.members
	case len(fits) == 1 && exact == nil:
		return fits[0].members
	}
	t.everybody = t.everybody[:0]
	t.round++
	for _, one := range fits {
		t.joins(one)
	}
	if exact != nil {
		t.joins(exact)
	}
	return t.everybody
}

// joins adds the members of a topic to everybody, each once. mu is held.
func (t *topics) joins(one *topic) {
	for _, c := range one.members {
		if m := &c.rare.Load().member; m.round != t.round {
			m.round = t.round
			t.everybody = append(t.everybody, c)
		}
	}
}

func (t *topics) forgetMatched() {
	clear(t.matched)
	if t.matched = t.matched[:0]; cap(t.matched) > fanStep {
		t.matched = nil
	}
}

// quiet forgets what match has found, and whom the list of everybody has. mu is held.
func (t *topics) quiet() {
	if len(t.matched) > 0 {
		t.forgetMatched()
	}
	all := t.everybody
	if len(all) == 0 {
		return
	}
	clear(all)
	if t.everybody = all[:0]; cap(all) > 4*max(len(all), fanStep) {
		t.everybody = nil
	}
}
