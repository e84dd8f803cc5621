// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"syscall"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

// send is ws_send: corked, written by this thread itself, or by way of core.
func (h *host) send(handle uint64, op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	p := h.lookup(handle)
	if p == nil {
		return errGone
	}
	if d := h.threads[world.Self()]; d != nil && !done.Wanted() && d.cork(p, op, data) {
		return nil
	}
	g := h.gatherer()
	if g != nil && !done.Wanted() && len(data) <= border.DirectMax && g.send(p, handle, op, data) {
		return nil
	}
	if !done.Wanted() && len(data) <= border.DirectMax {
		if did, err := h.sendDirect(p, handle, op, data); did {
			return err
		}
	}
	c := h.connection(handle)
	if c == nil {
		return errGone
	}
	if d := h.threads[world.Self()]; d != nil && d.box != nil && p.block.Loop == d.loop {
		h.model.events["sent inside"]++
		return c.SendInside(op, data, done)
	}
	if g != nil {
		return g.sendHeld(c, handle, op, data, done)
	}
	return c.Send(op, data, done)
}

// gatherer is what the thread that asks gathers in; nil: it does not.
func (h *host) gatherer() *gatherer {
	if d := h.threads[world.Self()]; d != nil {
		return d.gather
	}
	return h.gathers[world.Self()]
}

const (
	copyMax   = 2048
	directMax = 65536
)

func headerSize(size int) int { return wire.HeaderSize(size, false) }

// cork is that of cork.h.
func (d *dispatcher) cork(p *seat, op ws.OpCode, data []byte) bool {
	b := &p.block
	if d.box == nil || b.Loop != d.loop {
		return false
	}
	if len(data) > copyMax {
		return d.corkLarge(p, op, data)
	}
	header := headerSize(len(data))
	before, ok := uint64(0), false
	if !d.fits(header + len(data)) {
		return false
	}
	if before, ok = claimCork(b, header+len(data)); !ok {
		return false
	}
	d.host.model.events["corked"]++
	frame := wire.AppendFragment(d.free(), wire.Server, op, true, data)
	d.box.BytesUsed += uint32(len(frame))
	d.segment(b, frame, before, counts(header))
	return true
}

// corkLarge sends the data of the event that is told from where it lies.
func (d *dispatcher) corkLarge(p *seat, op ws.OpCode, data []byte) bool {
	b, h := &p.block, d.host
	if len(data) > directMax {
		if atomic.LoadUint64(&b.Out)&border.OutCorked != 0 {
			h.engine.Flush(d.loop)
		}
		return false
	}
	if len(d.data) == 0 || len(data) != len(d.data) || &data[0] != &d.data[0] {
		return false
	}
	header := headerSize(len(data))
	if !d.fits(header) || h.engine.pool.Claim(len(data), false) != nil {
		return false
	}
	before, ok := claimCork(b, header+len(data))
	if !ok {
		h.engine.pool.Count(-len(data))
		return false
	}
	d.box.Claimed += uint64(len(data))
	if d.room {
		d.room = false
		frame := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(&d.data[0]), -header)), header+len(data))
		wire.AppendFragment(frame[:0:header], wire.Server, op, true, nil)
		copy(frame, wire.AppendHeader(nil, op, true, len(data)))
		d.segment(b, frame, before, counts(header))
		return true
	}
	head := wire.AppendHeader(d.free(), op, true, len(data))
	d.box.BytesUsed += uint32(len(head))
	d.segment(b, head, before, counts(header))
	d.segment(b, data, border.OutCorked, 0)
	return true
}

func counts(header int) uint32 { return 1<<13 + uint32(header-2)/2*2 }

// free is the room of the outbox that is left.
func (d *dispatcher) free() []byte {
	return bytesAt(d.box.Bytes, uint64(d.box.BytesCap))[d.box.BytesUsed:d.box.BytesUsed:d.box.BytesCap]
}

func (d *dispatcher) fits(n int) bool {
	full := func() bool {
		return int(d.box.BytesCap-d.box.BytesUsed) < n || d.box.SegmentsCap-d.box.SegmentsUsed < 2
	}
	if full() || world.Rarely(200) {
		d.host.engine.Flush(d.loop)
	}
	return !full()
}

func claimCork(b *border.Block, frame int) (before uint64, ok bool) {
	for {
		out := atomic.LoadUint64(&b.Out)
		buffered := out & border.OutBytes
		if out&(border.OutOpen|border.OutFast|border.OutQueued) != border.OutOpen|border.OutFast ||
			buffered > 0 && buffered+uint64(frame) > atomic.LoadUint64(&b.Limit) {
			return 0, false
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, (out|border.OutCorked)+uint64(frame)) {
			return out, true
		}
	}
}

// segment is add_segment.
func (d *dispatcher) segment(b *border.Block, p []byte, before uint64, counts uint32) {
	box := d.box
	first := before&border.OutCorked == 0
	if first {
		counts |= border.HeadFirst
	}
	index := box.SegmentsUsed
	box.SegmentsUsed++
	list := box.List()
	if !first {
		end := &list[index-1]
		if b.Cork == index-1 && end.Data+uint64(end.Size) == border.Address(p) {
			end.Size += uint32(len(p))
			end.Head += counts
			box.SegmentsUsed--
			return
		}
	}
	list[index] = border.Segment{Data: border.Address(p), Size: uint32(len(p)), Slot: b.Slot, Head: counts}
	if !first {
		list[b.Cork].Next = index
	}
	b.Cork = index
}

// sendDirect is wsx_send_direct.
func (h *host) sendDirect(p *seat, handle uint64, op ws.OpCode, data []byte) (did bool, _ *fault.Error) {
	b := &p.block
	out := atomic.LoadUint64(&b.Out)
	if out&^(border.OutFast|border.OutSpoke) != border.OutOpen|border.OutDirect || !h.engine.pool.Fits(len(data)+14) {
		return false, nil
	}
	var frame []byte
	if handle>>(indexBits+genBits) == kindClient {
		frame = wire.AppendMasked(nil, op, true, data, wire.NewMask())
	} else {
		frame = wire.AppendFragment(nil, wire.Server, op, true, data)
	}
	size := uint64(len(frame))
	claimed := (out | border.OutQueued | border.OutSending | border.OutSpoke) + size
	if !atomic.CompareAndSwapUint64(&b.Out, out, claimed) {
		return false, nil
	}
	h.model.events["sent by a thread itself"]++
	owner := atomic.LoadUint64(&b.Handle)
	epoch := atomic.LoadUint32(&p.lane.Epoch)
	n, errno := int(size), syscall.Errno(0)
	if owner == handle {
		world.Yield()
		f := world.File(int(atomic.LoadInt32(&p.lane.Descriptor)))
		if f == nil {
			return true, nil
		}
		n, errno = f.Write(frame)
		messages, bytes := atomic.LoadUint64(&p.lane.Messages), atomic.LoadUint64(&p.lane.Bytes)
		atomic.StoreUint64(&p.lane.Messages, messages+1)
		atomic.StoreUint64(&p.lane.Bytes, bytes+uint64(len(data)))
	}
	var err *fault.Error
	if atomic.LoadUint64(&b.Out) != claimed {
		h.model.events["sent by a thread itself, and somebody came by"]++
	}
	if n != int(size) || !atomic.CompareAndSwapUint64(&b.Out, claimed, (claimed-size)&^(border.OutQueued|border.OutSending)) {
		atomic.OrUint64(&b.Out, border.OutHanding)
		if c := h.connection(owner); c != nil {
			err = c.SentDirect(epoch, frame, n, errno)
		}
	}
	return owner == handle, err
}
