// SPDX-License-Identifier: Apache-2.0

// Package shelf is where messages wait whole: those that cannot leave yet, in which order, what a newer one
// replaces, and which make room when they are too many. It knows no connection. Come here when a
// message waits in the wrong place, or the wrong one is dropped. Conn.mu of the connection guards a
// Shelf.
package shelf

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
)

// Message is a message, or a piece of one, that waits whole.
type Message struct {
	First byte   // of its frame
	Rank  Rank   // of a whole message
	Data  []byte // see Keep
	Size  int    // of the frame, as counted in border.Block.Out
	Done  border.Completion
}

// smallKept is the largest message that is kept in the Go heap: the buffers of the pool are
// larger. placeSize is about what a message takes beside its data, which may be less than that.
const (
	smallKept = 255
	placeSize = 160
)

// Keep copies the data of a message, which has to wait; Free gives it back.
func (e *Message) Keep(pool *loop.Pool) error {
	n := len(e.Data)
	if n <= smallKept {
		e.Data = append(make([]byte, 0, n), e.Data...)
		pool.Count(placeSize + n)
		return nil
	}
	b, err := pool.Force(n)
	if err == nil {
		e.Data = append(b, e.Data...)
		pool.Count(placeSize)
	}
	return err
}

func (e *Message) Free(pool *loop.Pool) {
	n := placeSize
	switch {
	case e.Data == nil: // it is given back
		return
	case len(e.Data) <= smallKept:
		n += len(e.Data)
	default:
		pool.Put(e.Data)
	}
	e.Data = nil
	pool.Count(-n)
}

// Shelf has the messages of a connection that cannot go out yet, and those that were published in the
// middle of a message in pieces. Who puts something there or takes it counts it as buffered.
type Shelf struct {
	Waits    uint64 // bytes of all
	Dropped  uint64 // messages that made room for others, or were published and found none
	Replaced uint64 // messages that others with their key have replaced

	early       line
	between     line
	uncompleted []Unwanted // of those that made room or were replaced
}

// Empty tells whether nothing waits, but for what waits between pieces.
func (s *Shelf) Empty() bool { return s.early.empty() }

// HasBetween tells whether something waits for a last piece.
func (s *Shelf) HasBetween() bool { return !s.between.empty() }

// Unwanted is a message that does not leave, and whose completion is still to be called.
type Unwanted struct {
	Done border.Completion
	Why  *fault.Error
}

// Replaces is how many bytes wait under a key, where a message with it takes their place.
func (s *Shelf) Replaces(key uint64, between bool) int {
	if at := s.line(between).under(key); at != nil {
		return at.Size
	}
	return 0
}

func (s *Shelf) line(between bool) *line {
	if between {
		return &s.between
	}
	return &s.early
}

// Freed is what messages have left that do not leave.
type Freed struct {
	Bytes             int
	Dropped, Replaced uint64 // how many they were
	Completes         bool   // a completion is still to be called, and no other one was before
}

// Lay puts a message behind the others, or in the place of one that waits there under its key. between:
// it waits for a last piece.
func (s *Shelf) Lay(pool *loop.Pool, e Message, between bool) (freed Freed) {
	l := s.line(between)
	s.Waits += uint64(e.Size)
	at := l.under(e.Rank.Key)
	if at == nil {
		l.put(e)
		return freed
	}
	var old Message
	if at.Rank == e.Rank {
		old = at.replace(e)
	} else {
		old = l.take(at)
		l.put(e)
	}
	s.Waits -= uint64(old.Size)
	s.Replaced++
	old.Free(pool)
	return Freed{Bytes: old.Size, Replaced: 1, Completes: s.completes(old.Done, errReplaced)}
}

// completes notes that a completion is still to be told, if it is wanted; true when it is the first.
func (s *Shelf) completes(done border.Completion, why *fault.Error) bool {
	if !done.Wanted() {
		return false
	}
	s.uncompleted = append(s.uncompleted, Unwanted{done, why})
	return len(s.uncompleted) == 1
}

// Next takes the first message that waits away.
func (s *Shelf) Next() Message {
	e := s.early.take(s.early.first)
	s.Waits -= uint64(e.Size)
	return e
}

// NextBetween takes the first away that waited for a last piece.
func (s *Shelf) NextBetween() Message {
	e := s.between.take(s.between.first)
	s.Waits -= uint64(e.Size)
	return e
}

// TakeAll takes all messages away, but for those between pieces.
func (s *Shelf) TakeAll() []Message {
	all := s.early.takeAll()
	s.Waits = 0
	return all
}

// TakeBetween takes those away that wait for a last piece that never comes.
func (s *Shelf) TakeBetween() []Message {
	all := s.between.takeAll()
	for _, e := range all {
		s.Waits -= uint64(e.Size)
	}
	return all
}

// TakeTorn takes away the pieces of messages that cannot be whole on the next connection: of
// one that has begun on this one, and of one that has not ended, which its end has cut.
func (s *Shelf) TakeTorn() (torn []Message) {
	var open *place // the first piece of a message that has not ended
	for p := s.early.first; p != nil; {
		now := p
		p = p.next
		switch {
		case wire.OpCode(now.First) == ws.OpContinuation && open == nil:
			torn = append(torn, s.early.take(now)) // its first piece has left
		case now.First&wire.Fin != 0:
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
		s.Waits -= uint64(e.Size)
	}
	return torn
}

// Again puts messages that have left in front of those with their priority that wait, unless a
// newer one waits under the key; how many have been replaced so.
func (s *Shelf) Again(pool *loop.Pool, all []Message) (replaced uint64) {
	if len(all) == 0 {
		return 0
	}
	before, rest := s.Replaced, s.early.takeAll()
	for _, u := range all {
		s.Lay(pool, u, false)
	}
	for _, e := range rest {
		s.Waits -= uint64(e.Size)
		s.Lay(pool, e, false)
	}
	return s.Replaced - before
}

// DropOldest drops whole messages until room bytes are free. None is dropped when all that may be are
// not enough, unless everything is free then: buffered is what waits in all.
func (s *Shelf) DropOldest(pool *loop.Pool, room, buffered int) (freed Freed, ok bool) {
	all, free, messages := s.early.oldest(room)
	if free < room && free < buffered {
		return freed, false
	}
	freed.Bytes, freed.Dropped = free, messages
	for _, p := range all {
		e := s.early.take(p)
		e.Free(pool)
		if s.completes(e.Done, errDropped) {
			freed.Completes = true
		}
	}
	s.Waits -= uint64(free)
	s.Dropped += messages
	return freed, true
}

// TakeUncompleted takes away those whose completions are still to be called.
func (s *Shelf) TakeUncompleted() []Unwanted {
	all := s.uncompleted
	s.uncompleted = nil
	return all
}

// Scrap forgets what waits, because it may be damaged: its memory is lost. Completions that are still to
// be called stay, and so do the figures.
func (s *Shelf) Scrap() {
	*s = Shelf{Dropped: s.Dropped, Replaced: s.Replaced, uncompleted: s.uncompleted}
}

var (
	errDropped  = &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: "the message made room for a newer one (WS_FULL_DROP_OLDEST)"}
	errReplaced = &fault.Error{ID: fault.IDReplaced, Text: "the message still waited when a newer one with its key was sent, which has replaced it"}
)
