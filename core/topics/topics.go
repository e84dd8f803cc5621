// SPDX-License-Identifier: Apache-2.0

// Package topics knows who has subscribed to what: by the name of a topic, or by a pattern that many
// topics fit. It knows nothing of connections, nor of messages. Come here when somebody gets what
// he has not subscribed to, or does not get what he has.
package topics

import (
	"hash/maphash"
	"iter"

	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/loop"
)

// Topics are who has subscribed to what on a server, where C is a member. Mu is held while something is
// published, so that all who get two messages get them in one order.
type Topics[C any] struct {
	Mu lock.Mutex[lock.Topics]

	// Never changes.
	Pool  *loop.Pool      // counts the levels of patterns
	Freed func(bytes int) // what subscriptions have taken and nobody needs any more
	News  Notifier

	// Many small maps, so that none of them is ever copied for long. nil: none was
	// subscribed to yet; guarded by Mu.
	shards *[shards]shard[C]

	root    *level[C]  // of the tree of patterns; nil: there are none; guarded by Mu
	tree    uint64     // how often a pattern has begun or ended; guarded by Mu
	latest  *latest[C] // nil: nothing is remembered; guarded by Mu
	mix     uint8      // of the next level; guarded by Mu
	round   uint64     // the last time that a list of everybody was made of several; guarded by Mu
	news    news[C]
	watcher Watcher // nil: nobody watches; guarded by Mu

	// Scratch of those who publish, kept for the next one; guarded by Mu.
	Everybody []C
	matched   []*topic[C] // that a topic fits
}

const shards = 256

// shard has the topics with members whose names it is for, and some of the memberships and
// of the edges between levels of patterns.
type shard[C any] struct {
	named       ebb.Map[string, *topic[C]]
	memberships ebb.Map[membership[C], *subscription[C]]
	edges       ebb.Map[edge[C], *level[C]]
}

// topic is what members subscribe to: a topic or a pattern. It exists as long as one has.
type topic[C any] struct {
	name  string
	shard uint8
	level *level[C] // where a pattern ends; nil: it is a topic
	// announced: the host was notified that it has begun; waits: that is not so any more, so
	// it stands between these in the list of news. Guarded by Topics.Mu.
	announced, waits bool
	before, behind   *topic[C]
	members          []C
	subscriptions    []*subscription[C] // of members, in the same order
}

// Member is what a member has of its subscriptions; it stays where it is.
type Member[C any] struct {
	Is   C      // does not change while there are some
	Slot uint32 // one that no other has; does not change while there are some

	first *subscription[C] // guarded by Topics.Mu
	count int              // guarded by Topics.Mu
	round uint64           // of the last list of everybody that it came into; guarded by Topics.Mu
}

// membership is a member in a topic.
type membership[C any] struct {
	of    *Member[C]
	topic *topic[C]
}

// subscription is one of a member to one topic. All of a member are linked.
type subscription[C any] struct {
	membership[C]
	at         int // in topic.members
	next, prev *subscription[C]
}

// subscriptionSize is about what a subscription takes with its part of the topic.
const subscriptionSize = 256

var seed = maphash.MakeSeed()

func hashOf(name []byte) uint64 { return maphash.Bytes(seed, name) }

func shardOf(name []byte) uint8 { return uint8(hashOf(name)) } // fits: any bits of a hash do

// find is the topic of a name, nil while nobody has subscribed to it. Mu is held.
func (t *Topics[C]) find(name []byte) *topic[C] {
	return t.findHashed(name, hashOf(name))
}

// findHashed is find for who has the hash of the name. Mu is held.
func (t *Topics[C]) findHashed(name []byte, hash uint64) *topic[C] {
	if t.shards == nil {
		return nil
	}
	return t.shards[uint8(hash)].named.Of(string(name)) // fits: any bits of a hash do
}

// Members are those who have subscribed to a topic by its name. Mu is held as long as they are
// looked at.
func (t *Topics[C]) Members(name []byte) []C {
	if named := t.find(name); named != nil {
		return named.members
	}
	return nil
}

// HasPatterns tells whether there are any. Mu is held.
func (t *Topics[C]) HasPatterns() bool { return t.root != nil }

// place is where a membership is: those of a large topic are in all shards, and so are those of
// a member with many topics. Mu is held.
func (t *Topics[C]) place(m membership[C]) *ebb.Map[membership[C], *subscription[C]] {
	return &t.shards[m.topic.shard^uint8(m.of.Slot)].memberships // fits: any bits do
}

// has tells whether a member is in a topic, which may be nil. Mu is held.
func (t *Topics[C]) has(m *Member[C], to *topic[C]) bool {
	return to != nil && t.place(membership[C]{m, to}).Has(membership[C]{m, to})
}

