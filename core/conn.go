// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"libws/core/loop"
	"libws/core/wire"
)

// phase is where a connection stands for its loop.
type phase uint8

const (
	phaseIdle     phase = iota // a client that is not connected
	phaseSecuring              // a server's TLS handshake runs on a goroutine
	phaseHead                  // a server waits for a request
	phaseAsked                 // the host decides about a request, or its answer is on its way
	phaseOpen                  // frames
	phaseHearing               // the end came in; the host has still to hear what came before
	phaseDraining              // everything was said; what still comes is dropped
	phaseGone                  // the last event was recorded
	phaseReleased              // the handle, and so the block, is somebody else's
)

// Conn is a connection of either role, or a client that may have one. An idle
// one owns nothing but this struct: buffers, queue and ending exist only while
// they are needed. There are many, so what it takes is held by a test.
//
// Fields without a remark belong to the loop's thread.
type Conn struct {
	sock   loop.Socket // changed under mu; Watch and writes need mu, reads the loop
	w      *worker     // never changes
	block  *Block      // nil until an accepted connection is open; then never changes
	server *Server     // nil for a client; never changes

	// Links of the server's list; guarded by Server.mu.
	next, prev *Conn

	parser wire.Parser
	rx     *incoming // an incomplete message or control frame
	end    *ending   // handshake or closing; the pointer is set under mu

	// From here on is what a sender looks at: one line of the cache.
	rare atomic.Pointer[rare]   // what few connections need; made by any thread, never changes then
	tls  atomic.Pointer[secure] // nil for a plain connection; stored by the loop

	mu        sync.Mutex
	tx        *queue   // what the kernel has not taken; guarded by mu
	peer      endpoint // or the client behind a trusted proxy (front.go); changed under mu
	phase     phase
	closeSent bool   // our Close frame is sent or queued; guarded by mu
	failed    bool   // writing failed: nothing more is written; guarded by mu
	destroyed bool   // guarded by mu
	paused    pauses // guarded by mu
	high      bool   // buffered was above the high-water mark; guarded by mu
	pulse     pulse
	controls  controls
}

// options are the limits of the connection. Any thread.
func (c *Conn) options() *ConnOptions {
	if c.server != nil {
		return &c.server.options
	}
	return &c.client().options
}

// incoming is what an incomplete message needs. Its buffers come from the pool.
type incoming struct {
	message []byte // of the data frames so far
	partial bool   // message is in use, also when it is still empty
	listed  bool   // in relief.holders
	text    bool
	packed  bool // it comes compressed
	frames  int  // of the message so far, when they are counted
	nctl    int  // bytes of control
	control [125]byte
	pongs   []byte // frames to be sent when the read has been parsed
	npongs  uint64 // how many they are
}

// ending holds what only the beginning and the end of a connection need.
type ending struct {
	timer    loop.Timer
	cancel   context.CancelFunc // ends a TLS handshake
	head     []byte             // request so far; from the pool
	searched int                // bytes of head without an end
	headSize int                // where the head ends; 0: not found yet
	whole    int                // bytes of the request with its body; 0: not known yet
	idle     bool               // no byte of the next request has come
	ask      *asking            // what the host decides about; guarded by Conn.mu
	awaited  bool               // a server that stops listening waits for the handshake
	late     bool               // the library has answered for the host; guarded by Conn.mu
	refusal  *refusal           // what a request is answered, whatever it is; nil: it may come in
	hop      endpoint           // the peer, when it is a trusted proxy
	fronted  bool               // it is one
	proxied  bool               // its PROXY header has still to come
	drained  int                // bytes dropped while draining
	half     bool               // the peer has ended its half while draining
	received bool               // the peer's Close frame came
	code     uint16             // as told by the close event
	reason   string
	heard    func()        // what phaseHearing waits to do
	done     Completion    // of ws_close; guarded by Conn.mu
	patience time.Duration // for the answer to our Close frame; guarded by Conn.mu
}

// Block is the shared part of the connection, nil while it is not open.
func (c *Conn) Block() *Block { return c.block }

