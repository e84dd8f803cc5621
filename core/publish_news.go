// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"libws/core/border"
	"libws/core/loop"
)

// topicNews is what the host has still to be notified of: topics, and patterns, that begin and end. A
// topic stands in a list as long as the host believes something else of it than is so: not a
// single one is lost when there is no memory for an event, the list holds no more than the topics
// that there are and those that the host still believes in, and of a name the events take turns.
type topicNews struct {
	server *Server // never changes

	first, last *topic // whose news are to be recorded, oldest first; guarded by topics.mu
	posted      bool   // the home loop is to look at them; guarded by topics.mu

	// The home loop's.
	taken []topicEvent // out of the list, but not recorded yet
	timer loop.Timer   // until it tries again
	over  bool         // the server has had its last event
}

// topicEvent is one that is to be recorded.
type topicEvent struct {
	name    string
	kind    border.Event
	pattern bool
}

const (
	newsStep  = 256 // events of one turn of the loop
	newsAgain = 100 * time.Millisecond
)

// begins is called for a topic that has got its first member. mu is held.
func (t *topics) begins(to *topic) {
	if t.news.server.block.WantsTopics() {
		t.tells(to)
	}
}

// ends is called for one that has lost its last. mu is held.
func (t *topics) ends(from *topic) {
	if from.announced {
		t.tells(from)
	} else if from.waits {
		t.unlist(from)
	}
}

// tells puts a topic at the end of the list. mu is held.
func (t *topics) tells(of *topic) {
	n := &t.news
	of.waits, of.before, of.behind = true, n.last, nil
	if n.last != nil {
		n.last.behind = of
	} else {
		n.first = of
	}
	n.last = of
	if !n.posted {
		n.posted = true
		n.server.home.loop.Post(n.tell)
	}
}

// unlist takes a topic out of the list. mu is held.
func (t *topics) unlist(of *topic) {
	n := &t.news
	if of.before != nil {
		of.before.behind = of.behind
	} else {
		n.first = of.behind
	}
	if of.behind != nil {
		of.behind.before = of.before
	} else {
		n.last = of.before
	}
	of.waits, of.before, of.behind = false, nil, nil
}

// takeNews takes as many as a turn of the loop records; more says whether others are left, for
// which the loop has to come again. What is taken counts as announced: it stays in n.taken until it is.
func (t *topics) takeNews() (more bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := &t.news
	for n.first != nil && len(n.taken) < newsStep {
		of := n.first
		e := topicEvent{name: of.name, kind: border.EventTopicBegin, pattern: of.level != nil}
		if of.announced {
			e.kind = border.EventTopicEnd
		}
		of.announced = true
		t.unlist(of)
		n.taken = append(n.taken, e)
	}
	n.posted = n.first != nil
	return n.posted
}

// tell records news; what finds no memory comes again later. The home loop's.
func (n *topicNews) tell() {
	if n.over {
		return
	}
	more := n.server.topics.takeNews()
	w := n.server.home
	if all := n.record(n.server.recordTopic); !all {
		w.loop.After(&n.timer, newsAgain, n)
		return
	}
	if more {
		w.loop.Post(n.tell)
	}
}

// record gives away what was taken, in its order, until one is not accepted.
func (n *topicNews) record(one func(topicEvent) bool) (all bool) {
	for i, e := range n.taken {
		if !one(e) {
			n.taken = n.taken[:copy(n.taken, n.taken[i:])]
			return false
		}
	}
	n.taken = nil
	return true
}

// Expired tries again to record what there was no memory for; see loop.Expirer.
func (n *topicNews) Expired(*loop.Timer) { n.tell() }

// end is called with the last event of the server.
func (n *topicNews) end() {
	n.over, n.taken = true, nil
	n.server.home.loop.Disarm(&n.timer)
}

// recordTopic is an event of the server; false: there is no memory for it.
func (s *Server) recordTopic(e topicEvent) bool {
	w := s.home
	d := w.detail()
	if e.pattern {
		d.Pattern = 1
	}
	before := len(w.records)
	w.tell(s.block.Slot, e.kind, 0, d, []byte(e.name))
	return len(w.records) > before
}
