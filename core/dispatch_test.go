// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/dial"
	"libws/core/fault"
)

// dispatcher delivers a batch; it is what makes corking possible while its
// callbacks run.
type dispatcher struct {
	host    *testHost
	loop    uint32
	box     *border.Outbox
	current []byte // payload of the message being delivered, where it lies
}

// Dispatch is the twin of wsx_dispatch.
func (h *testHost) Dispatch(loop uint32, records []border.Record, box *border.Outbox) (uint32, uint32) {
	if f := h.dispatching.Load(); f != nil {
		(*f)(records)
	}
	d := &dispatcher{host: h, loop: loop, box: box}
	var unheard uint64
	var marked uint32
	for i := range records {
		x := h.at(records[i].Slot)
		if x.released.Load() {
			h.t.Errorf("%v has an event of kind %d after its release", x, records[i].Type)
			continue
		}
		if h.queued {
			if records[i].Type == border.EventMessage && h.loses.Load() > 0 && records[i].Size == uint64(h.loses.Load()) {
				records[i].Flags |= border.RecordLost
				marked++
				continue
			}
			d.fromQueue(x, &records[i])
			continue
		}
		if x.holds(&records[i]) {
			marked++
		} else if x.cutOff(&records[i]) {
			continue
		} else if records[i].Type == border.EventMessage {
			if !d.message(x, &records[i]) {
				unheard++
			}
		} else {
			d.notice(x, &records[i])
		}
	}
	h.unheard.Add(unheard)
	return uint32(unheard), marked
}

// fromQueue delivers what went through a queue without a pause, and tells core what the
// dispatcher of a queue does.
func (d *dispatcher) fromQueue(x *handle, r *border.Record) {
	switch r.Type {
	case border.EventResumed:
	case border.EventMark:
		x.conn.Delivered()
	case border.EventMessage:
		d.message(x, r)
	case border.EventDestroyed:
		d.notice(x, r)
		if x.server != nil {
			x.server.Ended()
		} else {
			x.conn.Ended()
		}
	default:
		d.notice(x, r)
	}
}

// holds tells whether a record waits for resume, as held of the C half.
func (x *handle) holds(r *border.Record) bool {
	life := atomic.LoadUint32(&x.block.Life)
	if life&(border.LifePaused|border.LifeHeld) == 0 || life&border.LifeCut != 0 || r.Flags&border.RecordFinal != 0 ||
		r.Type == border.EventCompletion || r.Type == border.EventUpgrade || r.Type == border.EventRequest {
		return false
	}
	if life&lifeDead != 0 && life&border.LifeHeld == 0 {
		return false
	}
	atomic.OrUint32(&x.block.Life, border.LifeHeld)
	r.Flags |= border.RecordHeld
	return true
}

// cutOff tells whether a record is dropped because the connection was aborted while it was
// paused, as wsx_cut_off of the C half.
func (x *handle) cutOff(r *border.Record) bool {
	life := atomic.LoadUint32(&x.block.Life)
	return life&border.LifePaused != 0 && life&border.LifeCut != 0 && r.Flags&border.RecordFinal == 0 &&
		r.Type != border.EventCompletion && r.Type != border.EventClose && r.Type != border.EventDestroyed
}

// dead tells whether a handle was destroyed, by itself or with its server.
func (x *handle) dead() bool {
	return atomic.LoadUint32(&x.block.Life)&lifeDead != 0 || x.parent != nil && x.parent.dead()
}

func (d *dispatcher) message(x *handle, r *border.Record) bool {
	whole := border.Memory(r.Data, uint32(r.Size)+1)
	whole[r.Size] = 0 // the host ends every message with a NUL
	if x.dead() {
		return true
	}
	if atomic.LoadUint32(&x.block.Life)&lifeOpened == 0 {
		d.host.t.Errorf("%v: a message outside of open and close", x)
	}
	if x.on == nil {
		return false
	}
	d.current = whole[:r.Size:r.Size]
	x.on(d, x, event{kind: border.EventMessage, text: r.MessageType == 1, data: bytes.Clone(d.current)})
	d.current = nil
	return true
}

func (d *dispatcher) notice(x *handle, r *border.Record) {
	if r.Type == border.EventClose && x.parent != nil {
		defer atomic.OrUint32(&x.block.Life, lifeDead) // an accepted handle is stale from here on
	}
	detail, final := detailOf(r), r.Flags&border.RecordFinal != 0
	e := event{
		kind: r.Type, id: detail.Error, stage: dial.Stage(detail.Stage), code: uint16(detail.Code), clean: detail.Clean != 0,
		status: detail.Status, errno: detail.OSError, operation: border.Operation(detail.Operation),
		attempt: int(detail.Attempt), delay: time.Duration(detail.Delay) * time.Millisecond,
		message: memoryString(detail.Text), reason: string(border.Memory(detail.Reason, uint32(detail.ReasonSize))),
		method: memoryString(detail.Method), target: memoryString(detail.Target), body: string(border.Memory(detail.Body, uint32(detail.BodySize))),
	}
	if x.destroyed.Load() != 0 {
		d.host.t.Errorf("%v: event %d after the destroyed event", x, r.Type)
	}
	switch r.Type {
	case border.EventSkipped:
		e.skipped, e.text = detail.Skipped, detail.Message == 1
	case border.EventTopicBegin, border.EventTopicEnd:
		e.data, e.pattern = bytes.Clone(r.Payload()), detail.Pattern != 0
	case border.EventHeaderReceive, border.EventOpenInfo:
		return // nobody listens for them
	case border.EventCompletion:
		d.host.complete(detail.Callback, detail.User, e)
		return
	case border.EventOpen:
		if x.dead() {
			return
		}
		if atomic.OrUint32(&x.block.Life, lifeOpened)&lifeOpened != 0 {
			d.host.t.Errorf("%v: open twice without a close", x)
		}
		x.opens.Add(1)
	case border.EventClose:
		if atomic.AndUint32(&x.block.Life, ^uint32(lifeOpened))&lifeOpened == 0 {
			return
		}
		x.closes.Add(1)
		final = true // once for each open, also when destroy came between
	case border.EventDestroyed:
		x.destroyed.Add(1)
		final = true
	}
	if x.on != nil && (final || !x.dead()) {
		x.on(d, x, e)
	}
}

