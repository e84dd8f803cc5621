// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"libws/core/border"
	"libws/core/loop"
	"libws/core/topics"
)

// topicNews notifies the host of topics, and patterns, that begin and end: package topics has the
// list, the home loop records what it takes from there.
type topicNews struct {
	server *Server // never changes

	// The home loop's.
	taken []topics.Event // out of the list, but not recorded yet
	timer loop.Timer     // until it tries again
	over  bool           // the server has had its last event
}

const (
	newsStep  = 256 // events of one turn of the loop
	newsAgain = 100 * time.Millisecond
)

// Wants is for topics.Notifier.
func (n *topicNews) Wants() bool { return n.server.block.WantsTopics() }

// Post is for topics.Notifier.
func (n *topicNews) Post() { n.server.home.loop.Post(n.tell) }

// tell records news; what finds no memory comes again later. The home loop's.
func (n *topicNews) tell() {
	if n.over {
		return
	}
	var more bool
	n.taken, more = n.server.topics.TakeNews(n.taken, newsStep)
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
func (n *topicNews) record(one func(topics.Event) bool) (all bool) {
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
func (s *Server) recordTopic(e topics.Event) bool {
	w := s.home
	d := w.detail()
	if e.Pattern {
		d.Pattern = 1
	}
	kind := border.EventTopicBegin
	if e.Ends {
		kind = border.EventTopicEnd
	}
	before := len(w.records)
	w.tell(s.block.Slot, kind, 0, d, []byte(e.Name))
	return len(w.records) > before
}
