// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/loop"
	"libws/tests/twin"
)

// halfTwin is the twin of this package's tests, as scripts of tests/twin see it: testHost and its
// handles without an engine behind them.
type halfTwin struct {
	host     *testHost
	lines    []string
	reaction int
	text     bool
	big      []byte
	batch    []border.Record
	kept     [][]byte // what records point to
	box      *border.Outbox
	gatherer *gatherer
	ways     map[uint32][2]int // by slot: the sockets of who gathers
}

// deaf does not hear that a script is none that core would play.
type deaf struct{ testing.TB }

func (deaf) Errorf(string, ...any) {}

func newHalfTwin(t *testing.T) *halfTwin {
	h := &halfTwin{reaction: -2, big: bytes.Repeat([]byte("b"), 70000)}
	h.host = &testHost{t: deaf{t}, handles: make([]*handle, 1), completions: map[uintptr]func(event){}, engine: &Engine{}}
	h.host.engine.pool.Meter = new(loop.Meter)
	h.host.engine.pool.Meter.Limit(-1)
	h.box = border.NewOutbox()
	h.box.BytesCap, h.box.SegmentsCap = 4096, 64
	h.gatherer, h.ways = newGatherer(h.host), map[uint32][2]int{}
	t.Cleanup(func() {
		for _, ends := range h.ways {
			must(t, unix.Close(ends[0]))
			must(t, unix.Close(ends[1]))
		}
	})
	return h
}

func (h *halfTwin) say(format string, args ...any) {
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

func (h *halfTwin) Play(ops []twin.Op) (seen [][]string) {
	for _, o := range ops {
		h.lines = nil
		h.play(o.Name, o.A)
		seen = append(seen, h.lines)
	}
	return seen
}

func (h *halfTwin) play(name string, a [4]int64) {
	switch name {
	case "queue":
	case "make":
		var parent *handle
		if a[1] != 0 {
			parent = h.host.at(uint32(a[1]))
		}
		x := h.host.acquire(parent, nil, h.heard)
		h.say("made %d %d 1", x.block.Slot, x.block.Slot) // a slot is used once here
	case "life":
		x := h.host.at(uint32(a[0]))
		atomic.OrUint32(&x.block.Life, uint32(a[1]))
		atomic.AndUint32(&x.block.Life, ^uint32(a[2]))
	case "kill":
		atomic.OrUint32(&h.host.at(uint32(a[0])).block.Life, lifeDead)
	case "out":
		b := h.host.at(uint32(a[0])).block
		b.Out, b.Limit, b.Loop = uint64(a[1])<<48|uint64(a[2]), uint64(a[3]), 1
	case "react":
		h.reaction, h.text = int(a[0]), a[1] == 1
	case "record":
		h.record(uint32(a[0]), border.Event(a[1]&255), uint16(a[1]>>8), int(a[2]), uint8(a[3]))
	case "dispatch":
		h.dispatch()
	case "direct":
		h.direct(h.host.at(uint32(a[0])), int(a[1]), a[2] == 1)
	case "gather":
		h.gather(h.host.at(uint32(a[0])), int(a[1]), a[2] == 1)
	case "leave":
		h.leave()
	}
}

func (h *halfTwin) heard(d *dispatcher, x *handle, e event) {
	h.say("told %d %d %d", x.block.Slot, e.kind, len(e.data))
	if e.kind != border.EventMessage || h.reaction < -1 {
		return
	}
	data, op := h.big, ws.OpBinary
	if h.reaction >= 0 {
		data = data[:h.reaction]
	} else {
		data, h.text = d.current, e.text
	}
	if h.text {
		op = ws.OpText
	}
	if x.alive() == nil && !d.cork(x.block, op, data) {
		h.say("send %d %d", x.block.Slot, len(data))
	}
}

func (h *halfTwin) record(slot uint32, kind border.Event, flags uint16, size int, messageType uint8) {
	r := border.Record{Slot: slot, Type: kind, Flags: flags}
	if kind == border.EventMessage {
		p := bytes.Repeat([]byte("p"), size+1)
		h.kept = append(h.kept, p)
		r.MessageType, r.Data, r.Size = messageType, border.Address(p), uint64(size)
	} else {
		none := make([]byte, 1)
		p := make([]byte, unsafe.Sizeof(border.Detail{}))
		at := border.Address(none)
		d := border.Detail{Text: at, Reason: at, Protocol: at, Method: at, Target: at, Body: at}
		if kind == border.EventCompletion {
			h.host.nextID++
			id := h.host.nextID
			d.Callback, d.User = uint64(id), uint64(id)*3
			h.host.completions[id] = func(e event) { h.say("told %d %d 0", slot, e.kind) }
		}
		*(*border.Detail)(unsafe.Pointer(unsafe.SliceData(p))) = d
		h.kept = append(h.kept, none, p)
		r.Detail = border.Address(p)
	}
	h.batch = append(h.batch, r)
}

func (h *halfTwin) dispatch() {
	if h.batch == nil {
		h.batch = []border.Record{}
	}
	_, marked := h.host.Dispatch(1, h.batch, h.box)
	h.say("marked %d", marked)
	for i, r := range h.batch {
		h.say("flags %d %x", i, r.Flags)
	}
	for i, s := range h.box.List()[1:] {
		sum := uint32(0)
		for _, c := range border.Memory(s.Data, s.Size) {
			sum = sum*31 + uint32(c)
		}
		h.say("segment %d of %d: %d bytes, next %d, head %x, sum %x", i+1, s.Slot, s.Size, s.Next, s.Head, sum)
	}
	h.say("box %d bytes, %d claimed", h.box.BytesUsed, h.box.Claimed)
	h.box.Reset()
	h.box.Claimed = 0
	h.batch, h.kept = nil, nil
	for _, x := range h.host.handles[1:] {
		h.say("life %d %x out %x", x.block.Slot, x.block.Life, x.block.Load())
		x.block.Clear(border.OutCorked) // core has sent it
	}
}

func (h *halfTwin) direct(x *handle, size int, text bool) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	must(h.host.t, err)
	x.lane.Descriptor = int32(ends[0])
	op := ws.OpBinary
	if text {
		op = ws.OpText
	}
	did, _ := x.sendDirect(op, h.big[:size])
	in := make([]byte, 2*border.DirectMax)
	n, _ := unix.Read(ends[1], in)
	n = max(n, 0)
	if n == 0 {
		in[0], in[1] = 0, 0
	}
	h.say("direct %d: %d, %d bytes, first %x, masked %d; %d messages, %d bytes, out %x", x.block.Slot, btoi(did), n, in[0], in[1]>>7,
		x.lane.Messages, x.lane.Bytes, x.block.Load())
	must(h.host.t, unix.Close(ends[0]))
	must(h.host.t, unix.Close(ends[1]))
}

