// SPDX-License-Identifier: Apache-2.0

package topics

// A walk through the tree of patterns takes longer than all else that publishing to nobody does, and
// most messages are of topics that had one a moment ago. So the server remembers which patterns
// the latest topics fitted, as long as no pattern begins or ends. Members may come and go: they
// are in the patterns.

// latestTopics is how many are remembered, at the most, and latestPatterns up to how many patterns of
// one: with their names no more than about 200 KiB for each server that has patterns.
const (
	latestTopics   = 512
	latestPatterns = 16
)

// latest are the topics that were looked for last, by a hash of their names. Guarded by Topics.Mu.
type latest[C any] [latestTopics]latestTopic[C]

type latestTopic[C any] struct {
	name  []byte
	tree  uint64      // Topics.tree when it was looked for; 0: never
	found []*topic[C] // the patterns that it fits
}

// fits is the patterns that a topic fits, until Quiet. Mu is held, and there are patterns.
func (t *Topics[C]) fits(name []byte, hash uint64) []*topic[C] {
	if t.latest == nil {
		t.latest = new(latest[C])
	}
	l := &t.latest[hash>>8%latestTopics] // its lowest bits choose the shard
	if l.tree == t.tree && string(l.name) == string(name) {
		return l.found
	}
	t.match(name)
	if len(t.matched) <= latestPatterns {
		l.name, l.tree = append(l.name[:0], name...), t.tree
		clear(l.found)
		l.found = append(l.found[:0], t.matched...)
	}
	return t.matched
}

// grown notes that a pattern has begun or ended: what is remembered is no longer so. Mu is held.
func (t *Topics[C]) grown() {
	t.tree++
	if t.root == nil {
		t.latest = nil
	}
}