// ServerHandle is the handle of the server that accepted the connection, 0 for
// a client. Any thread.
func (c *Conn) ServerHandle() uint64 {
	if c.server == nil {
		return 0
	}
	return c.server.block.Handle
}

// Peer is the address of the other end, of the last connection when it has ended; not
// valid for a Unix socket. Behind a trusted proxy it is that of the client. Any thread.
func (c *Conn) Peer() (netip.AddrPort, *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client() != nil && c.client().past == nil {
		return netip.AddrPort{}, errNeverConnected
	}
	return c.peer.addrPort(), nil
}

func (c *Conn) role() wire.Role {
	if c.server != nil {
		return wire.Server
	}
	return wire.Client
}

// Ready handles the readiness of the socket; see loop.Handler.
func (c *Conn) Ready(events int) {
	c.w.current = c
	if events&loop.Out != 0 {
		c.writable()
	}
	if events&loop.Hup != 0 && c.answerLost() {
		c.drop()
		return
	}
	if events&(loop.In|loop.Hup) != 0 && !c.stopped(events) {
		c.read()
	}
}

// read takes what the socket has, once; over TLS until nothing is left inside
// crypto/tls, of which epoll knows nothing.
func (c *Conn) read() {
	for range secureRounds {
		if c.starved() {
			c.park()
			return
		}
		switch c.phase {
		case phaseOpen:
			c.readFrames()
		case phaseDraining:
			c.drain()
		case phaseHead:
			c.readHead()
		}
		if s := c.tls.Load(); s == nil || !s.more || c.stopped(0) {
			return
		}
	}
	c.w.loop.Post(c.readOn)
}

// readOn goes on with read after the others had their turn.
func (c *Conn) readOn() {
	c.w.current = c
	if !c.stopped(0) {
		c.read()
	}
}

// opened starts the exchange of frames on a registered socket. c.mu is held.
func (c *Conn) opened() {
	c.parser.Init(c.role(), c.options().MaxMessage)
	if c.compression() != nil {
		c.parser.AllowPacked()
	}
	c.phase = phaseOpen
	c.countOpened()
	c.closeSent, c.failed = false, false // high and sending may be those of what waited
	if r := c.rare.Load(); r != nil {
		r.pings = pings{}
	}
	c.block.setState(Open)
	flags := uint64(outOpen)
	c.block.set(flags)
	c.mayCork()
}

// ensureEnd makes the ending struct, unless Close of another thread has.
func (c *Conn) ensureEnd() *ending {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ensureEndLocked()
}

// ensureEndLocked is ensureEnd; c.mu is held.
func (c *Conn) ensureEndLocked() *ending {
	if c.end == nil {
		c.end = new(ending)
	}
	return c.end
}

// Destroy ends the connection at once, RFC 6455 7.1.1 notwithstanding: pending
// completions fail, close follows if open was delivered, then the destroyed
// event. Any thread.
func (c *Conn) Destroy() {
	c.mu.Lock()
	if c.destroyed {
		c.mu.Unlock()
		return
	}
	c.destroyed = true
	if c.block != nil {
		c.block.kill()
		c.block.clear(outOpen)
	}
	pending := c.cancelAttempt()
	c.mu.Unlock()
	c.w.loop.Post(func() {
		c.w.current = c
		c.w.complete(c.block.Slot, OpConnect, pending, errDestroyed)
		c.abort(errDestroyed)
	})
}

var errDestroyed = &Error{ID: IDCancelled, Text: "the handle was destroyed"}

// abort ends a connection for good, without a closing handshake.
func (c *Conn) abort(why *Error) {
	if c.phase == phaseReleased {
		return
	}
	if c.block != nil {
		atomic.OrUint32(&c.block.life, lifeCut)
		c.w.resumed(c.block)
	}
	c.flushHeld()
	switch {
	case c.phase == phaseGone:
	case c.block == nil:
		c.drop()
	default:
		c.finish(why, RecordFinal)
		if c.phase != phaseGone {
			c.gone(RecordFinal)
		}
	}
}

