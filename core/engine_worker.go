// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"unsafe"

	"libws/core/border"
	"libws/core/debug"
	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/tlsbuf"
	"libws/core/wire"
)

const (
	recordsCut = 1024 // a batch is dispatched when it has this many events
	arenaSize  = 64 << 10
)

// worker is a loop with the batch it is filling. Everything belongs to the
// loop's thread.
//
// The way of a batch: reads land in a buffer, parsed messages become records that
// point into it, flush hands all records to the host in one call, what the
// callbacks sent leaves by sendOutbox, and the buffer is free again.
type worker struct {
	engine *Engine
	index  int
	loop   *loop.Loop

	reads   readSpace
	none    uint64 // address of a zero byte
	records []border.Record
	owners  []uint64  // whose slots they name, in a build that checks it
	arena   []byte    // outside the Go heap: details and texts
	release [][]byte  // buffers of the pool to give back after the batch
	lent    []*shared // the same, which queues may hold as well
	ended   []*Conn   // whose last event is in the batch
	after   []func()  // to run after the batch
	box     *border.Outbox
	holding []*Conn  // held until the callbacks of the batch have run
	counted []*shard // with figures that others do not see yet
	vector  loop.Vector
	fan     fan           // any thread's
	found   [32]wire.Span // messages of a read

	scratch   []byte                   // for the answer to an upgrade request
	parked    ebb.Map[*Conn, struct{}] // not read because memory is short
	ends      spares[ends]             // of handshakes
	incomings spares[incoming]         // of large messages
	asides    spares[aside]
	lender    tlsbuf.Lender // what crypto/tls reads into
	shakers   []*shaker     // that rest
	shakes    int           // how often this turn has gone on with a TLS handshake
	plain     recordBuffer
	shedding  atomic.Bool // shed is posted; any thread's
	changing  atomic.Bool // networkChanged is posted; any thread's
	share     int         // what who is read may still inflate, see recv_packed.go
	turn      int         // and what all whose sockets are looked at may in this turn
	cut       *cutOff     // where who is read has had its share; nil: it has not
	current   *Conn       // whose bytes are being handled, for Panicked
}

func newWorker(e *Engine, index int, kind loop.Kind) (*worker, error) {
	w := &worker{engine: e, index: index, box: border.NewOutbox()}
	buf, arena := loop.Map(readBuffer+4096), loop.Map(arenaSize)
	if w.box == nil || buf == nil || arena == nil {
		return nil, loop.ErrMemory
	}
	w.reads, w.arena = readSpace{buf: buf[:readBuffer], most: readSize}, arena[:0]
	w.none = border.Address(buf[readBuffer+64:])
	w.records, w.turn = make([]border.Record, 0, recordsCut), inflateTurn
	var err error
	w.loop, err = loop.New(w, kind)
	return w, err
}

// spares are structs for the next use, so that what comes and goes leaves no garbage.
type spares[T any] struct{ list []*T }

func (s *spares[T]) take() *T {
	n := len(s.list)
	if n == 0 {
		return new(T)
	}
	one := s.list[n-1]
	s.list[n-1] = nil
	s.list = s.list[:n-1]
	return one
}

func (s *spares[T]) keep(one *T) {
	if len(s.list) < 64 {
		*one = *new(T)
		s.list = append(s.list, one)
	}
}

func (w *worker) run() {
	defer w.engine.guard("an event loop", nil)
	w.loop.Run()
	w.stopShakers()
}

// End dispatches what the round has gathered.
func (w *worker) End() {
	w.current = nil
	defer w.tellCounts()
	for len(w.records)+len(w.ended)+len(w.after)+len(w.release) > 0 {
		w.flush()
	}
	w.lender.TakeBack(&w.engine.pool)
	w.readOver()
	w.turn, w.shakes = inflateTurn, 0
}

// Panicked ends the connection whose handler panicked.
func (w *worker) Panicked(value any) {
	c := w.current
	w.current = nil
	what := "an event loop"
	if c != nil {
		what = c.name() + what
	}
	w.engine.Panicked(what, value)
	if c != nil {
		c.broke(value)
	}
}

// spared does what has to be over whatever happens; false when it panicked, which is reported.
func (w *worker) spared(f func()) (whole bool) {
	defer func() {
		if v := recover(); v != nil {
			w.engine.Panicked("the end of a connection", v)
		}
	}()
	f()
	return true
}

// inflated counts what was inflated of the share of who is read.
func (w *worker) inflated(n int) {
	w.share -= n
	w.turn -= n
}

