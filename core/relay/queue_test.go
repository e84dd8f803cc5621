// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
)

// newQueue has a pool and counts of its own.
func newQueue(t *testing.T, o config.Relay) *Queue {
	t.Helper()
	if err := o.Fill(); err != nil {
		t.Fatal(err)
	}
	meter := new(loop.Meter)
	meter.Limit(0)
	return New(o, &loop.Pool{Meter: meter}, new(Counts))
}

func message(text string) Message {
	return Message{Op: ws.OpText, At: time.Now(), Topic: []byte("t"), Data: []byte(text)}
}

// publish is what a server does with a message; failed: nobody got it there.
func (q *Queue) publish(m Message, failed bool) *fault.Error {
	leaving, err := q.Leaves(m)
	if err != nil {
		return err
	}
	if failed {
		err = &fault.Error{ID: fault.IDMemory}
	}
	leaving.Goes(&err)
	return err
}

// rest is what Next returns until the end of a queue that ends.
func (q *Queue) rest() string {
	var all []string
	for {
		item, some := q.Next()
		switch {
		case !some:
			return strings.Join(all, " ")
		case item.Name == "":
			all = append(all, string(item.Data))
		default:
			sign := map[bool]string{true: "+", false: "-"}[item.Begins]
			all = append(all, sign+item.Name)
		}
	}
}

func (q *Queue) used() int64 { return q.pool.Used() }

func TestMessagesAndInterestsAreOneLine(t *testing.T) {
	q := newQueue(t, config.Relay{})
	q.Changed("a", false, true)
	q.publish(message("1"), false)
	q.Changed("a", true, true)
	q.publish(message("nobody"), true)
	q.publish(message("2"), false)
	q.Changed("b", false, true)
	q.Changed("b", false, false)
	q.End(time.Now().Add(time.Hour))
	q.publish(message("late"), false)
	if got := q.rest(); got != "+a 1 +a 2" {
		t.Error(got)
	}
	if q.used() != 0 || q.counts.Sent.Load() != 2 || q.counts.Dropped.Load() != 0 {
		t.Errorf("%d bytes are used, %d were sent, %d dropped", q.used(), q.counts.Sent.Load(), q.counts.Dropped.Load())
	}
}

// A message that has its room when the queue is over finds nobody who takes it.
func TestAMessageBehindTheEndIsDropped(t *testing.T) {
	q := newQueue(t, config.Relay{})
	leaving, err := q.Leaves(message("late"))
	if err != nil {
		t.Fatal(err)
	}
	q.End(time.Now().Add(time.Hour))
	if got := q.rest(); got != "" {
		t.Error(got)
	}
	leaving.Goes(&err)
	q.Changed("a", false, true)
	if s := q.Standing(); q.used() != 0 || q.counts.Dropped.Load() != 1 || s != (Standing{}) {
		t.Errorf("%d bytes are used, %d were dropped, %+v", q.used(), q.counts.Dropped.Load(), s)
	}
}

// Without memory in the budget a message is treated as one without room.
func TestAMessageThatDoesNotFitTheBudgetIsDroppedOrRefused(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		q := newQueue(t, config.Relay{Refuse: refuse})
		q.pool.Limit(1000)
		err := q.publish(message(strings.Repeat("x", 5000)), false)
		if refuse != (err != nil && err.ID == fault.IDMemory) {
			t.Errorf("refused %v: %v", refuse, err)
		}
		if q.counts.Dropped.Load() == q.counts.Refused.Load() || refuse != (q.counts.Refused.Load() == 1) {
			t.Errorf("%d were dropped, %d refused", q.counts.Dropped.Load(), q.counts.Refused.Load())
		}
		if s := q.Standing(); s.Messages != 0 || s.Bytes != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// Whatever the threads, each publisher's messages come in its order, and the counts add up.
func TestManyPublishersKeepTheirOrderAndAllIsCounted(t *testing.T) {
	const publishers, messages = 8, 2000
	q := newQueue(t, config.Relay{MaxMessages: 100})
	var order sync.Mutex // as the lock of topics
	var all sync.WaitGroup
	for p := range publishers {
		all.Go(func() {
			for n := range messages {
				leaving, err := q.Leaves(message(fmt.Sprintf("%d %d", p, n)))
				order.Lock()
				leaving.Goes(&err)
				order.Unlock()
				q.Changed(fmt.Sprint(p), false, n%2 == 0)
			}
		})
	}
	go func() {
		all.Wait()
		q.End(time.Now().Add(time.Hour))
	}()
	last, wanted, got := [publishers]int{}, map[string]bool{}, uint64(0)
	for item, some := q.Next(); some; item, some = q.Next() {
		if item.Name != "" {
			if wanted[item.Name] == item.Begins {
				t.Fatalf("%q begins %v, and did so before", item.Name, item.Begins)
			}
			wanted[item.Name] = item.Begins
			continue
		}
		var p, n int
		if _, err := fmt.Sscanf(string(item.Data), "%d %d", &p, &n); err != nil || n < last[p] {
			t.Fatalf("%q comes behind %d: %v", item.Data, last[p], err)
		}
		last[p] = n
		got++
	}
	for name, is := range wanted {
		if is {
			t.Errorf("%q is still wanted", name)
		}
	}
	if c := q.counts; got != c.Sent.Load() || c.Sent.Load()+c.Dropped.Load() != publishers*messages || q.used() != 0 {
		t.Errorf("%d came, %d were sent, %d dropped, %d bytes are used", got, c.Sent.Load(), c.Dropped.Load(), q.used())
	}
}
