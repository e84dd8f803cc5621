// SPDX-License-Identifier: Apache-2.0

package core

import "sync"

// topics are who has subscribed to what on a server. mu is held while something is
// published, so that all who get two messages get them in one order; lock order: mu,
// Server.mu, secure.out, Conn.mu.
type topics struct {
	mu          sync.Mutex
	named       map[string]*topic            // those with members; guarded by mu
	memberships map[membership]*subscription // guarded by mu

	// Scratch of Broadcast and of fanOut, kept for the next one; guarded by mu.
	everybody []*Conn
	fans      [][]*Conn // by loop
}

// topic is what connections subscribe to. It exists as long as one has.
type topic struct {
	name          string
	members       []*Conn
	subscriptions []*subscription // of members, in the same order
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

// MaxTopic is the longest name of a topic in bytes.
const MaxTopic = 255

func checkTopic(name []byte) *Error {
	if len(name) == 0 || len(name) > MaxTopic {
		return refuse(IDParameter, "topic_size: %d is not in 1..%d", len(name), MaxTopic)
	}
	return nil
}

// Subscribe lets an accepted connection get what is published to a topic from now on.
// Once more is no error. Any thread.
func (c *Conn) Subscribe(name []byte) *Error {
	if err := checkTopic(name); err != nil {
		return err
	}
	t := &c.server.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	to := t.named[string(name)]
	if to != nil && t.memberships[membership{c, to}] != nil {
		return nil
	}
	r := c.needRare()
	if most := c.options().MaxSubscriptions; r.nsubscribed >= most {
		return refuse(IDFull, "connection: has subscribed to %d topics, and max_subscriptions is %d", r.nsubscribed, most)
	}
	if err := c.subscribes(r); err != nil {
		return err
	}
	if to == nil {
		to = &topic{name: string(name)}
		t.named[to.name] = to
	}
	s := &subscription{membership: membership{c, to}, at: len(to.members), next: r.subscriptions}
	if s.next != nil {
		s.next.prev = s
	}
	r.subscriptions = s
	r.nsubscribed++
	to.members = append(to.members, c)
	to.subscriptions = append(to.subscriptions, s)
	t.memberships[s.membership] = s
	return nil
}

// subscribes notes that the end of the connection has to look for subscriptions.
func (c *Conn) subscribes(r *rare) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.destroyed:
		return c.stale()
	case c.block.load()&outOpen == 0:
		return errNotOpen
	}
	r.subscribed = true
	return nil
}

// Unsubscribe undoes Subscribe. Any thread.
func (c *Conn) Unsubscribe(name []byte) *Error {
	if err := checkTopic(name); err != nil {
		return err
	}
	t := &c.server.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	if from := t.named[string(name)]; from != nil {
		if s := t.memberships[membership{c, from}]; s != nil {
			t.remove(s)
		}
	}
	return nil
}

// unsubscribeAll removes all subscriptions of a connection that has ended, so that there
// will be no others.
func (c *Conn) unsubscribeAll() {
	r := c.rare.Load()
	if r == nil || !r.subscribed {
		return
	}
	t := &c.server.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	for r.subscriptions != nil {
		t.remove(r.subscriptions)
	}
}

// remove ends a subscription: the last member takes its place. t.mu is held.
func (t *topics) remove(s *subscription) {
	from, r := s.topic, s.conn.rare.Load()
	last := len(from.members) - 1
	from.members[s.at], from.subscriptions[s.at] = from.members[last], from.subscriptions[last]
	from.subscriptions[s.at].at = s.at
	from.members[last], from.subscriptions[last] = nil, nil
	from.members, from.subscriptions = from.members[:last], from.subscriptions[:last]
	if last == 0 {
		delete(t.named, from.name)
	}
	delete(t.memberships, s.membership)
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		r.subscriptions = s.next
	}
	r.nsubscribed--
}
