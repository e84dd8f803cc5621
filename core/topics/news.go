// SPDX-License-Identifier: Apache-2.0

package topics

// Notifier is who notifies the host of topics, and patterns, that begin and end. Mu is held in its methods.
type Notifier interface {
	Wants() bool // such events
	Post()       // has TakeNews called soon
}

// Watcher gets every change at once, in the order of the changes. Mu is held in its method.
type Watcher interface {
	Changed(name string, pattern, begins bool)
}

// Watch lets a watcher get what begins and ends from now on, and first what there is; nil: nobody does
// any more. Mu is held.
func (t *Topics[C]) Watch(w Watcher) {
	t.watcher = w
	if w == nil || t.shards == nil {
		return
	}
	for i := range t.shards {
		for name := range t.shards[i].named.All() {
			w.Changed(name, false, true)
		}
		for _, at := range t.shards[i].edges.All() {
			at.showPatterns(w)
		}
	}
	if t.root != nil {
		t.root.showPatterns(w)
	}
}

// showPatterns names the patterns that end at a level, and behind a "+" that follows it. Topics.Mu is held.
func (l *level[C]) showPatterns(w Watcher) {
	for ; l != nil; l = l.plus {
		for _, pattern := range []*topic[C]{l.ends, l.above} {
			if pattern != nil {
				w.Changed(pattern.name, true, true)
			}
		}
	}
}

// Event is that a topic, or a pattern, has begun or ended.
type Event struct {
	Name    string
	Ends    bool
	Pattern bool
}

// news are the topics of which the host believes something else than is so, the one that has changed
// first at the front: not a single one is lost when there is no memory for an event, the list holds
// no more than the topics that there are and those that the host still believes in, and of a
// name the events take turns. Guarded by Topics.Mu.
type news[C any] struct {
	first, last *topic[C] // oldest first; guarded by Topics.Mu
	posted      bool      // TakeNews is about to be called; guarded by Topics.Mu
}

// begins is called for a topic that has got its first member. Mu is held.
func (t *Topics[C]) begins(to *topic[C]) {
	if t.News.Wants() {
		t.list(to)
	}
	if t.watcher != nil {
		t.watcher.Changed(to.name, to.level != nil, true)
	}
}

// ends is called for one that has lost its last. Mu is held.
func (t *Topics[C]) ends(from *topic[C]) {
	if from.announced {
		t.list(from)
	} else if from.waits {
		t.unlist(from)
	}
	if t.watcher != nil {
		t.watcher.Changed(from.name, from.level != nil, false)
	}
}

// list puts a topic at the end of the list. Mu is held.
func (t *Topics[C]) list(of *topic[C]) {
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
		t.News.Post()
	}
}

// unlist takes a topic out of the list. Mu is held.
func (t *Topics[C]) unlist(of *topic[C]) {
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

// TakeNews appends to taken until it has most events; more says whether others are left, for which
// the caller has to come again. What is taken counts as announced: the caller keeps it until it is.
func (t *Topics[C]) TakeNews(taken []Event, most int) (_ []Event, more bool) {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	n := &t.news
	for n.first != nil && len(taken) < most {
		of := n.first
		taken = append(taken, Event{Name: of.name, Ends: of.announced, Pattern: of.level != nil})
		of.announced = true
		t.unlist(of)
	}
	n.posted = n.first != nil
	return taken, n.posted
}