// message adds a message whose payload lies outside the Go heap, with a
// writable byte behind it.
func (w *worker) message(c *Conn, text bool, payload []byte) { w.piece(c, text, payload, 0) }

// messages adds all that were found in b, behind their headers, for which there is room below recordsCut. It
// returns the bytes of their payloads.
func (w *worker) messages(c *Conn, b []byte, found []wire.Span) (bytes int) {
	base, slot, flags := border.Address(b), c.block.Slot, uint16(0)
	if c.server != nil {
		flags = border.RecordHeadroom
	}
	n := len(w.records)
	w.records = w.records[:n+len(found)]
	for i, records := 0, w.records[n:]; i < len(found) && i < len(records); i++ {
		f, r := &found[i], &records[i] // as in piece
		size := f.End - f.At
		r.Slot, r.Type, r.MessageType, r.Flags = slot, border.EventMessage, uint8(f.Op), flags
		r.Data, r.Size, r.Detail = base+uint64(f.At), uint64(size), 0 // fits: in a buffer
		bytes += size
	}
	w.named(n)
	return bytes
}

func messageType(text bool) uint8 {
	if text {
		return 1
	}
	return 2
}

// piece is message for a part of one, as flags say.
func (w *worker) piece(c *Conn, text bool, payload []byte, flags uint16) {
	at := border.Address(payload)
	if payload == nil {
		at = w.none
	}
	n := len(w.records)
	if n == cap(w.records) {
		w.records = append(w.records, border.Record{})
	} else {
		w.records = w.records[:n+1]
	}
	r := &w.records[n] // filled in where it lies: a copy would wait for the stores of narrow members
	r.Slot, r.Type, r.MessageType, r.Flags = c.block.Slot, border.EventMessage, messageType(text), flags
	r.Data, r.Size, r.Detail = at, uint64(len(payload)), 0
	w.named(n)
}

// notice adds any other event; the texts of its detail come from w.text.
func (w *worker) notice(slot uint32, event border.Event, flags uint16, d border.Detail) {
	p := w.alloc(int(unsafe.Sizeof(d)))
	if p == nil {
		return
	}
	*(*border.Detail)(unsafe.Pointer(unsafe.SliceData(p))) = d
	w.records = append(w.records, border.Record{Slot: slot, Type: event, Flags: flags, Detail: border.Address(p)})
	w.named(len(w.records) - 1)
}

// tell is notice with a payload, which is copied.
func (w *worker) tell(slot uint32, event border.Event, flags uint16, d border.Detail, payload []byte) {
	at := w.none
	if len(payload) > 0 {
		p := w.alloc(len(payload) + 1)
		if p == nil {
			return
		}
		at = border.Address(p[:copy(p, payload)+1])
	}
	before := len(w.records)
	if w.notice(slot, event, flags, d); len(w.records) > before {
		w.records[before].Data, w.records[before].Size = at, uint64(len(payload))
	}
}

// text copies s into the batch, NUL-terminated.
func (w *worker) text(s string) uint64 {
	if s == "" {
		return w.none
	}
	p := w.alloc(len(s) + 1)
	if p == nil {
		return w.none
	}
	copy(p, s)
	p[len(s)] = 0
	return border.Address(p)
}

// alloc returns n bytes that live until the batch was dispatched.
func (w *worker) alloc(n int) []byte {
	n8 := (n + 7) &^ 7
	if free := cap(w.arena) - len(w.arena); n8 <= free {
		at := len(w.arena)
		w.arena = w.arena[:at+n8]
		return w.arena[at : at+n]
	}
	p, err := w.engine.pool.Force(n)
	if err != nil {
		w.engine.log(journal.Error, "no memory for an event: %v", err)
		return nil
	}
	w.release = append(w.release, p)
	return p[:n]
}

// fail fills the error members of a detail.
func (w *worker) fail(d border.Detail, e *fault.Error) border.Detail {
	d.Error, d.Stage, d.Status = e.ID, int32(e.Stage), int32(e.Status) // fits: three digits
	d.OSError, d.Code = int32(e.Errno), int32(e.Code)                  // fits: close codes and numbers of the system are small
	d.Text = w.text(e.Text)
	return d
}

// report records an error event.
func (w *worker) report(slot uint32, e *fault.Error) {
	d := w.fail(w.detail(), e)
	if len(e.Body) > 0 {
		d.Body, d.BodySize = w.text(string(e.Body)), uint64(len(e.Body))
		if d.Body == w.none {
			d.BodySize = 0 // there is no memory
		}
	}
	w.tell(slot, border.EventError, 0, d, e.Fields)
}

