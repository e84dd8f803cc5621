// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
)

// A thread that dispatches a queue answers many messages in a row, and each answer would be a
// system call. So it gathers: what its callbacks send over connections on which it may write
// itself (send_direct.go) waits in an outbox of the thread, and leaves when the dispatch ends,
// one system call for each connection, again without Go.
//
//   - A claim is begun as for a direct send. Then, instead of writing, the host notes the frame
//     in its outbox, says by Lane.Outbox and Block.Cork where, and turns border.OutSending into
//     border.OutGathered. More frames are added in the same way: OutSending is the lock of the
//     list, held for some instructions.
//   - Nothing else of the connection is buffered as long as only OutGathered is set. Whoever
//     wants to send, ping or close meanwhile takes over what is gathered, which goes first; so
//     nobody waits for a callback, and the order of the calls is the order on the wire.
//   - The host sends what is left by claiming it again with OutSending. When somebody has come
//     by meanwhile, or the kernel does not take everything, it calls SentGathered.
//   - An outbox is used anew when its thread has looked at each connection in it, and is never
//     unmapped. While core takes something over it holds OutSending, which the thread waits for.
//
// Over TLS (border.OutSecure) the host gathers in the same way what it cannot write, unencrypted:
//
//   - Letting go of what a queue holds (send_held.go) brings the offer.
//   - Who takes it over makes it what a queue holds: it is copied to secure.behind, without encrypting, under Conn.mu
//     alone. From there on the rules of send_held.go are good for it. Who may encrypt sends it at once, in full
//     records (sendHeld). Who finds OutSending waits for the host, which only copies a frame then, until it has ended
//     its claim or set border.OutHanding.
//   - Its thread sends nothing itself: it lets go of the connection, of many by one call (LetGo), which sends what is
//     still gathered, or held. Behind the call nobody reads of its outbox any more, as that is done under Conn.mu.
//   - Records may wait beside it, such as answers of crypto/tls, so its bytes are counted in its list.

// claim is Block.Claim behind what is gathered. c.mu is held.
func (c *Conn) claim(size int, force bool) (behind bool, status border.ClaimStatus) {
	for {
		if behind, status = c.block.Claim(size, force); status != border.ClaimGathered {
			return behind, status
		}
		c.takeGathered()
	}
}

// gathered is the outbox of what is gathered, and the first segment there. border.OutSending is
// held.
func (d direct) gathered() (segments []border.Segment, head uint32) {
	at := atomic.LoadUint64(&d.lane.Outbox)
	return (*(**border.Outbox)(unsafe.Pointer(&at))).Slots(), d.block.Cork
}

// takeGathered sends what is gathered; what the kernel does not take is queued. Over TLS a queue holds it
// then. c.mu is held.
func (c *Conn) takeGathered() {
	if s := c.tls.Load(); s != nil {
		s.takeGathered(nil)
		return
	}
	size, ok := c.block.TakesGathered()
	if !ok {
		return
	}
	left, open := size, c.sock.Open()
	if open && !c.failed {
		var v loop.Vector // the worker's is the loop's
		segments, head := c.w.direct(c.block).gathered()
		left = c.writeSegments(&v, segments, head)
	}
	rest := left > 0 && open && !c.failed && c.queueGathered(left)
	if left > 0 && !rest {
		c.block.Taken(left)
	}
	c.block.Ungathered(rest)
}

// sendGathered is takeGathered for who does not send something behind it. c.mu is held.
func (c *Conn) sendGathered() {
	if c.block == nil || c.block.Load()&border.OutGathered == 0 {
		return
	}
	c.takeGathered()
	if !c.block.HeldByQueue() {
		c.settleQueue()
	}
}

// queueGathered puts the last size bytes of what is gathered before all that is queued. False:
// there is no memory, and no way back. c.mu is held, and border.OutSending.
func (c *Conn) queueGathered(size int) bool {
	rest, err := c.w.engine.pool.Force(size)
	if err != nil {
		c.breakOff()
		return false
	}
	segments, head := c.w.direct(c.block).gathered()
	c.needQueue().addFront(appendTail(rest, segments, head, size))
	return true
}

// SentGathered ends what the host began to send of what it has gathered, size bytes: the kernel
// took n of them, or refused them with errno. epoch is that of the lane when the host claimed. Any
// thread.
func (c *Conn) SentGathered(epoch uint32, size, n int, errno syscall.Errno) {
	defer c.breaks()
	s := c.lockBoth()
	defer c.unlockBoth(s)
	if atomic.LoadUint32(&c.w.direct(c.block).lane.Epoch) != epoch {
		return // the connection has ended, and the claim with it; or somebody has taken it over
	}
	if s != nil {
		s.sentGathered(size)
		return
	}
	if c.failed {
		c.block.Taken(size) // the read side is about to report the end
	} else if n = c.wrote(n, errno); n < size && (c.failed || !c.queueGathered(size-n)) {
		c.block.Taken(size - n)
	}
	c.block.Clear(border.OutSending | border.OutHanding | border.OutDeferred | border.OutGathered)
	var v loop.Vector
	c.flushQueue(&v)
}

// sendOutbox sends what the callbacks of the batch left, one system call per
// connection. The loop's thread, also from inside a callback whose outbox is
// full.
func (w *worker) sendOutbox() {
	if len(w.holding) > 0 {
		w.letAllGo()
	}
	if w.box.Empty() {
		return
	}
	if claimed := w.box.Claimed; claimed > 0 { // what all loops share is left alone for short messages
		w.engine.pool.Count(-int(claimed)) // fits: they are in memory; what the kernel does not take is counted again when it is copied
		w.box.Claimed = 0
	}
	segments := w.box.List()
	for i := 1; i < len(segments); {
		i = w.uncork(segments, i)
	}
	w.box.Reset()
}

