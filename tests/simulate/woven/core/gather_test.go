// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"slices"
	"syscall"
	"time"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
	"libws/core/wire"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

// gatherer is the twin of gather.c and held.c: what a thread that dispatches or polls a queue has sent.
type gatherer struct {
	host *host
	box  border.Outbox
	// What box points to.
	bytes    []byte
	segments []border.Segment
	held     []uint64 // connections that hold some of it
}

func newGatherer(h *host) *gatherer {
	g := &gatherer{host: h, bytes: make([]byte, 3000), segments: make([]border.Segment, 40)}
	g.box = border.Outbox{Bytes: border.Address(g.bytes), Segments: uint64(uintptr(unsafe.Pointer(unsafe.SliceData(g.segments)))),
		BytesCap: uint32(len(g.bytes)), SegmentsCap: uint32(len(g.segments)), SegmentsUsed: 1}
	h.gatherers = append(h.gatherers, g) // it is never unmapped
	return g
}

func (g *gatherer) address() uint64 { return uint64(uintptr(unsafe.Pointer(&g.box))) }

// send is wsx_send_direct that gathers. False: nothing was done.
func (g *gatherer) send(p *seat, handle uint64, op ws.OpCode, data []byte) bool {
	b, h := &p.block, g.host
	look := func() (out uint64, idle, gathered bool) {
		const all = border.OutFast | border.OutSpoke | border.OutSecure
		out = atomic.LoadUint64(&b.Out)
		idle = out&^all == border.OutOpen|border.OutDirect
		gathered = out&^(all|border.OutBytes) == border.OutOpen|border.OutDirect|border.OutQueued|border.OutGathered
		return out, idle, gathered
	}
	if _, idle, gathered := look(); !idle && !gathered || !h.engine.pool.Fits(len(data)+14) {
		return false
	}
	var frame []byte
	if handle>>(indexBits+genBits) == kindClient {
		frame = wire.AppendMasked(nil, op, true, data, wire.NewMask())
	} else {
		frame = wire.AppendFragment(nil, wire.Server, op, true, data)
	}
	size := uint64(len(frame))
	if int(g.box.BytesCap-g.box.BytesUsed) < len(frame) || g.box.SegmentsUsed == g.box.SegmentsCap {
		g.leave()
	}
	out, idle, gathered := look()
	if !idle && !gathered || gathered && out&border.OutBytes+size > atomic.LoadUint64(&b.Limit) {
		return false
	}
	claimed := (out | border.OutQueued | border.OutSending | border.OutSpoke) + size
	if !atomic.CompareAndSwapUint64(&b.Out, out, claimed) {
		return false
	}
	owner := atomic.LoadUint64(&b.Handle)
	epoch := atomic.LoadUint32(&p.lane.Epoch)
	if owner != handle || gathered && atomic.LoadUint64(&p.lane.Outbox) != g.address() {
		before := (claimed - size) &^ border.OutSending
		if !gathered {
			before &^= border.OutQueued
		}
		if !atomic.CompareAndSwapUint64(&b.Out, claimed, before) {
			atomic.AddUint64(&b.Out, -size)
			g.hand(p, owner, epoch, before&border.OutBytes, 0, 0)
		}
		return false
	}
	if out&border.OutSecure != 0 {
		h.model.events["gathered over TLS"]++
	}
	h.model.events["gathered"]++
	messages, bytes := atomic.LoadUint64(&p.lane.Messages), atomic.LoadUint64(&p.lane.Bytes)
	atomic.StoreUint64(&p.lane.Messages, messages+1)
	atomic.StoreUint64(&p.lane.Bytes, bytes+uint64(len(data)))
	g.note(p, frame, idle)
	now := claimed&^border.OutSending | border.OutGathered
	if !atomic.CompareAndSwapUint64(&b.Out, claimed, now) {
		h.model.events["gathered, and somebody came by"]++
		g.hand(p, owner, epoch, now&border.OutBytes, 0, 0)
	}
	return true
}

