// SPDX-License-Identifier: Apache-2.0

package core

import (
	"hash/maphash"

	"libws/core/border"
	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/lock"
)

// topics are who has subscribed to what on a server. mu is held while something is
// published, so that all who get two messages get them in one order; lock order: mu,
// Server.mu, secure.out, Conn.mu.
type topics struct {
	mu lock.Mutex[lock.Topics]
	// Many small maps, so that none of them is ever copied for long. nil: none was
	// subscribed to yet; guarded by mu.
	shards *[topicShards]topicShard
	leaver leaver

	root  *level // of the tree of patterns; nil: there are none; guarded by mu
	mix   uint8  // of the next level; guarded by mu
	round uint64 // the last time that a list of everybody was made of several; guarded by mu
	news  topicNews

	// Scratch of those who publish, kept for the next one; guarded by mu.
	everybody []*Conn
	matched   []*topic  // that a topic fits
	fans      [][]*Conn // by loop
}

const topicShards = 256

// topicShard has the topics with members whose names it is for, and some of the memberships and
// of the edges between levels of patterns.
type topicShard struct {
	named       ebb.Map[string, *topic]
	memberships ebb.Map[membership, *subscription]
	edges       ebb.Map[edge, *level]
}

// topic is what connections subscribe to: a topic or a pattern. It exists as long as one has.
type topic struct {
	name  string
	shard uint8
	level *level // where a pattern ends; nil: it is a topic
	// announced: the host was notified that it has begun; waits: that is not so any more, so
	// it stands between these in the list of news. Guarded by topics.mu.
	announced, waits bool
	before, behind   *topic
	members          []*Conn
	subscriptions    []*subscription // of members, in the same order
}

// membership is a connection in a topic.
type membership struct {
	conn  *Conn
	topic *topic
}

// subscription is one connection's to one topic. All of a connection are linked.
type subscription struct {
	membership
	at         int // in topic.members
	next, prev *subscription
}

// member is what an accepted connection has of its subscriptions.
type member struct {
	first *subscription // guarded by topics.mu
	count int           // guarded by topics.mu
	round uint64        // of the last list of everybody that it came into; guarded by topics.mu
	some  bool          // there may be some; changed under Conn.mu while the connection is open
	// leaves: the server's leaver ends them; lingers: and the slot waits for that. Guarded by
	// leaver.mu.
	leaves, lingers bool
}

// subscriptionSize is about what a subscription takes with its part of the topic.
const subscriptionSize = 256

var topicSeed = maphash.MakeSeed()

func shardOf(name []byte) uint8 {
	return uint8(maphash.Bytes(topicSeed, name)) // fits: any bits of a hash do
}

// find is the topic of a name, nil while nobody has subscribed to it. mu is held.
func (t *topics) find(name []byte) *topic {
	if t.shards == nil {
		return nil
	}
	return t.shards[shardOf(name)].named.Of(string(name))
}

// of is where a membership is: those of a large topic are in all shards, and so are those of
// a connection with many topics. mu is held.
func (t *topics) of(m membership) *ebb.Map[membership, *subscription] {
	return &t.shards[m.topic.shard^uint8(m.conn.block.Slot)].memberships // fits: any bits do
}

// MaxTopic is the longest name of a topic in bytes.
const MaxTopic = 255

func checkTopic(name []byte) *fault.Error {
	if len(name) == 0 || len(name) > MaxTopic {
		return fault.Refused(fault.IDParameter, "topic_size: %d is not in 1..%d", len(name), MaxTopic)
	}
	return nil
}

// Subscribe lets an accepted connection get what is published to a topic from now on.
// Once more is no error. Any thread.
func (c *Conn) Subscribe(name []byte) *fault.Error {
	if err := checkTopic(name); err != nil {
		return err
	}
	return c.server.topics.subscribe(c, name, false)
}

// SubscribePattern is Subscribe for all topics that a pattern fits; see publish_patterns.go.
func (c *Conn) SubscribePattern(pattern []byte) *fault.Error {
	if err := checkPattern(pattern); err != nil {
		return err
	}
	return c.server.topics.subscribe(c, pattern, true)
}

