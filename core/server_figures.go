// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"github.com/gobwas/ws"

	"libws/core/admit"
	"libws/core/border"
	"libws/core/handshake"
	"libws/core/lock"
	"libws/core/metrics"
	"libws/core/wire"
)

// figures are what a server has counted since it was made. An accepted connection owns
// none of them. Any thread, but for the shards.
type figures struct {
	mu        lock.Mutex[lock.Figures] // held while what the host has sent itself changes its place; innermost
	shards    []*shard                 // of each loop; never changes
	open      atomic.Int64
	peak      atomic.Int64
	accepted  atomic.Uint64
	upgraded  atomic.Uint64
	secured   atomic.Uint64
	unsecured atomic.Uint64 // TLS handshakes that failed or were late
	left      atomic.Uint64 // clients that went before their request was complete
	skipped   atomic.Uint64 // messages over the limit that were dropped
	dropped   atomic.Uint64 // messages that made room for newer ones, or were published and found none
	replaced  atomic.Uint64 // messages that newer ones with their key have replaced
	limited   [admit.LimitCount]atomic.Uint64
	rejected  [rejectCount]atomic.Uint64
}

// flow is what went one way.
type flow struct{ messages, bytes uint64 }

// sharedFlow is a flow that any thread may read, and add to.
type sharedFlow struct{ messages, bytes atomic.Uint64 }

func (f *sharedFlow) add(messages, bytes uint64) {
	f.messages.Add(messages)
	f.bytes.Add(bytes)
}

// shard is what a server counts for the connections of one loop. What messages cost is
// paid in plain memory of the loop and shown to other threads once for a batch, before its
// callbacks run; what is not sent by way of the outbox is shown at once.
type shard struct {
	// The loop's alone.
	arrived, corked flow
	inCounted       bool // in worker.counted

	_ [64]byte // others read, and add to, what follows

	in, out          sharedFlow
	pingsIn, pongsIn atomic.Uint64
	pingsOut         atomic.Uint64

	_ [64]byte
}

func newShards(loops int) []*shard {
	all := make([]*shard, loops)
	for i := range all {
		all[i] = new(shard)
	}
	return all
}

// shard is where connections of a loop are counted, nil when s is: those of clients are not. Any
// thread.
func (s *Server) shard(w *worker) *shard {
	if s == nil {
		return nil
	}
	return s.figures.shards[w.index]
}

// received counts bytes of messages, and those that they end. The loop's thread.
func (s *shard) received(w *worker, messages, bytes uint64) {
	s.arrived.messages += messages
	s.arrived.bytes += bytes
	if !s.inCounted {
		s.list(w)
	}
}

func (s *shard) list(w *worker) {
	s.inCounted = true
	w.counted = append(w.counted, s)
}

// tellCounts shows the others what this loop has counted.
func (w *worker) tellCounts() {
	for i, s := range w.counted {
		if s.arrived != (flow{}) {
			s.in.add(s.arrived.messages, s.arrived.bytes)
		}
		if s.corked != (flow{}) {
			s.out.add(s.corked.messages, s.corked.bytes)
		}
		s.arrived, s.corked, s.inCounted = flow{}, flow{}, false
		w.counted[i] = nil
	}
	w.counted = w.counted[:0]
}

// countCorked counts the messages of a connection that leave by the outbox.
func (s *shard) countCorked(w *worker, segments []border.Segment, head uint32) {
	for i := head; i != 0; i = segments[i].Next {
		g := &segments[i]
		messages, pairs := uint64(g.Head/border.HeadMessage), uint64(g.Head%border.HeadMessage/border.HeadPair)
		s.corked.messages += messages
		s.corked.bytes += uint64(g.Size) - 2*(messages+pairs)
	}
	if !s.inCounted {
		s.list(w)
	}
}

// opens and closes count a connection of a server, or of a client with nil, that exchanges
// frames. The loop's thread.
func (n *counters) opens(s *Server) {
	raise(&n.peak, n.open.Add(1))
	if s != nil {
		f := &s.figures
		f.upgraded.Add(1)
		raise(&f.peak, f.open.Add(1))
	}
}

func (n *counters) closes(s *Server) {
	n.open.Add(-1)
	if s != nil {
		s.figures.open.Add(-1)
	}
}

