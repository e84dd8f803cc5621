// SPDX-License-Identifier: Apache-2.0

// Package relay is the way of what is published out of the process: a queue with bounds between
// who publishes and a relay of the host. It knows nothing of servers nor of what a relay does.
// Come here when a message is missing in other processes, or comes there in another order.
package relay

import (
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/loop"
	"libws/core/topics"
)

// Message is one that leaves the process, or comes into it.
type Message struct {
	Op        ws.OpCode
	Broadcast bool // Topic is empty
	Priority  uint8
	Key       uint64
	At        time.Time // when it was published; zero: not known
	Topic     []byte
	Data      []byte
}

// Interest is that a topic or a pattern has got its first subscriber, or has lost its last.
type Interest struct {
	Name    string
	Pattern bool
	Begins  bool
}

// Item is what a relay gets next: a message, or an interest when its name is not empty.
type Item struct {
	Message
	Interest
	memory []byte // of the pool: Topic, a NUL, Data, a NUL
}

// item is one that waits.
type item struct {
	Item
	before, behind *item
	size           int64 // bytes that it counts for
}

// topic names what an interest is about.
type topic struct {
	name    string
	pattern bool
}

// Queue is what waits for one relay: messages within bounds, and interests, of which one waits for
// a topic at the most: what begins and ends again before the relay gets it, it does not get. So
// there are no more of them than topics that there are or that the relay knows. All are one line.
type Queue struct {
	// Never changes.
	options config.Relay
	pool    *loop.Pool
	counts  *Counts
	wake    chan struct{} // has room for one
	last    Item          // what Next returned; its caller's

	mu          lock.Mutex[lock.Relay]
	first, tail *item                 // guarded by mu
	interests   ebb.Map[topic, *item] // those that wait; guarded by mu
	messages    int64                 // that wait, or are about to; guarded by mu
	bytes       int64                 // of these; guarded by mu
	known       int64                 // topics and patterns that the relay knows of; guarded by mu
	asleep      bool                  // Next waits for wake; guarded by mu
	ending      bool                  // nothing is let in; guarded by mu
	until       time.Time             // then what waits is dropped; guarded by mu
	over        bool                  // Next has returned false; guarded by mu
}

// New is an empty queue with options that were filled.
func New(o config.Relay, pool *loop.Pool, counts *Counts) *Queue {
	return &Queue{options: o, pool: pool, counts: counts, wake: make(chan struct{}, 1)}
}

// ---- messages that leave ------------------------------------------------------------------------

// Leaving is a message that is about to leave: it has its room in the queue, but no place. Its zero
// value is none.
type Leaving struct {
	queue *Queue
	item  *item // nil: there is no room, and it is dropped
}

// Is tells whether there is one.
func (l Leaving) Is() bool { return l.queue != nil }

// Returns tells whether messages of a topic come back, and are for nobody before.
func (q *Queue) Returns(topic []byte) bool {
	for _, pattern := range q.options.Returning {
		if topics.Fits([]byte(pattern), topic) {
			return true
		}
	}
	return false
}

// Leaves finds room for a message, before anybody gets it: an error when it has to be refused.
// Goes follows. Any thread.
func (q *Queue) Leaves(m Message) (Leaving, *fault.Error) {
	size := int64(len(m.Topic) + len(m.Data))
	if ending, why := q.claim(size); ending || why != nil {
		return q.full(ending, why)
	}
	memory, err := q.pool.Get(len(m.Topic) + len(m.Data) + 2)
	if err != nil {
		q.release(size)
		return q.full(false, errMemory)
	}
	memory = append(append(memory, m.Topic...), 0)
	memory = append(append(memory, m.Data...), 0)
	m.Topic, m.Data = memory[:len(m.Topic)], memory[len(m.Topic)+1:len(memory)-1]
	return Leaving{q, &item{Item: Item{Message: m, memory: memory}, size: size}}, nil
}

var errMemory = &fault.Error{ID: fault.IDMemory, Text: "relay: the memory budget is used up; nobody got the message"}

// claim counts a message when there is room for it; else why not.
func (q *Queue) claim(size int64) (ending bool, why *fault.Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ending {
		return true, nil
	}
	if q.messages >= q.options.MaxMessages || q.bytes+size > q.options.MaxBytes {
		return false, fault.Refused(fault.IDFull, "relay: %d messages of %d bytes wait for it, and max_messages is %d, max_bytes %d; nobody got this one of %d bytes",
			q.messages, q.bytes, q.options.MaxMessages, q.options.MaxBytes, size)
	}
	q.messages++
	q.bytes += size
	return false, nil
}