// gone records the last event of the handle.
func (c *Conn) gone(flags uint16) {
	c.phase = phaseGone
	c.w.notice(c.block.Slot, EventDestroyed, flags, c.w.detail())
	c.w.ended = append(c.w.ended, c)
}

// Ended is told by a host that delivers the events of this connection from a
// queue, when it has delivered the last one. Any thread.
func (c *Conn) Ended() { c.w.loop.Post(c.released) }

// released is called when the last event has been delivered.
func (c *Conn) released() {
	c.phase = phaseReleased
	c.mu.Lock()
	c.destroyed = true // the block is about to change hands: nobody may touch it through c
	c.mu.Unlock()
	if c.server != nil {
		c.server.remove(c)
		c.w.engine.host.Release(c.block)
		c.server.settle()
		return
	}
	c.w.engine.host.Release(c.block)
	c.w.engine.removeClient(c)
}

// finish gives back what the connection holds and records its end: what was not
// sent fails with why, then the completion of ws_close, then close. flags is
// RecordFinal when the handle was destroyed.
func (c *Conn) finish(why *Error, flags uint16) {
	w := c.w
	c.mu.Lock()
	e := c.end
	open := c.sock.Open()
	told := open && !c.unanswered() // the host has heard that it is open
	c.sock.Close()
	tx := c.tx
	c.tx = nil
	c.end = nil
	z := c.takeCompression()
	c.forgetTLS()
	c.paused &^= pausedByMemory | pausedByMark
	d := w.detail()
	d.Code = int32(wire.CloseAbnormal)
	if e != nil && e.received {
		d.Code = int32(e.code)
	}
	again, dropped := c.afterEnd(open && flags == 0, uint16(d.Code))
	c.mu.Unlock()
	z.close()
	c.forgetDecoder(z)
	c.unsubscribeAll()
	w.engine.unparked(c)
	c.endVigil()
	c.forgetIncoming()
	lost := why
	if tx != nil {
		c.holdsQueue(tx, false)
		c.failSends(tx, why)
	}
	c.tellDropped()
	c.failEarly(dropped, why)
	if e != nil {
		w.loop.Disarm(&e.timer)
		w.engine.pool.Put(e.head)
		if e.received {
			d.Reason, d.ReasonSize = w.text(e.reason), uint64(len(e.reason))
			if c.closeSent {
				d.Clean = 1
				why = nil
			}
		}
		w.complete(c.block.Slot, OpClose, e.done, why)
	}
	if open {
		c.left(e)
	}
	c.handshakeOver(e)
	if told {
		c.countClosed()
		if again != nil {
			d.Reconnects = 1
		}
		w.notice(c.block.Slot, EventClose, flags, d)
	}
	c.phase = phaseIdle
	if again != nil {
		again.wait(lost)
	}
	if c.server != nil {
		c.gone(flags)
	}
}

// afterEnd sets the state after the end of a connection. again: the client connects
// anew; dropped are the messages that are not kept for that. c.mu is held.
func (c *Conn) afterEnd(lost bool, code uint16) (again *retry, dropped []early) {
	c.cutPieces()
	q := c.client()
	if q != nil && lost && !c.destroyed && q.retry != nil && !q.retry.backoff.Policy.FinalClose(code) {
		again = q.retry
	}
	state, out := Closed, uint64(0)
	switch {
	case q == nil:
		dropped = c.takeEarly()
	case again != nil && q.keep:
		state = Connecting
		dropped = c.takeTorn()
		out = c.needRare().waits
	default:
		dropped = c.takeEarly()
		q.retry = again
		if again != nil {
			state = Connecting
		}
	}
	if state == Connecting && !q.options.RefuseEarly {
		out |= outEarly
	}
	atomic.StoreUint64(&c.block.out, out)
	c.block.setState(state)
	return again, dropped
}

// forgetIncoming gives the buffers of an incomplete message back.
func (c *Conn) forgetIncoming() {
	if c.rx != nil {
		c.holds(0)
		c.w.engine.pool.Put(c.rx.message)
		c.w.engine.pool.Put(c.rx.pongs)
		c.rx = nil
	}
	c.forgetDecoder(c.compression())
}
