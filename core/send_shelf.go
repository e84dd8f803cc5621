// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/loop"
)

// early is a message, or a piece of one, that waits whole.
type early struct {
	first byte   // of its frame
	data  []byte // of the pool
	size  int    // of the frame, as counted in Block.Out
	done  border.Completion
}

// shelf is where what waits whole lies: messages that cannot go out yet (send_early.go), and those
// that were published in the middle of a message in pieces (form.later). It knows no
// connection; who puts something there or takes it counts it in Block.Out. Guarded by Conn.mu.
type shelf struct {
	early       []early
	between     []early
	waits       uint64              // bytes of both
	dropped     uint64              // messages that made room for others, or were published and found none
	uncompleted []border.Completion // of those that made room
}

func (s *shelf) put(e early) {
	s.early = append(s.early, e)
	s.waits += uint64(e.size)
}

func (s *shelf) putBetween(e early) {
	s.between = append(s.between, e)
	s.waits += uint64(e.size)
}

// next takes the first message that waits away.
func (s *shelf) next() (e early) {
	e, s.early = shift(s.early)
	s.waits -= uint64(e.size)
	return e
}

// nextBetween takes the first away that waited for a last piece; it still counts as waiting,
// until it has gone or stands behind the others.
func (s *shelf) nextBetween() (e early) {
	e, s.between = shift(s.between)
	return e
}

// shift takes the first of a list away, which is nil when none is left.
func shift(list []early) (early, []early) {
	first := list[0]
	list[0] = early{}
	if list = list[1:]; len(list) == 0 {
		list = nil
	}
	return first, list
}

// takeAll takes all messages away, but for those between pieces.
func (s *shelf) takeAll() []early {
	all := s.early
	s.early, s.waits = nil, 0
	return all
}

// takeBetween takes those away that wait for a last piece that never comes.
func (s *shelf) takeBetween() []early {
	all := s.between
	s.between = nil
	for _, e := range all {
		s.waits -= uint64(e.size)
	}
	return all
}

// takeTorn takes away the pieces of messages that cannot be whole on the next connection: of
// one that has begun on this one, and of one that has not ended, which its end has cut.
func (s *shelf) takeTorn() (torn []early) {
	var rest, begun []early
	for _, e := range s.early {
		if opcode(e.first) == ws.OpContinuation && begun == nil {
			torn = append(torn, e) // its first piece has left
			continue
		}
		if begun = append(begun, e); e.first&finBit != 0 {
			rest, begun = append(rest, begun...), nil
		}
	}
	torn = append(torn, begun...)
	for _, e := range torn {
		s.waits -= uint64(e.size)
	}
	s.early = rest
	return torn
}

// again puts messages that have left in front of those that wait.
func (s *shelf) again(all []unacked) {
	if len(all) == 0 {
		return
	}
	again := make([]early, 0, len(all)+len(s.early))
	for _, u := range all {
		again = append(again, u.early)
		s.waits += uint64(u.size)
	}
	s.early = append(again, s.early...)
}

// dropOldest drops whole messages until room bytes are free: how many bytes and messages they
// were, and whether a completion of one is still to be called. None is dropped when all that may be are
// not enough, unless everything is free then: buffered is what waits in all. A message of
// which a piece has left or is still to come stays.
func (s *shelf) dropOldest(pool *loop.Pool, need, buffered int) (free int, messages uint64, tell, ok bool) {
	begin := 0 // the first message of which nothing has left
	for begin < len(s.early) && opcode(s.early[begin].first) == ws.OpContinuation {
		begin++
	}
	end := begin
	for i, pending := begin, 0; i < len(s.early) && free < need; i++ {
		pending += s.early[i].size
		if s.early[i].first&finBit != 0 {
			end, free, pending, messages = i+1, free+pending, 0, messages+1
		}
	}
	if free < need && free < buffered {
		return 0, 0, false, false
	}
	posted := len(s.uncompleted) > 0
	for _, e := range s.early[begin:end] {
		pool.Put(e.data)
		if e.done.Wanted() {
			s.uncompleted = append(s.uncompleted, e.done)
		}
	}
	copy(s.early[end-begin:end], s.early[:begin])
	clear(s.early[:end-begin])
	s.early = s.early[end-begin:]
	s.waits -= uint64(free)
	return free, messages, len(s.uncompleted) > 0 && !posted, true
}

// takeUncompleted takes away the completions of those that made room.
func (s *shelf) takeUncompleted() []border.Completion {
	uncompleted := s.uncompleted
	s.uncompleted = nil
	return uncompleted
}
