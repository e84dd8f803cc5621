// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"container/list"
	"context"
	"libws/core/lock"
	"net/netip"
	"time"
)

const (
	// Look-ups that run at once, each with two sockets: half of what is left to the host.
	maxTurns   = 64
	firstTurn  = 100 * time.Millisecond // of a name; each later one is twice as long
	turnLevels = 7                      // the last ones are 6.4 s: a whole try of the resolver
)

// turns has names looked up, a bounded number at once. A name that is answered need not wait
// behind thousands that are not: of four free places two go to those who have had the fewest
// turns, the newest first, one to the newest who has had more, because its answer may be
// slow, and one to who waits longest, so that nobody waits for ever. While others wait a
// look-up is set aside when it has had as long as the turn of those is. It begins anew at its
// next one: a resolver farther away that went on has the answer by then.
type turns struct {
	ask func(ctx context.Context, host string) ([]netip.Addr, error) // ends soon after ctx

	mu      lock.Mutex[lock.Turns] // guards all that follows
	queries map[string]*query
	waiting [turnLevels]list.List // by the turns that they have had; who has come last at the back
	came    uint64                // queries so far
	running list.List             // the longest turn at the front
	places  int                   // given away so far
	alive   int                   // goroutines of turns that have not ended, also behind their turn
	timer   *time.Timer           // deals again; nil before the first time
}

// query is a look-up that some attempts wait for.
type query struct {
	host  string
	came  uint64        // the how many-th
	done  chan struct{} // closed when found and err are set, which never change then
	found []netip.Addr
	err   error

	// Guarded by turns.mu.
	askers   int
	level    int                // turns that it has had
	turn     context.Context    // nil: it waits
	end      context.CancelFunc // of turn
	since    time.Time          // when it began to wait, or its turn
	at       *list.Element      // in waiting[level] or running; nil: it has ended
	watchers []*Awaited         // when it ends
}

func newTurns(ask func(context.Context, string) ([]netip.Addr, error)) *turns {
	return &turns{ask: ask, queries: map[string]*query{}}
}

// join has host looked up; who does not wait for done has to leave.
func (t *turns) join(host string) *query {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.joined(host)
}

// watch is join for one that is notified of the end.
func (t *turns) watch(host string, a *Awaited) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a.q = t.joined(host)
	a.q.watchers = append(a.q.watchers, a)
}

// joined is join. t.mu is held.
func (t *turns) joined(host string) *query {
	q := t.queries[host]
	if q == nil {
		t.came++
		q = &query{host: host, came: t.came, done: make(chan struct{})}
		t.queries[host] = q
		t.wait(q)
		t.deal()
	}
	q.askers++
	return q
}

// leave ends a look-up that nobody waits for any more.
func (t *turns) leave(q *query) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.askers--; q.askers == 0 && q.at != nil {
		t.forget(q)
		t.deal()
	}
}

// forget takes q out. t.mu is held.
func (t *turns) forget(q *query) {
	delete(t.queries, q.host)
	if q.turn != nil {
		t.running.Remove(q.at)
		q.end()
	} else {
		t.waiting[q.level].Remove(q.at)
	}
	q.at, q.turn, q.end = nil, nil, nil
}

// wait puts q among those who wait. t.mu is held.
func (t *turns) wait(q *query) {
	q.turn, q.end, q.since = nil, nil, time.Now()
	line := &t.waiting[q.level]
	if first := line.Front(); first != nil && first.Value.(*query).came > q.came {
		q.at = line.PushFront(q) // as they are set aside, mostly
		return
	}
	before := line.Back()
	for before != nil && before.Value.(*query).came > q.came {
		before = before.Prev()
	}
	if before == nil {
		q.at = line.PushFront(q)
	} else {
		q.at = line.InsertAfter(q, before)
	}
}

// deal gives away the places that are free, and those of look-ups that have had their
// time. t.mu is held.
func (t *turns) deal() {
	for t.alive < 2*maxTurns { // else the next that ends deals again
		level := 0
		for level < turnLevels && t.waiting[level].Len() == 0 {
			level++
		}
		if level == turnLevels {
			return
		}
		if t.running.Len() >= maxTurns {
			oldest := t.running.Front().Value.(*query)
			if rest := firstTurn<<level - time.Since(oldest.since); rest > 0 {
				t.dealLater(rest)
				return
			}
			t.setAside(oldest)
		}
		q := t.next(level)
		t.waiting[q.level].Remove(q.at)
		q.turn, q.end = context.WithCancel(context.Background())
		q.since = time.Now()
		q.at = t.running.PushBack(q)
		t.alive++
		go t.run(q, q.turn)
	}
}

// over is the end of the goroutine of a turn.
func (t *turns) over() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.alive--
	t.deal()
}

// next is who gets the next place; lowest is the first level at which somebody waits. t.mu
// is held.
func (t *turns) next(lowest int) *query {
	chosen := t.waiting[lowest].Back().Value.(*query)
	t.places++
	if t.places%2 == 1 {
		return chosen
	}
	newest, longest := (*query)(nil), chosen
	for level := lowest; level < turnLevels; level++ {
		line := &t.waiting[level]
		if line.Len() == 0 {
			continue
		}
		if q := line.Back().Value.(*query); level > lowest && (newest == nil || q.came > newest.came) {
			newest = q
		}
		if q := line.Front().Value.(*query); q.since.Before(longest.since) {
			longest = q
		}
	}
	if t.places%4 == 0 || newest == nil {
		return longest
	}
	return newest
}

// dealLater deals again after d. t.mu is held.
func (t *turns) dealLater(d time.Duration) {
	if t.timer != nil {
		t.timer.Reset(d)
		return
	}
	t.timer = time.AfterFunc(d, func() {
		defer guard(nil)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.deal()
	})
}

// setAside ends a turn. t.mu is held.
func (t *turns) setAside(q *query) {
	t.running.Remove(q.at)
	q.end()
	q.level = min(q.level+1, turnLevels-1)
	t.wait(q)
}

// run is a turn of q, on a goroutine of its own that ends soon after the turn.
func (t *turns) run(q *query, turn context.Context) {
	defer guard(func(err error) { t.ended(q, turn, nil, err) })
	defer t.over()
	if turn.Err() != nil {
		return // thousands may leave at once
	}
	found, err := t.ask(turn, q.host)
	t.ended(q, turn, found, err)
}

// ended takes an answer. One that comes after its turn is good as well.
func (t *turns) ended(q *query, turn context.Context, found []netip.Addr, err error) {
	for _, a := range t.take(q, turn, found, err) {
		a.tell()
	}
}

// take is ended, but for those who are to be notified.
func (t *turns) take(q *query, turn context.Context, found []netip.Addr, err error) []*Awaited {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.at == nil || err != nil && q.turn != turn {
		return nil
	}
	t.forget(q)
	q.found, q.err = found, err
	close(q.done)
	t.deal()
	watchers := q.watchers
	q.watchers = nil
	return watchers
}
