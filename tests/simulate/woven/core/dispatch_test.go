// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"unsafe"

	"libws/core/border"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

// told is an event as a callback hears it.
type told struct {
	kind      border.Event
	final     bool
	nth       int // of its kind, for its handle
	text      bool
	part      int
	data      []byte
	id        int32
	code      int32
	clean     bool
	again     bool // of a close: the client connects anew
	operation border.Operation
	callback  uint64
	user      uint64
	token     uint64
	target    string
	body      int
	why       string
}

// dispatcher is the twin of wsx_dispatcher.
type dispatcher struct {
	host   *host
	loop   uint32 // 0: of a queue
	polls  bool   // the event was polled: this is no callback
	box    *border.Outbox
	gather *gatherer // of a queue
	place  *seat     // whose events are told
	server *seat
	data   []byte // of the message that is told, where it lies
	room   bool   // a header may be written before it
	header int    // bytes of room before it
}

// Dispatch is wsx_dispatch.
func (h *host) Dispatch(loop uint32, records []border.Record, box *border.Outbox) (unheard, marked uint32) {
	if n := world.Locks(); n != 0 {
		world.Fail("%d locks are held while callbacks run", n)
	}
	d := &dispatcher{host: h, loop: loop, box: box}
	h.enter(d)
	var push pushing
	var before *seat
	for i := range records {
		r := &records[i]
		p := h.at(r.Slot)
		life := atomic.LoadUint32(&p.block.Life)
		if p != before && push.stream != nil && life&border.LifeQueued == 0 {
			push.hand(h)
		}
		before = p
		h.model.names(p, r)
		switch {
		case life&(border.LifeQueued|border.LifePaused|border.LifeHeld) == 0 && r.Type < border.EventMark:
			d.deliver(p, copied(r), r)
		case life&border.LifeQueued != 0 || r.Type >= border.EventMark:
			push.add(h, p, r)
		case holds(p, r, life):
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

// holds, which is held of the C half, and the next three are those of dispatch.c.
func holds(p *seat, r *border.Record, life uint32) bool {
	if life&(border.LifePaused|border.LifeHeld) == 0 || life&border.LifeCut != 0 || passesPause(r) {
		return false
	}
	if life&lifeDead != 0 && life&border.LifeHeld == 0 {
		return false
	}
	atomic.OrUint32(&p.block.Life, border.LifeHeld)
	r.Flags = r.Flags&^border.RecordHeadroom | border.RecordHeld
	return true
}

func passesPause(r *border.Record) bool {
	return r.Flags&border.RecordFinal != 0 || comesAnyway(r.Type)
}

// comesAnyway: completions belong to calls, and requests come before what may be paused.
func comesAnyway(kind border.Event) bool {
	return kind == border.EventCompletion || kind == border.EventUpgrade || kind == border.EventRequest
}

func cutOffByPause(p *seat, r *border.Record) bool {
	life := atomic.LoadUint32(&p.block.Life)
	return life&border.LifePaused != 0 && life&border.LifeCut != 0 && !passesPause(r) && r.Type != border.EventClose && r.Type != border.EventDestroyed
}

func (h *host) dead(p *seat) bool {
	return atomic.LoadUint32(&p.block.Life)&lifeDead != 0 || p.server != 0 && atomic.LoadUint32(&h.at(p.server).block.Life)&lifeDead != 0
}

// copied reads a record.
func copied(r *border.Record) told {
	e := told{kind: r.Type, final: r.Flags&border.RecordFinal != 0, text: r.MessageType == 1, part: int(r.Flags >> 8)}
	if r.Data != 0 {
		e.data = bytes.Clone(bytesAt(r.Data, r.Size))
	}
	if r.Detail != 0 {
		d := *(**border.Detail)(unsafe.Pointer(&r.Detail))
		e.id, e.code, e.clean, e.operation = d.Error, d.Code, d.Clean != 0, border.Operation(d.Operation)
		e.token = d.Token
		e.again, e.body = d.Reconnects != 0, int(d.BodySize)
		e.callback, e.user, e.target, e.why = d.Callback, d.User, border.CString(d.Target), border.CString(d.Text)
	}
	return e
}

func bytesAt(at, size uint64) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), size) }

// deliver is that of dispatch.c; r is nil for an event out of a queue.
func (d *dispatcher) deliver(p *seat, e told, r *border.Record) (heard bool) {
	h := d.host
	if d.place != p {
		d.end()
		d.place, d.server = p, nil
		if p.server != 0 {
			d.server = h.at(p.server)
		}
		atomic.OrUint32(&p.block.Life, lifeRunning)
	}
	if r != nil && r.Type == border.EventMessage {
		all := bytesAt(r.Data, r.Size+1)
		all[r.Size] = 0
		d.data, d.room = all[:r.Size], r.Flags&border.RecordHeadroom != 0
		d.header = headerSize(int(r.Size))
		defer func() { d.data, d.room = nil, false }()
	}
	if !h.begins(p, e) {
		if e.kind == border.EventClose {
			h.closed(p)
		}
		return false
	}
	h.model.tells(d, p, e)
	if e.kind == border.EventClose {
		h.closed(p)
	}
	return true
}

// begins is wsx_event_begins: whether anybody may hear an event.
func (h *host) begins(p *seat, e told) bool {
	b := &p.block
	switch e.kind {
	case border.EventCompletion, border.EventDestroyed:
		return true
	case border.EventOpen:
		if h.dead(p) {
			return false
		}
		atomic.OrUint32(&b.Life, lifeOpened)
		return true
	case border.EventClose:
		return atomic.AndUint32(&b.Life, ^uint32(lifeOpened))&lifeOpened != 0
	}
	return e.final || !h.dead(p)
}

// closed is wsx_event_ends of a close.
func (h *host) closed(p *seat) {
	if p.server != 0 {
		atomic.OrUint32(&p.block.Life, lifeDead)
	}
}

func (d *dispatcher) end() {
	if d.place != nil {
		atomic.AndUint32(&d.place.block.Life, ^uint32(lifeRunning))
		d.place = nil
	}
}