// drops and replaces count messages of a connection of a server, or of a client with nil, that do
// not reach the peer: its queue is full, or newer ones take their place.
func (n *counters) drops(s *Server, messages uint64) {
	n.dropped.Add(messages)
	if s != nil {
		s.figures.dropped.Add(messages)
	}
}

func (n *counters) replaces(s *Server, messages uint64) {
	n.replaced.Add(messages)
	if s != nil {
		s.figures.replaced.Add(messages)
	}
}

// raise makes peak at least now.
func raise(peak *atomic.Int64, now int64) {
	for {
		before := peak.Load()
		if now <= before || peak.CompareAndSwap(before, now) {
			return
		}
	}
}

// reject is why a request got no connection, beside limits.
type reject uint8

const (
	rejectRequest     reject = iota // no upgrade, or a bad one
	rejectOrigin                    // RFC 6455 10.2
	rejectLate                      // not complete in time
	rejectSize                      // its target, fields or body
	rejectUnavailable               // no memory, no handle, no decision of the host, a stop
	rejectCount
)

// rejects counts an answer of the library that is not about a limit.
func (f *figures) rejects(r *handshake.Rejection) {
	why := rejectRequest
	switch r.Status {
	case 403:
		why = rejectOrigin
	case 408:
		why = rejectLate
	case 413, 414, 431:
		why = rejectSize
	case 500, 503:
		why = rejectUnavailable
	}
	f.rejected[why].Add(1)
}

// Stats tells how the server stands. Any thread; it looks at each connection.
func (s *Server) Stats() metrics.ServerStats {
	f := &s.figures
	t := metrics.ServerStats{
		Connections: f.open.Load(), Peak: f.peak.Load(), Accepted: f.accepted.Load(), Upgraded: f.upgraded.Load(),
		Secured: f.secured.Load(), Unsecured: f.unsecured.Load(), Left: f.left.Load(), Dropped: f.dropped.Load(), Skipped: f.skipped.Load(), Replaced: f.replaced.Load(),
		Descriptors: f.limited[admit.LimitDescriptors].Load(), Ceiling: f.limited[admit.LimitCeiling].Load(), Limit: f.limited[admit.LimitConnections].Load(),
		Clients: f.limited[admit.LimitClients].Load(), Own: f.limited[admit.LimitPerClient].Load(), Rate: f.limited[admit.LimitRate].Load(),
		BadRequests: f.rejected[rejectRequest].Load(), Origins: f.rejected[rejectOrigin].Load(), Late: f.rejected[rejectLate].Load(),
		TooLarge: f.rejected[rejectSize].Load(), Unavailable: f.rejected[rejectUnavailable].Load(),
	}
	t.Relay = s.relayStats()
	t.Peak = max(t.Peak, t.Connections) // one may just be opening
	s.mu.Lock()
	defer s.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, h := range f.shards {
		t.MessagesIn += h.in.messages.Load()
		t.BytesIn += h.in.bytes.Load()
		t.MessagesOut += h.out.messages.Load()
		t.BytesOut += h.out.bytes.Load()
		t.PingsIn += h.pingsIn.Load()
		t.PingsOut += h.pingsOut.Load()
		t.PongsIn += h.pongsIn.Load()
	}
	for c := s.first; c != nil; c = c.next {
		if c.block != nil {
			t.Buffered += c.block.Buffered()
			messages, bytes := c.w.direct(c.block).sent()
			t.MessagesOut += messages
			t.BytesOut += bytes
		}
	}
	return t
}

// chunk counts a piece of a frame. The loop's thread.
func (s *shard) chunk(w *worker, c *wire.Chunk) {
	switch {
	case !c.Op.IsControl():
		ended := uint64(0)
		if c.Flags&wire.MessageEnd != 0 {
			ended = 1
		}
		s.received(w, ended, uint64(len(c.Payload)))
	case c.Flags&wire.FrameStart == 0:
	case c.Op == ws.OpPing:
		s.pingsIn.Add(1)
	case c.Op == ws.OpPong:
		s.pongsIn.Add(1)
	}
}

// Named is Stats with what tells the figures of servers apart. Any thread.
func (s *Server) Named() metrics.Named {
	t := metrics.Named{ServerStats: s.Stats()}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Name = s.address
	return t
}