// detail is an empty one: every text is "".
func (w *worker) detail() border.Detail {
	return border.Detail{Text: w.none, Reason: w.none, Protocol: w.none, Method: w.none, Target: w.none, Body: w.none}
}

// complete adds the event of a completion, if one is wanted. e nil: success.
func (w *worker) complete(slot uint32, op border.Operation, done border.Completion, e *fault.Error) {
	if !done.Wanted() {
		return
	}
	d := w.detail()
	if e != nil {
		d = w.fail(d, e)
	}
	d.Callback, d.User, d.Operation = uint64(done.Callback), uint64(done.User), int32(op)
	w.notice(slot, border.EventCompletion, border.RecordFinal, d)
}

// flush dispatches the batch. Bytes of buf before fill stay as they are, but
// for the byte behind each message.
func (w *worker) flush() {
	if records := w.records; len(records) > 0 {
		debug.Point("flush")
		w.checkOwners()
		w.records = w.records[:0] // first: whatever happens, no event comes twice
		w.tellCounts()
		unheard, marked := w.dispatch(records)
		if marked > 0 {
			w.marked(records)
		}
		w.arena = w.arena[:0]
		if unheard > 0 {
			w.engine.Unheard(unheard)
		}
	}
	for i, p := range w.release {
		w.engine.pool.Put(p)
		w.release[i] = nil
	}
	w.release = w.release[:0]
	w.takeBack()
	w.reads.large = 0
	// What ends may add events of others; they go into the next batch.
	ended, after := w.ended, w.after
	w.ended, w.after = nil, nil
	for _, c := range ended {
		if !c.rare.Load().keepsBack() && !c.block.Queued() {
			w.spared(c.released)
		}
	}
	for _, f := range after {
		w.spared(f)
	}
	w.sendFan()
}

// releaseBehind lets a handle go whose last event came out of a queue. The batch that is being
// filled may still name its slot, as by an EventResumed of one that was destroyed late, so the
// batch is dispatched first. Any thread.
func (w *worker) releaseBehind(release func()) {
	w.loop.Post(func() {
		debug.Point("task")
		w.after = append(w.after, release)
	})
}

// dispatch hands records to the host and sends what the callbacks left, also
// when the host panics: it may lie in this batch.
func (w *worker) dispatch(records []border.Record) (unheard, marked uint32) {
	defer w.sendOutbox()
	return w.engine.host.Dispatch(uint32(w.index)+1, records, w.box) // fits: 64 loops at the most
}

// flushBefore dispatches in the middle of a read: rest is not parsed yet, and
// its first byte is where the NUL of the last message goes.
func (w *worker) flushBefore(rest []byte) {
	if len(w.records) == 0 {
		return
	}
	if len(rest) == 0 {
		w.flush()
		return
	}
	first := rest[0]
	w.flush()
	rest[0] = first
}

// Flush sends the outbox of a loop whose batch is being dispatched, because it
// is full. From a host callback on the loop's thread.
func (e *Engine) Flush(loop uint32) {
	if loop >= 1 && int(loop) <= len(e.workers) {
		e.workers[loop-1].sendOutbox()
	}
}

// What a build with the tag ws_invariants checks of tests/model/slot.pml here; in all others
// debug.On is false, and nothing of it is compiled.

// ownerOf is the handle of the connection in a slot; 0: there is none.
func (w *worker) ownerOf(slot uint32) uint64 {
	c := w.engine.host.Connection(slot)
	if c == nil || c.block == nil {
		return 0
	}
	return atomic.LoadUint64(&c.block.Handle)
}

// checkOwner checks that the block of a connection is still its own.
func (w *worker) checkOwner(c *Conn, where string) {
	if debug.On && c.block != nil && w.engine.host.Connection(c.block.Slot) != c {
		debug.Broken("the block is the connection's own: " + where)
	}
}

// named notes whose slots the records of the batch name, from the one at n on.
func (w *worker) named(n int) {
	if debug.On {
		for _, r := range w.records[n:] {
			w.owners = append(w.owners, w.ownerOf(r.Slot))
		}
	}
}

// checkOwners checks that each record of a batch names the slot of its owner.
func (w *worker) checkOwners() {
	if !debug.On {
		return
	}
	if len(w.owners) != len(w.records) {
		debug.Broken("each record has an owner")
	}
	for i := range w.owners {
		if o := w.owners[i]; o != 0 && w.ownerOf(w.records[i].Slot) != o {
			debug.Broken("a record names the slot of its owner")
		}
	}
	w.owners = w.owners[:0]
}