func (t *topics) subscribe(c *Conn, name []byte, pattern bool) *fault.Error {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := &c.needRare().member
	if err := m.begins(c); err != nil {
		return err
	}
	to := t.known(name, pattern)
	if to != nil && t.of(membership{c, to}).Has(membership{c, to}) {
		return nil
	}
	if most := c.options().MaxSubscriptions; m.count >= most {
		return fault.Refused(fault.IDFull, "connection: has %d subscriptions, and max_subscriptions is %d", m.count, most)
	}
	if to == nil {
		var err *fault.Error
		if to, err = t.begin(c, name, pattern); err != nil {
			return err
		}
	}
	s := &subscription{membership: membership{c, to}, at: len(to.members), next: m.first}
	if s.next != nil {
		s.next.prev = s
	}
	m.first = s
	m.count++
	to.members = append(to.members, c)
	to.subscriptions = append(to.subscriptions, s)
	t.of(s.membership).Put(s.membership, s)
	if s.at == 0 {
		t.begins(to)
	}
	return nil
}

// known is the topic, or pattern, of a name; nil while nobody has subscribed to it. mu is held.
func (t *topics) known(name []byte, pattern bool) *topic {
	if pattern {
		return t.findPattern(name)
	}
	return t.find(name)
}

// begin makes the topic, or pattern, of a name that nobody has subscribed to. mu is held.
func (t *topics) begin(c *Conn, name []byte, pattern bool) (*topic, *fault.Error) {
	if t.shards == nil {
		t.shards = new([topicShards]topicShard)
	}
	if pattern {
		return t.plant(c, name)
	}
	to := &topic{name: string(name), shard: shardOf(name)}
	t.shards[to.shard].named.Put(to.name, to)
	return to, nil
}

// begins notes that the end of the connection has to look for subscriptions.
func (m *member) begins(c *Conn) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		return c.stale()
	case c.block.Load()&border.OutOpen == 0:
		return errNotOpen
	}
	m.some = true
	return nil
}

// Unsubscribe undoes Subscribe. Any thread.
func (c *Conn) Unsubscribe(name []byte) *fault.Error {
	if err := checkTopic(name); err != nil {
		return err
	}
	c.server.topics.unsubscribe(c, name, false)
	return nil
}

// UnsubscribePattern undoes SubscribePattern with the same pattern. Any thread.
func (c *Conn) UnsubscribePattern(pattern []byte) *fault.Error {
	if err := checkPattern(pattern); err != nil {
		return err
	}
	c.server.topics.unsubscribe(c, pattern, true)
	return nil
}

func (t *topics) unsubscribe(c *Conn, name []byte, pattern bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from := t.known(name, pattern); from != nil {
		if s := t.of(membership{c, from}).Of(membership{c, from}); s != nil {
			t.remove(s)
		}
	}
}

// remove ends a subscription: the last member takes its place. t.mu is held.
func (t *topics) remove(s *subscription) {
	from, m := s.topic, &s.conn.rare.Load().member
	last := len(from.members) - 1
	from.members[s.at], from.subscriptions[s.at] = from.members[last], from.subscriptions[last]
	from.subscriptions[s.at].at = s.at
	from.members, from.subscriptions = shorter(from.members), shorter(from.subscriptions)
	if last == 0 {
		t.end(s.conn, from)
	}
	t.of(s.membership).Drop(s.membership)
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		m.first = s.next
	}
	m.count--
	s.conn.w.engine.slack.freed(subscriptionSize)
}

// end forgets a topic, or pattern, whose last member is leaving. mu is held.
func (t *topics) end(c *Conn, from *topic) {
	t.ends(from)
	if from.level != nil {
		t.uproot(c.w.engine, from)
		return
	}
	t.shards[from.shard].named.Drop(from.name)
}

// shorter is a list without its last entry, and without the room of many that have gone.
func shorter[T any](list []*T) []*T {
	last := len(list) - 1
	list[last] = nil
	if list = list[:last]; cap(list) > 64 && last < cap(list)/4 {
		return append(make([]*T, 0, 2*last), list...)
	}
	return list
}