// send is ws_send inside a callback of d's batch.
func (d *dispatcher) send(x *handle, op ws.OpCode, data []byte) *fault.Error {
	if err := x.alive(); err != nil {
		return err
	}
	if d.cork(x.block, op, data) {
		d.host.corked.Add(1)
		return nil
	}
	return x.send(op, data, nil)
}

// echo answers the message that is being delivered with itself, from where it lies.
func (d *dispatcher) echo(x *handle, e event) {
	op := ws.OpBinary
	if e.text {
		op = ws.OpText
	}
	if err := d.send(x, op, d.current); err != nil && err != errNotOpen && err != errGone && err != errEnded {
		d.host.t.Errorf("%v: echo: %v", x, err)
	}
}

// Sizes of the fast path, as in the C half.
const (
	corkCopyMax   = 2048
	corkDirectMax = 65536
)

// cork is the twin of the fast path of ws_send. False: the caller goes through
// Conn.Send, behind what is corked.
func (d *dispatcher) cork(b *border.Block, op ws.OpCode, data []byte) bool {
	if b.Loop != d.loop {
		return false
	}
	if len(data) > corkDirectMax {
		if b.Load()&border.OutCorked != 0 {
			d.host.engine.Flush(d.loop)
		}
		return false
	}
	current := len(data) > 0 && len(data) <= len(d.current) && &data[0] == &d.current[0]
	direct := len(data) > corkCopyMax
	if direct && !current {
		return false
	}
	if op == ws.OpText && !current && !ascii(data) {
		return false
	}
	var frame [10]byte
	header := frame[:2]
	if len(data) >= 126 {
		header = frame[:4]
	}
	if len(data) >= 65536 {
		header = frame[:10]
	}
	copied := len(header)
	if !direct {
		copied += len(data)
	}
	if !fits(d.box, copied) {
		d.host.engine.Flush(d.loop)
		if !fits(d.box, copied) {
			return false
		}
	}
	if direct && d.host.engine.pool.Claim(len(data), false) != nil { // what the kernel does not take will be copied
		return false
	}
	var out uint64
	for {
		out = b.Load()
		buffered, size := out&border.OutBytes, uint64(len(header)+len(data))
		if out&(border.OutOpen|border.OutFast|border.OutQueued) != border.OutOpen|border.OutFast || buffered > 0 && buffered+size > atomic.LoadUint64(&b.Limit) {
			if direct {
				d.host.engine.pool.Count(-len(data))
			}
			return false
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, (out|border.OutCorked)+size) {
			break
		}
	}
	header[0] = 0x80 | byte(op)
	switch len(header) {
	case 2:
		header[1] = byte(len(data))
	case 4:
		header[1], header[2], header[3] = 126, byte(len(data)>>8), byte(len(data))
	default:
		header[1], header[7], header[8], header[9] = 127, byte(len(data)>>16), byte(len(data)>>8), byte(len(data))
	}
	p := border.Memory(d.box.Bytes+uint64(d.box.BytesUsed), uint32(copied))
	if n := copy(p, header); !direct {
		copy(p[n:], data)
	}
	d.box.BytesUsed += uint32(copied)
	counts := border.HeadMessage | uint32(len(header)-2)/2*border.HeadPair
	if out&border.OutCorked == 0 {
		counts |= border.HeadFirst
	}
	addSegment(d.box, b, p, counts)
	if direct {
		d.box.Claimed += uint64(len(data))
		addSegment(d.box, b, data, 0)
	}
	return true
}

// ascii is wsx_ascii.
func ascii(data []byte) bool {
	return !slices.ContainsFunc(data, func(c byte) bool { return c >= 0x80 })
}

func fits(o *border.Outbox, size int) bool {
	return int(o.BytesCap-o.BytesUsed) >= size && o.SegmentsCap-o.SegmentsUsed >= 2
}

// addSegment adds bytes for b, in a segment of its own when they do not follow b's
// last one.
func addSegment(o *border.Outbox, b *border.Block, data []byte, counts uint32) {
	at, size, first := border.Address(data), uint32(len(data)), counts&border.HeadFirst != 0
	if last := o.SegmentsUsed - 1; !first && b.Cork == last {
		if s := &o.List()[last]; s.Data+uint64(s.Size) == at {
			s.Size += size
			s.Head += counts
			return
		}
	}
	index := o.SegmentsUsed
	o.SegmentsUsed++
	s := o.List()
	s[index] = border.Segment{Data: at, Size: size, Slot: b.Slot, Head: counts}
	if !first {
		s[b.Cork].Next = index
	}
	b.Cork = index
}
