// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"unsafe"

	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

// told is an event as a callback hears it.
type told struct {
	kind      Event
	nth       int // of its kind, for its handle
	text      bool
	part      int
	data      []byte
	id        int32
	code      int32
	clean     bool
	again     bool // of a close: the client connects anew
	operation Operation
	callback  uint64
	user      uint64
	target    string
	body      int
	why       string
}

// dispatcher is the twin of wsx_dispatcher.
type dispatcher struct {
	host   *host
	loop   uint32 // 0: of a queue
	polls  bool   // the event was polled: this is no callback
	box    *Outbox
	place  *seat // whose events are told
	server *seat
	data   []byte // of the message that is told, where it lies
	room   bool   // a header may be written before it
	header int    // bytes of room before it
}

// Dispatch is wsx_dispatch.
func (h *host) Dispatch(loop uint32, records []Record, box *Outbox) (unheard, marked uint32) {
	if n := world.Locks(); n != 0 {
		world.Fail("%d locks are held while callbacks run", n)
	}
	d := &dispatcher{host: h, loop: loop, box: box}
	h.enter(d)
	var push pushing
	for i := range records {
		r := &records[i]
		p := h.at(r.Slot)
		life := atomic.LoadUint32(&p.block.life)
		h.model.names(p, r)
		switch {
		case life&(lifeQueued|lifePaused|lifeHolding) == 0 && r.Type < EventMark:
			d.deliver(p, copied(r), r)
		case life&lifeQueued != 0 || r.Type >= EventMark:
			push.add(h, p, r)
		case held(p, r, life):
			marked++
		case !cutOffByPause(p, r):
			d.deliver(p, copied(r), r)
		}
	}
	d.end()
	marked += push.hand(h)
	h.exit(d)
	return 0, marked
}

func (h *host) enter(d *dispatcher) {
	self := world.Self()
	if h.threads[self] != nil {
		world.Fail("callbacks recurse")
	}
	h.threads[self] = d
}

func (h *host) exit(*dispatcher) { delete(h.threads, world.Self()) }

// held and the next three are those of dispatch.c.
func held(p *seat, r *Record, life uint32) bool {
	if life&(lifePaused|lifeHolding) == 0 || life&lifeCut != 0 || passesPause(r) {
		return false
	}
	if life&lifeDead != 0 && life&lifeHolding == 0 {
		return false
	}
	atomic.OrUint32(&p.block.life, lifeHolding)
	r.Flags = r.Flags&^RecordRoom | RecordHeld
	return true
}

func passesPause(r *Record) bool { return r.Flags&RecordFinal != 0 || comesAnyway(r.Type) }

// comesAnyway: completions belong to calls, and requests come before what may be paused.
func comesAnyway(kind Event) bool {
	return kind == EventCompletion || kind == EventUpgrade || kind == EventRequest
}

func cutOffByPause(p *seat, r *Record) bool {
	life := atomic.LoadUint32(&p.block.life)
	return life&lifePaused != 0 && life&lifeCut != 0 && !passesPause(r) && r.Type != EventClose && r.Type != EventDestroyed
}

func (h *host) dead(p *seat) bool {
	return atomic.LoadUint32(&p.block.life)&lifeDead != 0 || p.server != 0 && atomic.LoadUint32(&h.at(p.server).block.life)&lifeDead != 0
}

// copied reads a record.
func copied(r *Record) told {
	e := told{kind: r.Type, text: r.MessageType == 1, part: int(r.Flags >> 8)}
	if r.Data != 0 {
		e.data = bytes.Clone(bytesAt(r.Data, r.Size))
	}
	if r.Detail != 0 {
		d := *(**Detail)(unsafe.Pointer(&r.Detail))
		e.id, e.code, e.clean, e.operation = d.Error, d.Code, d.Clean != 0, Operation(d.Operation)
		e.again, e.body = d.Reconnects != 0, int(d.BodySize)
		e.callback, e.user, e.target, e.why = d.Callback, d.User, cString(d.Target), cString(d.Text)
	}
	return e
}

func bytesAt(at, size uint64) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), size) }

// deliver is that of dispatch.c; r is nil for an event out of a queue.
func (d *dispatcher) deliver(p *seat, e told, r *Record) (heard bool) {
	h := d.host
	if d.place != p {
		d.end()
		d.place, d.server = p, nil
		if p.server != 0 {
			d.server = h.at(p.server)
		}
		atomic.OrUint32(&p.block.life, lifeRunning)
	}
	if r != nil && r.Type == EventMessage {
		all := bytesAt(r.Data, r.Size+1)
		all[r.Size] = 0
		d.data, d.room = all[:r.Size], r.Flags&RecordRoom != 0
		d.header = headerSize(int(r.Size))
		defer func() { d.data, d.room = nil, false }()
	}
	if !h.begins(p, e, r != nil && r.Flags&RecordFinal != 0) {
		if e.kind == EventClose {
			h.closed(p)
		}
		return false
	}
	h.model.tells(d, p, e)
	if e.kind == EventClose {
		h.closed(p)
	}
	return true
}

// begins is wsx_event_begins: whether anybody may hear an event.
func (h *host) begins(p *seat, e told, final bool) bool {
	b := &p.block
	switch e.kind {
	case EventCompletion, EventDestroyed:
		return true
	case EventOpen:
		if h.dead(p) {
			return false
		}
		atomic.OrUint32(&b.life, lifeOpened)
		return true
	case EventClose:
		return atomic.AndUint32(&b.life, ^uint32(lifeOpened))&lifeOpened != 0
	}
	return final || !h.dead(p)
}

// closed is wsx_event_ends of a close.
func (h *host) closed(p *seat) {
	if p.server != 0 {
		atomic.OrUint32(&p.block.life, lifeDead)
	}
}

func (d *dispatcher) end() {
	if d.place != nil {
		atomic.AndUint32(&d.place.block.life, ^uint32(lifeRunning))
		d.place = nil
	}
}