// uncork sends what is in the outbox from a segment on, and tells how far it came. A panic must not keep what
// others have there, nor send it twice. The end of whose it is has to wait: a batch may be in the hands of the
// host.
func (w *worker) uncork(segments []border.Segment, from int) (next int) {
	var ahead [8]struct {
		c    *Conn
		head int
	}
	var c *Conn
	var counting *Server
	var count *shard // of counting
	next = from
	defer func() {
		if v := recover(); v != nil {
			w.sendingBroke(c, v)
		}
	}()
	for next < len(segments) {
		n := 0 // all of them are looked up before one is sent: behind a system call that is slow
		for i := next; i < len(segments) && n < len(ahead); i++ {
			if segments[i].Head&border.HeadFirst != 0 {
				ahead[n].c, ahead[n].head = w.engine.host.Connection(segments[i].Slot), i
				n++
			}
		}
		for i := range ahead[:n] {
			head := ahead[i].head
			next = head + 1
			if c = ahead[i].c; c == nil {
				continue
			}
			if c.server != counting {
				counting, count = c.server, c.server.shard(w)
			}
			count.countCorked(w, segments, uint32(head)) // fits: an outbox has room for 4096
			c.uncork(segments, uint32(head))             // fits: as above
		}
		if n < len(ahead) {
			return len(segments)
		}
	}
	return next
}

// uncork sends the outbox's segments of this connection, then what other
// threads queued behind them. The loop's thread.
func (c *Conn) uncork(segments []border.Segment, head uint32) {
	if s := c.tls.Load(); s != nil {
		s.uncork(segments, head)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulse.spoke = true
	left := 0 // bytes the kernel did not take
	if only := &segments[head]; !c.sock.Open() || c.failed {
	} else if only.Next == 0 {
		n, errno := c.sock.Write(border.Memory(only.Data, only.Size))
		if n == int(only.Size) && c.tx == nil && !c.high && c.block.Uncorked(n) {
			return // as nearly always: nothing of the connection waits any more
		}
		left = int(only.Size) - c.wrote(n, errno)
	} else {
		left = c.writeSegments(&c.w.vector, segments, head)
	}
	if left > 0 && !c.failed {
		rest, err := c.w.engine.pool.Force(left)
		if err != nil {
			c.breakOff()
		} else {
			c.needQueue().addFront(appendTail(rest, segments, head, left))
		}
	}
	c.block.Set(border.OutQueued) // before the host may cork again
	c.block.Clear(border.OutCorked)
	c.flushQueue(&c.w.vector)
}

// writeSegments writes what the kernel takes, through v as writeQueue, and returns how many
// bytes it did not. c.mu is held.
func (c *Conn) writeSegments(v *loop.Vector, segments []border.Segment, i uint32) (left int) {
	for i != 0 && left == 0 && !c.failed {
		v.Reset()
		for ; i != 0 && !v.Full(); i = segments[i].Next {
			v.Add(border.Memory(segments[i].Data, segments[i].Size))
		}
		n, errno := c.sock.WriteVector(v)
		if n = c.wrote(n, errno); n < v.Size() && !c.failed {
			left = v.Size() - n
			for j := i; j != 0; j = segments[j].Next {
				left += int(segments[j].Size)
			}
		}
	}
	return left
}

// appendTail appends the last size bytes of a connection's segments.
func appendTail(dst []byte, segments []border.Segment, head uint32, size int) []byte {
	total := 0
	for i := head; i != 0; i = segments[i].Next {
		total += int(segments[i].Size)
	}
	skip := total - size
	for i := head; i != 0; i = segments[i].Next {
		p := border.Memory(segments[i].Data, segments[i].Size)
		if skip >= len(p) {
			skip -= len(p)
			continue
		}
		dst = append(dst, p[skip:]...)
		skip = 0
	}
	return dst
}

// sendingBroke ends a connection of which something that callbacks of a batch have sent was being sent.
func (w *worker) sendingBroke(c *Conn, v any) {
	w.engine.Panicked("sending what callbacks left", v)
	w.loop.Post(func() { c.broke(v) })
}

// What callbacks of a batch send leaves in one system call also where the host cannot cork it
// itself: compressed messages, such as have a completion, and those of connections that are
// counted one by one. The first of them holds the connection: as behind corked frames, what
// anybody sends from then on is queued, or follows unencrypted (tls_cork.go), until the batch ends.

// SendInside is Send for who is called back by the loop of c.
func (c *Conn) SendInside(op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	if c.server != nil && len(data) <= corkMax && !c.keepsWhole() && c.block.Hold() {
		c.w.holding = append(c.w.holding, c)
	}
	return c.Send(op, data, done)
}

// letGo is uncork for who is held.
func (w *worker) letGo(c *Conn) {
	defer func() {
		if v := recover(); v != nil {
			w.sendingBroke(c, v)
		}
	}()
	if s := c.tls.Load(); s != nil {
		s.uncork(nil, 0)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block.Clear(border.OutCorked | border.OutHeld)
	c.flushQueue(&w.vector)
}

// letAllGo ends what SendInside began. The loop's thread.
func (w *worker) letAllGo() {
	for i, c := range w.holding {
		w.holding[i] = nil
		w.letGo(c)
	}
	w.holding = w.holding[:0]
}
