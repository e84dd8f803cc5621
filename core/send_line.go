// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/wire"
)

// Rank says which of the messages that wait whole leaves first, and which one replaces another.
// The zero value is that of a message without.
type Rank struct {
	Key      uint64 // 0: it replaces nothing
	Priority uint8  // up to MaxPriority; the higher, the earlier
}

// MaxPriority is the highest one.
const MaxPriority = 7

// NewRank checks what a host wants.
func NewRank(key uint64, priority int32) (Rank, *fault.Error) {
	if priority < 0 || priority > MaxPriority {
		return Rank{}, fault.Refused(fault.IDParameter, "options.priority: %d is not in 0..%d", priority, MaxPriority)
	}
	return Rank{Key: key, Priority: uint8(priority)}, nil // fits: MaxPriority
}

// line is messages in the order in which they leave: those with a higher priority first, and
// those with the same one as they came. Pieces have priority 0. Behind a first piece that has left
// come all others of its message, whatever their priority: they are at the front, and nobody
// overtakes them. Guarded by Conn.mu.
type line struct {
	first, last *place
	ranks       *ranks // nil: no message has a key or a priority
}

// place is where a message stands in a line.
type place struct {
	early
	next, prev *place
}

// ranks is what a line knows of its messages with a key or a priority.
type ranks struct {
	last [MaxPriority + 1]*place // with each priority; nil: there is none. [0] is not used
	keys ebb.Map[uint64, *place]
}

func (l *line) empty() bool { return l.first == nil }

// under is the message that waits under a key, nil for none.
func (l *line) under(key uint64) *place {
	if key == 0 || l.ranks == nil {
		return nil
	}
	return l.ranks.keys.Of(key)
}

// put puts a message behind all with its priority. None waits under its key.
func (l *line) put(e early) {
	p := &place{early: e}
	l.insert(p, l.behind(e.rank.Priority))
	if e.rank == (Rank{}) {
		return
	}
	if l.ranks == nil {
		l.ranks = new(ranks)
	}
	if e.rank.Priority > 0 {
		l.ranks.last[e.rank.Priority] = p
	}
	if e.rank.Key != 0 {
		l.ranks.keys.Put(e.rank.Key, p)
	}
}

// behind is the last message with a priority or a higher one, or the last piece that has to
// leave before; nil: there is neither.
func (l *line) behind(priority uint8) *place {
	if priority == 0 {
		return l.last
	}
	if l.ranks != nil {
		for i := priority; i <= MaxPriority; i++ {
			if p := l.ranks.last[i]; p != nil {
				return p
			}
		}
	}
	return l.begun()
}

// begun is the last piece of the message whose first piece has left; nil for none.
func (l *line) begun() (last *place) {
	for p := l.first; p != nil && wire.OpCode(p.first) == ws.OpContinuation; p = p.next {
		if last = p; p.first&wire.Fin != 0 {
			break
		}
	}
	return last
}

func (l *line) insert(p, behind *place) {
	p.prev, p.next = behind, l.first
	if behind != nil {
		p.next = behind.next
		behind.next = p
	} else {
		l.first = p
	}
	if p.next != nil {
		p.next.prev = p
	} else {
		l.last = p
	}
}

// take takes a message away.
func (l *line) take(p *place) early {
	if p.prev != nil {
		p.prev.next = p.next
	} else {
		l.first = p.next
	}
	if p.next != nil {
		p.next.prev = p.prev
	} else {
		l.last = p.prev
	}
	if r := l.ranks; r != nil {
		r.forget(p)
	}
	if l.first == nil {
		l.ranks = nil // the room of many goes with it
	}
	p.next, p.prev = nil, nil
	return p.early
}

func (r *ranks) forget(p *place) {
	if p.rank.Key != 0 {
		r.keys.Drop(p.rank.Key)
	}
	if at := p.rank.Priority; at > 0 && r.last[at] == p {
		r.last[at] = nil
		if p.prev != nil && p.prev.rank.Priority == at {
			r.last[at] = p.prev
		}
	}
}

// replace puts a message where another one stands, with the same key and priority.
func (p *place) replace(e early) (old early) {
	old, p.early = p.early, e
	return old
}

// takeAll empties a line.
func (l *line) takeAll() (all []early) {
	for p := l.first; p != nil; p = p.next {
		all = append(all, p.early)
	}
	*l = line{}
	return all
}

// oldest are whole messages that may be dropped, until they have room bytes: those with the least
// priority first, and the oldest of these. A message of which a piece has left or is still to
// come is none of them.
func (l *line) oldest(room int) (all []*place, free int, messages uint64) {
	for priority := range uint8(MaxPriority + 1) {
		if priority > 0 && l.ranks == nil {
			break
		}
		whole, pending := len(all), 0
		for p := l.begin(priority); p != nil && p.rank.Priority == priority && free < room; p = p.next {
			all = append(all, p)
			pending += p.size
			if p.first&wire.Fin != 0 {
				whole, free, pending, messages = len(all), free+pending, 0, messages+1
			}
		}
		all = all[:whole]
	}
	return all, free, messages
}

// begin is the first place behind all with a higher priority, and behind what has begun.
func (l *line) begin(priority uint8) *place {
	before := l.begun()
	if priority < MaxPriority {
		before = l.behind(priority + 1)
	}
	if before == nil {
		return l.first
	}
	return before.next
}