// note is wsx_gather.
func (g *gatherer) note(p *seat, frame []byte, first bool) {
	b, at := &p.block, g.box.SegmentsUsed
	g.box.SegmentsUsed++
	to := g.bytes[g.box.BytesUsed:][:len(frame)]
	copy(to, frame)
	g.box.BytesUsed += uint32(len(frame))
	g.segments[at] = border.Segment{Data: border.Address(to), Size: uint32(len(frame)), Slot: b.Slot}
	if first {
		g.segments[at].Head, b.Cork = at, at
		atomic.StoreUint64(&p.lane.Outbox, g.address())
		return
	}
	head := &g.segments[b.Cork]
	g.segments[head.Head].Next = at
	head.Head = at
}

// hand is wsx_hand_gathered.
func (g *gatherer) hand(p *seat, owner uint64, epoch uint32, size uint64, n int, errno syscall.Errno) {
	flags := uint64(border.OutHanding)
	if size > 0 {
		flags |= border.OutGathered
	}
	atomic.OrUint64(&p.block.Out, flags)
	if c := g.host.connection(owner); c != nil {
		c.SentGathered(epoch, int(size), n, errno)
	}
}

// sendHeld is wsx_send_by_queue.
func (g *gatherer) sendHeld(c *Conn, handle uint64, op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	waits, err := c.SendByQueue(op, data, done)
	if waits && !slices.Contains(g.held, handle) {
		g.host.model.events["held for a queue"]++
		g.held = append(g.held, handle)
	}
	return err
}

// letGo is wsx_let_go.
func (g *gatherer) letGo() {
	all := g.held
	g.held = nil
	var together loop.Later
	defer together.End()
	for _, handle := range all {
		if c := g.host.connection(handle); c != nil {
			c.LetGo(&together)
		}
	}
}

// leave is wsx_send_gathered.
func (g *gatherer) leave() {
	for i := uint32(1); i < g.box.SegmentsUsed; i++ {
		if g.segments[i].Head != 0 {
			g.leaveSlot(g.host.at(g.segments[i].Slot))
		}
	}
	g.letGo() // core reads of the box until then
	g.box.BytesUsed, g.box.SegmentsUsed = 0, 1
	clear(g.bytes)
}

func (g *gatherer) leaveSlot(p *seat) {
	b := &p.block
	var claimed uint64
	for {
		out := atomic.LoadUint64(&b.Out)
		if out&border.OutSecure != 0 && out&(border.OutGathered|border.OutHeldByQueue) != 0 {
			g.held = append(g.held, atomic.LoadUint64(&b.Handle))
			return
		}
		if out&border.OutGathered == 0 {
			return
		}
		claimed = out | border.OutSending
		if out&border.OutSending != 0 {
			world.Sleep(20 * time.Microsecond)
		} else if atomic.CompareAndSwapUint64(&b.Out, out, claimed) {
			break
		}
	}
	owner := atomic.LoadUint64(&b.Handle)
	epoch := atomic.LoadUint32(&p.lane.Epoch)
	at := atomic.LoadUint64(&p.lane.Outbox)
	segments, size, sent := (*(**border.Outbox)(unsafe.Pointer(&at))).Slots(), int(claimed&border.OutBytes), 0
	var list []byte
	for i := b.Cork; i != 0; i = segments[i].Next {
		list = append(list, border.Memory(segments[i].Data, segments[i].Size)...)
	}
	if len(list) != size {
		world.Fail("%v has %d bytes gathered, its list has %d", p.owner, size, len(list))
	}
	world.Yield()
	f := world.File(int(atomic.LoadInt32(&p.lane.Descriptor)))
	if f == nil {
		return
	}
	sent, errno := f.Write(list)
	sent = max(sent, 0)
	if sent == size && atomic.CompareAndSwapUint64(&b.Out, claimed, (claimed-uint64(size))&^(border.OutQueued|border.OutSending|border.OutGathered)) {
		return
	}
	g.host.model.events["gathered, and the rest is core's"]++
	g.hand(p, owner, epoch, uint64(size), sent, errno)
}
