// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
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
	sock   loop.Socket   // changed under mu; Watch and writes need mu, reads the loop
	w      *worker       // never changes
	block  *border.Block // nil until an accepted connection is open; then never changes
	server *Server       // nil for a client; never changes

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
func (c *Conn) options() *config.ConnOptions {
	if c.server != nil {
		return &c.server.options
	}
	return &c.client().options
}

// incoming is what an incomplete message or control frame needs. Its buffers come from the
// pool. Thousands may exist at once, so what few need is in aside.
type incoming struct {
	message []byte // of the data frames so far
	aside   *aside // nil: there is none
	frames  int    // of the message so far, when they are counted
	partial bool   // message is in use, also when it is still empty
	listed  bool   // in relief.holders
	text    bool
	packed  bool // it comes compressed
}

// aside are the control frames that come between data: one that is incomplete, and the
// answers to pings.
type aside struct {
	nctl    int // bytes of control
	control [125]byte
	pongs   []byte // frames to be sent when the read has been parsed
	npongs  uint64 // how many they are
	latest  int    // where the last of them begins
}

// ending holds what only the beginning and the end of a connection need.
type ending struct {
	timer    loop.Timer
	cancel   context.CancelFunc // ends a TLS handshake
	head     []byte             // request so far; from the pool
	searched int                // bytes of head without an end
	headSize int                // where the head ends; 0: not found yet
	whole    int                // bytes of the request with its body, or of what has come of one in chunks; 0: not known yet
	chunks   *handshake.Chunks  // reads a body in chunks; nil: there is none
	blank    int                // lines before the request that were skipped
	bodiless bool               // the request is one of HEAD, whose answer has no body
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
	heard    func()            // what phaseHearing waits to do
	done     border.Completion // of ws_close; guarded by Conn.mu
	patience time.Duration     // for the answer to our Close frame; guarded by Conn.mu
}

// Block is the shared part of the connection, nil while it is not open.
func (c *Conn) Block() *border.Block { return c.block }

// ServerHandle is the handle of the server that accepted the connection, 0 for
// a client. Any thread.
func (c *Conn) ServerHandle() uint64 {
	if c.server == nil {
		return 0
	}
	return c.server.handle
}

// Peer is the address of the other end, of the last connection when it has ended; not
// valid for a Unix socket. Behind a trusted proxy it is that of the client. Any thread.
func (c *Conn) Peer() (netip.AddrPort, *fault.Error) {
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
		c.w.share = min(inflateShare, c.w.turn)
		c.read()
	}
}

// read takes what the socket has, once; over TLS until nothing is left inside
// crypto/tls, of which epoll knows nothing.
func (c *Conn) read() {
	for range secureRounds {
		if c.turnOver() {
			return
		}
		if c.starved() {
			c.park()
			return
		}
		switch c.phase {
		case phaseOpen:
			if z := c.compression(); z != nil && z.later != nil {
				c.handleLater(z)
			} else {
				c.readFrames()
			}
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
	c.w.current, c.w.share = c, inflateShare
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
		r.pings, r.pongWaits = pings{}, false
	}
	c.block.SetState(border.StateOpen)
	flags := uint64(border.OutOpen)
	c.block.Set(flags)
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
