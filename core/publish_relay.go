// SPDX-License-Identifier: Apache-2.0

package core

import (
	"time"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/fault"
	"libws/core/metrics"
	"libws/core/relay"
	"libws/core/shelf"
	"libws/core/topics"
)

// Relay is one relay of a server, from SetRelay until it is over: what its thread goes on with.
type Relay struct {
	server *Server
	queue  *relay.Queue
}

// SetRelay lets a relay have what is published from now on. begins starts the thread that calls
// Next until that is false, and then Over; when it fails, nothing has begun. Any thread.
func (s *Server) SetRelay(o config.Relay, begins func(*Relay) *fault.Error) *fault.Error {
	if err := o.Fill(); err != nil {
		return err
	}
	r := &Relay{s, relay.New(o, &s.engine.pool, &s.relayed)}
	if err := s.takeRelay(r, o.Interest); err != nil {
		return err
	}
	if err := begins(r); err != nil {
		r.queue.End(time.Now())
		for _, some := r.Next(); some; _, some = r.Next() {
		}
		r.Over()
		return err
	}
	return nil
}

// takeRelay makes r the relay of the server.
func (s *Server) takeRelay(r *Relay, interest bool) *fault.Error {
	s.topics.Mu.Lock()
	defer s.topics.Mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state == serverStopping:
		return fault.Refused(fault.IDState, "server: is stopping, and its relay ends with that; wait for the completion of ws_server_stop")
	case s.state == serverDestroyed:
		return fault.Refused(fault.IDHandle, "server: was destroyed")
	case s.relay.Load() != nil:
		return fault.Refused(fault.IDState, "server: has a relay, or one that is still ending; take it off by NULL, and wait for its on_end")
	}
	s.relay.Store(r)
	s.relays++
	s.relayed.Was.Store(true)
	if interest {
		s.topics.Watch(r.queue)
	}
	return nil
}

// EndRelay takes the relay off, if there is one: what waits drains. Any thread.
func (s *Server) EndRelay() {
	if r := s.relay.Load(); r != nil {
		r.queue.End(time.Now().Add(r.queue.Drain()))
	}
}

// relayEnds ends the relay of a server that has nothing else left, and tells whether one is still
// there. s.mu is held.
func (s *Server) relayEnds() bool {
	r := s.relay.Load()
	switch {
	case r == nil:
	case s.state == serverStopping:
		r.queue.End(time.Now().Add(r.queue.Drain()))
	case s.state == serverDestroyed:
		r.queue.End(time.Now())
	}
	return s.relays > 0
}

// Next waits for what the relay gets next, which is good until it is called again. False: it gets
// nothing any more, and the server may have another one. The relay's thread.
func (r *Relay) Next() (*relay.Item, bool) {
	item, some := r.queue.Next()
	if !some {
		r.leaves()
	}
	return item, some
}

// leaves makes place for another relay.
func (r *Relay) leaves() {
	s := r.server
	s.topics.Mu.Lock()
	defer s.topics.Mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.relay.CompareAndSwap(r, nil) {
		s.topics.Watch(nil)
	}
}

// Over is called when the host knows that a relay has ended. The relay's thread.
func (r *Relay) Over() {
	r.server.relayOver()
	r.server.settle()
}

func (s *Server) relayOver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.relays--
}

// relayStats tells what relays have done, and how the one that there is stands. Any thread.
func (s *Server) relayStats() metrics.RelayStats {
	n := &s.relayed
	t := metrics.RelayStats{Was: n.Was.Load(), Sent: n.Sent.Load(), Delivered: n.Delivered.Load(), Dropped: n.Dropped.Load(),
		Refused: n.Refused.Load(), Age: time.Duration(n.Age.Load())}
	if r := s.relay.Load(); r != nil {
		now := r.queue.Standing()
		t.Waiting, t.WaitingBytes, t.Lag, t.Subscriptions = now.Messages, now.Bytes, now.Lag, now.Known
	}
	return t
}

// leaving is a message on its way to the relay; an error when it has to be refused.
func (r *Relay) leaving(topic, data []byte, op ws.OpCode, rank shelf.Rank) (relay.Leaving, *fault.Error) {
	return r.queue.Leaves(relay.Message{Op: op, Broadcast: len(topic) == 0, Priority: rank.Priority, Key: rank.Key,
		At: time.Now(), Topic: topic, Data: data})
}

// leavesOnly lets a message go to the relay and to nobody else, in one order with all others.
func (s *Server) leavesOnly(leaving relay.Leaving) {
	s.topics.Mu.Lock()
	defer s.topics.Mu.Unlock()
	var none *fault.Error
	leaving.Goes(&none)
}

// Deliver publishes, or broadcasts, on this server only what its relay hands in. Any thread.
func (s *Server) Deliver(m relay.Message) *fault.Error {
	if s.relay.Load() == nil {
		return fault.Refused(fault.IDState, "server: has no relay, or it has ended")
	}
	if !m.Broadcast {
		if err := topics.CheckName(m.Topic); err != nil {
			return err
		}
	}
	if err := s.mayPublish(m.Data, m.Op); err != nil {
		return err
	}
	var err *fault.Error
	rank := shelf.Rank{Key: m.Key, Priority: m.Priority}
	if m.Broadcast {
		_, err = s.broadcast(m.Data, m.Op, nil, rank, relay.Leaving{})
	} else {
		_, err = s.publish(m.Topic, m.Data, m.Op, nil, rank, relay.Leaving{})
	}
	if err != nil {
		return err
	}
	s.relayed.Delivered.Add(1)
	age := time.Duration(0)
	if !m.At.IsZero() {
		age = max(0, time.Since(m.At))
	}
	s.relayed.Age.Store(int64(age))
	return nil
}
