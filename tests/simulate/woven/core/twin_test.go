// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"fmt"
	"testing"
	"unsafe"

	"libws/core/border"
	"libws/core/loop"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
	"libws/tests/twin"
)

// half is the twin of the simulator as scripts of tests/twin see it: table, dispatch and queues
// without an engine behind them.
type half struct {
	host   *host
	queue  *queueTwin
	seats  []*seat // by number
	things []*thing
	lines  []string
	batch  []border.Record
	kept   [][]byte // what records point to
}

func newHalf() *half {
	h := &half{seats: make([]*seat, 1), things: make([]*thing, 1)}
	h.host = newHost()
	h.host.engine = &Engine{}
	h.host.engine.pool.Meter = new(loop.Meter)
	h.host.engine.pool.Meter.Limit(-1)
	h.host.model = newModel(h.host)
	h.host.model.instead = h.heard
	return h
}

func (h *half) say(format string, args ...any) {
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

func (h *half) Play(ops []twin.Op) (seen [][]string) {
	failures := world.New(1).Run(func() {
		for _, o := range ops {
			h.lines = nil
			h.play(o.Name, o.A)
			seen = append(seen, h.lines)
		}
	})
	return append(seen, failures)
}

func (h *half) play(name string, a [4]int64) {
	switch name {
	case "queue":
		h.queue = &queueTwin{host: h.host, most: int(a[0])}
	case "make":
		t, server := &thing{id: len(h.seats)}, uint32(0)
		if a[1] != 0 {
			server = h.seats[a[1]].block.Slot
		}
		p := h.host.acquire(uint64(a[0]), server, t)
		if a[1] == 0 && a[2] == 1 {
			h.host.join(p, h.queue)
		}
		h.seats, h.things = append(h.seats, p), append(h.things, t)
		h.say("made %d %d %d", t.id, p.block.Slot, p.generation)
	case "life":
		b := &h.seats[a[0]].block
		atomic.OrUint32(&b.Life, uint32(a[1]))
		atomic.AndUint32(&b.Life, ^uint32(a[2]))
	case "kill":
		atomic.OrUint32(&h.seats[a[0]].block.Life, lifeDead)
	case "record":
		h.record(h.seats[a[0]].block.Slot, border.Event(a[1]&255), uint16(a[1]>>8), int(a[2]), uint8(a[3]))
	case "dispatch":
		_, marked := h.host.Dispatch(1, h.batch, nil)
		h.say("marked %d", marked)
		for i, r := range h.batch {
			h.say("flags %d %x", i, r.Flags)
		}
		h.say("box 0 bytes, 0 claimed")
		h.batch, h.kept = nil, nil
		h.lives()
	case "drain":
		h.queue.ended = true // for who finds nothing to tell
		h.queue.dispatch()
		h.queue.ended = false
		h.say("queue %d bytes %d used %d full", h.queue.bytes, h.host.engine.pool.Used(), len(h.queue.full))
		h.lives()
	case "release":
		h.host.Release(&h.seats[a[0]].block)
	}
}

func (h *half) heard(p *seat, e told) {
	size := 0
	if e.kind == border.EventMessage {
		size = len(e.data)
	}
	h.say("told %d %d %d", p.owner.id, e.kind, size)
}

func (h *half) record(slot uint32, kind border.Event, flags uint16, size int, messageType uint8) {
	r := border.Record{Slot: slot, Type: kind, Flags: flags}
	if kind == border.EventMessage {
		p := bytes.Repeat([]byte("p"), size+1)
		h.kept = append(h.kept, p)
		r.MessageType, r.Data, r.Size = messageType, border.Address(p), uint64(size)
	} else {
		none, p := make([]byte, 1), make([]byte, unsafe.Sizeof(border.Detail{}))
		at := border.Address(none)
		*(*border.Detail)(unsafe.Pointer(unsafe.SliceData(p))) = border.Detail{Text: at, Reason: at, Protocol: at, Method: at, Target: at, Body: at}
		h.kept = append(h.kept, none, p)
		r.Detail = border.Address(p)
	}
	h.batch = append(h.batch, r)
}

func (h *half) lives() {
	for i, p := range h.seats {
		if p != nil && p.owner == h.things[i] {
			h.say("life %d %x out %x", i, p.block.Life&^lifeRunning, p.block.Load())
		}
	}
}

func TestTheTwinSeesWhatTheCHalfSees(t *testing.T) {
	twin.Compare(t, twin.Build(t), twin.Wants{Queued: true, Reuse: true}, 100, func() twin.Side { return newHalf() })
}