// MaxName is the longest name of a topic, or of a pattern, in bytes.
const MaxName = 255

// CheckName tells what is wrong with the name of a topic.
func CheckName(name []byte) *fault.Error {
	if len(name) == 0 || len(name) > MaxName {
		return fault.Refused(fault.IDParameter, "topic_size: %d is not in 1..%d", len(name), MaxName)
	}
	return nil
}

// Subscribe lets a member get what is published to a topic, or to those that a pattern fits, from
// now on; it has most subscriptions at most. Once more is no error. Mu is held.
func (t *Topics[C]) Subscribe(m *Member[C], name []byte, pattern bool, most int) *fault.Error {
	to := t.known(name, pattern)
	if t.has(m, to) {
		return nil
	}
	if m.count >= most {
		return fault.Refused(fault.IDFull, "connection: has %d subscriptions, and max_subscriptions is %d", m.count, most)
	}
	if to == nil {
		var err *fault.Error
		if to, err = t.begin(name, pattern); err != nil {
			return err
		}
	}
	s := &subscription[C]{membership: membership[C]{m, to}, at: len(to.members), next: m.first}
	if s.next != nil {
		s.next.prev = s
	}
	m.first = s
	m.count++
	to.members = append(to.members, m.Is)
	to.subscriptions = append(to.subscriptions, s)
	t.place(s.membership).Put(s.membership, s)
	if s.at == 0 {
		t.begins(to)
	}
	return nil
}

// known is the topic, or pattern, of a name; nil while nobody has subscribed to it. Mu is held.
func (t *Topics[C]) known(name []byte, pattern bool) *topic[C] {
	if pattern {
		return t.findPattern(name)
	}
	return t.find(name)
}

// begin makes the topic, or pattern, of a name that nobody has subscribed to. Mu is held.
func (t *Topics[C]) begin(name []byte, pattern bool) (*topic[C], *fault.Error) {
	if t.shards == nil {
		t.shards = new([shards]shard[C])
	}
	if pattern {
		return t.plant(name)
	}
	to := &topic[C]{name: string(name), shard: shardOf(name)}
	t.shards[to.shard].named.Put(to.name, to)
	return to, nil
}

// Unsubscribe undoes Subscribe. Mu is held.
func (t *Topics[C]) Unsubscribe(m *Member[C], name []byte, pattern bool) {
	if from := t.known(name, pattern); from != nil {
		if s := t.place(membership[C]{m, from}).Of(membership[C]{m, from}); s != nil {
			t.remove(s)
		}
	}
}

// Leave ends so many subscriptions of a member at most; true: it has none any more. Mu is held.
func (t *Topics[C]) Leave(m *Member[C], most int) (all bool) {
	for ; m.first != nil && most > 0; most-- {
		t.remove(m.first)
	}
	return m.first == nil
}

// remove ends a subscription: the last member takes its place. Mu is held.
func (t *Topics[C]) remove(s *subscription[C]) {
	from, m := s.topic, s.of
	last := len(from.members) - 1
	from.members[s.at], from.subscriptions[s.at] = from.members[last], from.subscriptions[last]
	from.subscriptions[s.at].at = s.at
	from.members, from.subscriptions = shorter(from.members), shorter(from.subscriptions)
	if last == 0 {
		t.end(from)
	}
	t.place(s.membership).Drop(s.membership)
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		m.first = s.next
	}
	m.count--
	t.Freed(subscriptionSize)
}

// end forgets a topic, or pattern, whose last member is leaving. Mu is held.
func (t *Topics[C]) end(from *topic[C]) {
	t.ends(from)
	if from.level != nil {
		t.uproot(from)
		return
	}
	t.shards[from.shard].named.Drop(from.name)
}

// shorter is a list without its last entry, and without the space of many that have gone.
func shorter[T any](list []T) []T {
	last := len(list) - 1
	clear(list[last:])
	if list = list[:last]; cap(list) > 64 && last < cap(list)/4 {
		return append(make([]T, 0, 2*last), list...)
	}
	return list
}

// Names are what a member has subscribed to, newest first. Topics.Mu is held.
func (m *Member[C]) Names() iter.Seq2[string, bool] {
	return func(yield func(name string, pattern bool) bool) {
		for s := m.first; s != nil && yield(s.topic.name, s.topic.level != nil); s = s.next {
		}
	}
}

// Sizes tells how many topics, without patterns, and how many memberships there are.
func (t *Topics[C]) Sizes() (named, members int) {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	if t.shards != nil {
		for i := range t.shards {
			named += t.shards[i].named.Len()
			members += t.shards[i].memberships.Len()
		}
	}
	return named, members
}
