// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"syscall"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/wire"
)

// sendDirect is the twin of wsx_send_direct. False: the caller goes through Conn.Send.
func (x *handle) sendDirect(op ws.OpCode, data []byte) (did bool, _ *fault.Error) {
	b := x.block
	out := b.Load()
	if out&^(border.OutFast|border.OutSpoke) != border.OutOpen|border.OutDirect || len(data) > border.DirectMax || op == ws.OpText && !ascii(data) || !x.host.engine.pool.Fits(len(data)) {
		return false, nil
	}
	var frame []byte
	if x.parent == nil {
		frame = wire.AppendMasked(nil, op, true, data, wire.NewMask())
	} else {
		frame = wire.AppendFragment(nil, wire.Server, op, true, data)
	}
	size := uint64(len(frame))
	claimed := (out | border.OutQueued | border.OutSending | border.OutSpoke) + size
	if !atomic.CompareAndSwapUint64(&b.Out, out, claimed) {
		return false, nil
	}
	if f := x.writing.Load(); f != nil {
		(*f)()
	}
	epoch := atomic.LoadUint32(&x.lane.Epoch)
	n, err := unix.SendmsgN(int(atomic.LoadInt32(&x.lane.Descriptor)), frame, nil, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
	errno, _ := err.(syscall.Errno)
	atomic.AddUint64(&x.lane.Messages, 1)
	atomic.AddUint64(&x.lane.Bytes, uint64(len(data)))
	x.host.direct.Add(1)
	if err == nil && n == len(frame) && atomic.CompareAndSwapUint64(&b.Out, claimed, (claimed-size)&^(border.OutQueued|border.OutSending)) {
		return true, nil
	}
	b.Set(border.OutHanding)
	if f := x.handing.Load(); f != nil {
		(*f)()
	}
	return true, x.conn.SentDirect(epoch, frame, max(n, 0), errno)
}
