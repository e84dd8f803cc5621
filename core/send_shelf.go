// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// early is a message, or a piece of one, that waits whole.
type early struct {
	first byte   // of its frame
	rank  Rank   // of a whole message
	data  []byte // see keep
	size  int    // of the frame, as counted in Block.Out
	done  border.Completion
}

// smallKept is the largest message that is kept in the Go heap: the buffers of the pool are
// larger. placeSize is about what a message takes beside its data, which may be less than that.
const (
	smallKept = 255
	placeSize = 160
)

// keep copies the data of a message, which has to wait; free gives it back.
func (e *early) keep(pool *loop.Pool) error {
	n := len(e.data)
	if n <= smallKept {
		e.data = append(make([]byte, 0, n), e.data...)
		pool.Count(placeSize + n)
		return nil
	}
	b, err := pool.Force(n)
	if err == nil {
		e.data = append(b, e.data...)
		pool.Count(placeSize)
	}
	return err
}

func (e *early) free(pool *loop.Pool) {
	n := placeSize
	switch {
	case e.data == nil: // it is given back
		return
	case len(e.data) <= smallKept:
		n += len(e.data)
	default:
		pool.Put(e.data)
	}
	e.data = nil
	pool.Count(-n)
}

// shelf is where what waits whole lies: messages that cannot go out yet (send_early.go), and those
// that were published in the middle of a message in pieces (form.later). It knows no
// connection; who puts something there or takes it counts it in Block.Out. Guarded by Conn.mu.
type shelf struct {
	early       line
	between     line
	waits       uint64     // bytes of both
	dropped     uint64     // messages that made room for others, or were published and found none
	replaced    uint64     // messages that others with their key have replaced
	uncompleted []unwanted // of those that made room or were replaced
}

// unwanted is a message that does not leave, and whose completion is still to be called.
type unwanted struct {
	done border.Completion
	why  *fault.Error
}

// lay puts a message into a line, in the place of one that waits there under its key, of which it
// returns the bytes; 0: there was none. first: its completion is still to be called, and no other one is.
func (s *shelf) lay(l *line, pool *loop.Pool, e early) (freed int, first bool) {
	s.waits += uint64(e.size)
	at := l.under(e.rank.Key)
	if at == nil {
		l.put(e)
		return 0, false
	}
	var old early
	if at.rank == e.rank {
		old = at.replace(e)
	} else {
		old = l.take(at)
		l.put(e)
	}
	s.waits -= uint64(old.size)
	s.replaced++
	old.free(pool)
	return old.size, s.completes(old.done, errReplaced)
}

// owes notes that a completion is still to be told, if it is wanted; true when it is the first.
func (s *shelf) completes(done border.Completion, why *fault.Error) bool {
	if !done.Wanted() {
		return false
	}
	s.uncompleted = append(s.uncompleted, unwanted{done, why})
	return len(s.uncompleted) == 1
}

// next takes the first message that waits away.
func (s *shelf) next() early {
	e := s.early.take(s.early.first)
	s.waits -= uint64(e.size)
	return e
}

// nextBetween takes the first away that waited for a last piece; it still counts as waiting,
// until it has gone or stands behind the others.
func (s *shelf) nextBetween() early { return s.between.take(s.between.first) }

// takeAll takes all messages away, but for those between pieces.
func (s *shelf) takeAll() []early {
	all := s.early.takeAll()
	s.waits = 0
	return all
}

// takeBetween takes those away that wait for a last piece that never comes.
func (s *shelf) takeBetween() []early {
	all := s.between.takeAll()
	for _, e := range all {
		s.waits -= uint64(e.size)
	}
	return all
}

// takeTorn takes away the pieces of messages that cannot be whole on the next connection: of
// one that has begun on this one, and of one that has not ended, which its end has cut.
func (s *shelf) takeTorn() (torn []early) {
	var open *place // the first piece of a message that has not ended
	for p := s.early.first; p != nil; {
		now := p
		p = p.next
		switch {
		case wire.OpCode(now.first) == ws.OpContinuation && open == nil:
			torn = append(torn, s.early.take(now)) // its first piece has left
		case now.first&wire.Fin != 0:
			open = nil
		case open == nil:
			open = now
		}
	}
	for open != nil {
		now := open
		open = now.next
		torn = append(torn, s.early.take(now))
	}
	for _, e := range torn {
		s.waits -= uint64(e.size)
	}
	return torn
}

// again puts messages that have left in front of those with their priority that wait, unless a
// newer one waits under the key; how many have been replaced so.
func (s *shelf) again(pool *loop.Pool, all []unacked) (replaced uint64) {
	if len(all) == 0 {
		return 0
	}
	before, rest := s.replaced, s.early.takeAll()
	for _, u := range all {
		s.lay(&s.early, pool, u.early)
	}
	for _, e := range rest {
		s.waits -= uint64(e.size)
		s.lay(&s.early, pool, e)
	}
	return s.replaced - before
}

// dropOldest drops whole messages until room bytes are free: how many bytes and messages they
// were, and whether the first completion is still to be called. None is dropped when all that may be are
// not enough, unless everything is free then: buffered is what waits in all.
func (s *shelf) dropOldest(pool *loop.Pool, room, buffered int) (free int, messages uint64, first, ok bool) {
	all, free, messages := s.early.oldest(room)
	if free < room && free < buffered {
		return 0, 0, false, false
	}
	for _, p := range all {
		e := s.early.take(p)
		e.free(pool)
		if s.completes(e.done, errDropped) {
			first = true
		}
	}
	s.waits -= uint64(free)
	s.dropped += messages
	return free, messages, first, true
}

// takeUncompleted takes away those whose completions are still to be called.
func (s *shelf) takeUncompleted() []unwanted {
	all := s.uncompleted
	s.uncompleted = nil
	return all
}