// release takes a message off the count.
func (q *Queue) release(size int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages--
	q.bytes -= size
}

// full is what becomes of a message without room.
func (q *Queue) full(ending bool, why *fault.Error) (Leaving, *fault.Error) {
	switch {
	case ending:
		return Leaving{}, nil
	case q.options.Refuse:
		q.counts.Refused.Add(1)
		return Leaving{}, why
	}
	return Leaving{queue: q}, nil
}

// Goes gives a message that Is its place, behind all that have theirs, unless nobody got it because of an
// error. Who publishes on a server does it under the lock that gives all subscribers the same order.
func (l Leaving) Goes(err **fault.Error) {
	q := l.queue
	switch {
	case *err != nil && l.item != nil:
		q.pool.Put(l.item.memory)
		q.release(l.item.size)
	case *err != nil:
	case l.item == nil:
		q.counts.Dropped.Add(1)
	default:
		q.append(l.item)
	}
}

func (q *Queue) append(i *item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(i)
	if q.over {
		q.dropAll()
	}
}

// ---- interests ----------------------------------------------------------------------------------

// Changed notes that a topic or a pattern has begun or ended.
func (q *Queue) Changed(name string, pattern, begins bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	of := topic{name, pattern}
	if waits := q.interests.Of(of); waits != nil { // of a topic they take turns: it is the opposite
		q.interests.Drop(of)
		q.unlink(waits)
		return
	}
	if q.over {
		return
	}
	i := &item{Item: Item{Interest: Interest{name, pattern, begins}}}
	q.interests.Put(of, i)
	q.put(i)
}

// ---- the line -----------------------------------------------------------------------------------

// put puts an item at the end of the line. mu is held.
func (q *Queue) put(i *item) {
	if i.before = q.tail; i.before != nil {
		i.before.behind = i
	} else {
		q.first = i
	}
	q.tail = i
	if q.asleep {
		q.asleep = false
		q.wake <- struct{}{}
	}
}

// unlink takes an item out of the line. mu is held.
func (q *Queue) unlink(i *item) {
	if i.before != nil {
		i.before.behind = i.behind
	} else {
		q.first = i.behind
	}
	if i.behind != nil {
		i.behind.before = i.before
	} else {
		q.tail = i.before
	}
	i.before, i.behind = nil, nil
}

// Next waits for what comes next, which is good until it is called again; false: nothing comes any
// more. One thread.
func (q *Queue) Next() (*Item, bool) {
	q.pool.Put(q.last.memory)
	q.last = Item{}
	for {
		found, over := q.take()
		if found || over {
			return &q.last, found
		}
		//lint:ignore S1000 the simulator waits in a select only
		select {
		case <-q.wake:
		}
	}
}

// take takes the first item, if there is one.
func (q *Queue) take() (found, over bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropLate()
	i := q.first
	if i == nil {
		q.over, q.asleep = q.ending, !q.ending
		return false, q.over
	}
	q.unlink(i)
	q.last = i.Item
	if i.Name == "" {
		q.messages--
		q.bytes -= i.size
		q.counts.Sent.Add(1)
		return true, false
	}
	q.interests.Drop(topic{i.Name, i.Pattern})
	if q.known++; !i.Begins {
		q.known -= 2
	}
	return true, false
}

// dropLate empties the line when its time is over. mu is held.
func (q *Queue) dropLate() {
	if q.ending && !time.Now().Before(q.until) {
		q.dropAll()
	}
}

// dropAll empties the line. mu is held.
func (q *Queue) dropAll() {
	for i := q.first; i != nil; i = q.first {
		q.unlink(i)
		if i.Name == "" {
			q.pool.Put(i.memory)
			q.messages--
			q.bytes -= i.size
			q.counts.Dropped.Add(1)
		}
	}
	q.interests = ebb.Map[topic, *item]{}
}

// End lets nothing in any more; what waits is dropped when that takes longer than until. Once more
// it may make that sooner. Any thread.
func (q *Queue) End(until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.ending || until.Before(q.until) {
		q.ending, q.until = true, until
	}
	q.dropLate()
	if q.asleep {
		q.asleep = false
		q.wake <- struct{}{}
	}
}

// Drain is how long an end that is in no hurry lets what waits leave.
func (q *Queue) Drain() time.Duration { return q.options.Drain }