func (h *halfTwin) gather(x *handle, size int, text bool) {
	ends, ok := h.ways[x.block.Slot]
	if !ok {
		var err error
		ends, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
		must(h.host.t, err)
		h.ways[x.block.Slot] = ends
	}
	x.lane.Descriptor = int32(ends[0])
	op := ws.OpBinary
	if text {
		op = ws.OpText
	}
	did := h.gatherer.send(x, op, h.big[:size])
	h.say("gather %d: %d, %d messages, %d bytes, out %x", x.block.Slot, btoi(did), x.lane.Messages, x.lane.Bytes, x.block.Load())
}

func (h *halfTwin) leave() {
	h.gatherer.leave()
	in := make([]byte, 1<<17)
	for _, x := range h.host.handles[1:] {
		ends, ok := h.ways[x.block.Slot]
		if !ok {
			continue
		}
		n, _ := unix.Read(ends[1], in)
		n = max(n, 0)
		sum := uint32(0)
		for _, c := range in[:n] {
			if x.parent != nil {
				sum = sum*31 + uint32(c)
			}
		}
		h.say("left %d: %d bytes, sum %x, out %x", x.block.Slot, n, sum, x.block.Load())
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestTheTwinSeesWhatTheCHalfSees(t *testing.T) {
	t.Parallel()
	if math.MaxInt == math.MaxInt32 {
		t.Skip("records hold addresses of 64 bits")
	}
	twin.Compare(t, twin.Build(t), twin.Wants{Answers: true, Direct: true}, 100, func() twin.Side { return newHalfTwin(t) })
}
