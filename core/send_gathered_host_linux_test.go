// SPDX-License-Identifier: Apache-2.0

package core

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/wire"
)

// gatherer is the twin of a thread that gathers (gather.c).
type gatherer struct {
	host *testHost
	box  *border.Outbox
}

func newGatherer(h *testHost) *gatherer {
	g := &gatherer{host: h, box: border.NewOutbox()}
	g.box.BytesCap, g.box.SegmentsCap = 64<<10, 2048
	return g
}

// send is the twin of wsx_send_direct that gathers. False: the caller goes through Conn.Send.
func (g *gatherer) send(x *handle, op ws.OpCode, data []byte) bool {
	b := x.block
	look := func() (out uint64, idle, gathered bool) {
		const all = border.OutFast | border.OutSpoke | border.OutSecure
		out = b.Load()
		idle = out&^all == border.OutOpen|border.OutDirect
		gathered = out&^(all|border.OutBytes) == border.OutOpen|border.OutDirect|border.OutQueued|border.OutGathered
		return out, idle, gathered
	}
	if _, idle, gathered := look(); !idle && !gathered || len(data) > border.DirectMax || op == ws.OpText && !ascii(data) || !x.host.engine.pool.Fits(len(data)) {
		return false
	}
	var frame []byte
	if x.parent == nil {
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
	epoch := atomic.LoadUint32(&x.lane.Epoch)
	mine := uint64(uintptr(unsafe.Pointer(g.box)))
	if gathered && atomic.LoadUint64(&x.lane.Outbox) != mine {
		before := (claimed - size) &^ border.OutSending
		if !atomic.CompareAndSwapUint64(&b.Out, claimed, before) {
			b.Taken(int(size))
			g.hand(x, epoch, before&border.OutBytes, 0, 0)
		}
		return false
	}
	atomic.AddUint64(&x.lane.Messages, 1)
	atomic.AddUint64(&x.lane.Bytes, uint64(len(data)))
	x.host.gathered.Add(1)
	g.note(x, frame, idle, mine)
	if f := x.writing.Load(); f != nil {
		(*f)()
	}
	now := claimed&^border.OutSending | border.OutGathered
	if !atomic.CompareAndSwapUint64(&b.Out, claimed, now) {
		g.hand(x, epoch, now&border.OutBytes, 0, 0)
	}
	return true
}

// note is wsx_gather.
func (g *gatherer) note(x *handle, frame []byte, first bool, mine uint64) {
	box, b, segments := g.box, x.block, g.box.Slots()
	at := box.SegmentsUsed
	box.SegmentsUsed++
	p := border.Memory(box.Bytes+uint64(box.BytesUsed), uint32(len(frame)))
	copy(p, frame)
	box.BytesUsed += uint32(len(frame))
	segments[at] = border.Segment{Data: border.Address(p), Size: uint32(len(frame)), Slot: b.Slot}
	if first {
		segments[at].Head = at
		b.Cork = at
		atomic.StoreUint64(&x.lane.Outbox, mine)
		return
	}
	head := &segments[b.Cork]
	segments[head.Head].Next = at
	head.Head = at
}

// hand is wsx_hand_gathered.
func (g *gatherer) hand(x *handle, epoch uint32, size uint64, n int, errno syscall.Errno) {
	flags := uint64(border.OutHanding)
	if size > 0 {
		flags |= border.OutGathered
	}
	x.block.Set(flags)
	if f := x.handing.Load(); f != nil {
		(*f)()
	}
	x.conn.SentGathered(epoch, int(size), n, errno)
}

// leave is wsx_send_gathered; over TLS each connection is let go of by itself.
func (g *gatherer) leave() {
	segments := g.box.Slots()
	for i := uint32(1); i < g.box.SegmentsUsed; i++ {
		if segments[i].Head != 0 {
			g.leaveSlot(g.host.at(segments[i].Slot))
		}
	}
	g.box.BytesUsed, g.box.SegmentsUsed = 0, 1
}

func (g *gatherer) leaveSlot(x *handle) {
	b := x.block
	var claimed uint64
	for {
		out := b.Load()
		if out&border.OutSecure != 0 && out&(border.OutGathered|border.OutHeldByQueue) != 0 {
			x.conn.LetGo(nil)
			return
		}
		if out&border.OutGathered == 0 {
			return
		}
		claimed = out | border.OutSending
		if out&border.OutSending == 0 && atomic.CompareAndSwapUint64(&b.Out, out, claimed) {
			break
		}
		runtime.Gosched()
	}
	epoch := atomic.LoadUint32(&x.lane.Epoch)
	at := atomic.LoadUint64(&x.lane.Outbox) // that of another thread, if it has gathered meanwhile
	segments, size, sent := (*(**border.Outbox)(unsafe.Pointer(&at))).Slots(), int(claimed&border.OutBytes), 0
	var errno syscall.Errno
	for i := b.Cork; i != 0; i = segments[i].Next {
		n, err := unix.SendmsgN(int(atomic.LoadInt32(&x.lane.Descriptor)), border.Memory(segments[i].Data, segments[i].Size), nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		sent += max(n, 0)
		if errno, _ = err.(syscall.Errno); n != int(segments[i].Size) {
			break
		}
	}
	if f := x.writing.Load(); f != nil {
		(*f)()
	}
	if sent == size && atomic.CompareAndSwapUint64(&b.Out, claimed, (claimed-uint64(size))&^(border.OutQueued|border.OutSending|border.OutGathered)) {
		return
	}
	g.hand(x, epoch, uint64(size), sent, errno)
}
