// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"container/list"
	"context"
	"net/netip"
	"sync"
	"time"
)

const (
	maxTurns   = 64                    // look-ups that run at once, each with a socket or two
	firstTurn  = 50 * time.Millisecond // of a name; each later one is twice as long
	turnLevels = 8                     // the last ones are 6.4 s: a whole try of the resolver
	oldestTurn = 4                     // each so many-th free place is the oldest one's
)

// turns has names looked up, a bounded number at once. Who has had the least time comes
// first, the newest of those, so that a name that is answered need not wait behind
// thousands that are not; each fourth place goes to the one that waits longest, so that
// nobody waits for ever. While others wait a look-up is set aside when it has had as long
// as the next one's turn is. It begins anew at its next turn: a resolver farther away that
// went on has the answer by then.
type turns struct {
	ask func(ctx context.Context, host string) ([]netip.Addr, error) // ends soon after ctx

	mu      sync.Mutex // guards all that follows
	queries map[string]*query
	waiting [turnLevels]list.List // by the turns that they have had; the newest at the back
	running list.List             // the longest turn at the front
	places  int                   // given away so far
	timer   *time.Timer           // deals again; nil before the first time
}

// query is a look-up that some attempts wait for.
type query struct {
	host  string
	done  chan struct{} // closed when found and err are set, which never change then
	found []netip.Addr
	err   error

	// Guarded by turns.mu.
	askers int
	level  int                // turns that it has had
	turn   context.Context    // nil: it waits
	end    context.CancelFunc // of turn
	since  time.Time          // when it began to wait, or its turn
	at     *list.Element      // in waiting[level] or running; nil: it has ended
}

func newTurns(ask func(context.Context, string) ([]netip.Addr, error)) *turns {
	return &turns{ask: ask, queries: map[string]*query{}}
}

// join has host looked up; who does not wait for done has to leave.
func (t *turns) join(host string) *query {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.queries[host]
	if q == nil {
		q = &query{host: host, done: make(chan struct{}), since: time.Now()}
		t.queries[host] = q
		q.at = t.waiting[0].PushBack(q)
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

// deal gives away the places that are free, and those of look-ups that have had their
// time. t.mu is held.
func (t *turns) deal() {
	for level := 0; level < turnLevels; {
		line := &t.waiting[level]
		if line.Len() == 0 {
			level++
			continue
		}
		if t.running.Len() >= maxTurns {
			oldest := t.running.Front().Value.(*query)
			if rest := firstTurn<<level - time.Since(oldest.since); rest > 0 {
				t.dealLater(rest)
				return
			}
			t.setAside(oldest)
		}
		q := line.Back().Value.(*query)
		if t.places++; t.places%oldestTurn == 0 {
			q = t.longest()
		}
		t.waiting[q.level].Remove(q.at)
		q.turn, q.end = context.WithCancel(context.Background())
		q.since = time.Now()
		q.at = t.running.PushBack(q)
		go t.run(q, q.turn)
	}
}

// longest is who waits longest. t.mu is held, and somebody waits.
func (t *turns) longest() *query {
	var longest *query
	for level := range t.waiting {
		if first := t.waiting[level].Front(); first != nil {
			if q := first.Value.(*query); longest == nil || q.since.Before(longest.since) {
				longest = q
			}
		}
	}
	return longest
}

// dealLater deals again after d. t.mu is held.
func (t *turns) dealLater(d time.Duration) {
	if t.timer != nil {
		t.timer.Reset(d)
		return
	}
	t.timer = time.AfterFunc(d, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.deal()
	})
}

// setAside ends a turn. t.mu is held.
func (t *turns) setAside(q *query) {
	t.running.Remove(q.at)
	q.end()
	q.turn, q.end, q.since = nil, nil, time.Now()
	q.level = min(q.level+1, turnLevels-1)
	q.at = t.waiting[q.level].PushBack(q)
}

// run is a turn of q, on a goroutine of its own that ends soon after the turn.
func (t *turns) run(q *query, turn context.Context) {
	defer guard(func(err error) { t.ended(q, turn, nil, err) })
	found, err := t.ask(turn, q.host)
	t.ended(q, turn, found, err)
}

// ended takes an answer. One that comes after its turn is good as well.
func (t *turns) ended(q *query, turn context.Context, found []netip.Addr, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.at == nil || err != nil && q.turn != turn {
		return
	}
	t.forget(q)
	q.found, q.err = found, err
	close(q.done)
	t.deal()
}
