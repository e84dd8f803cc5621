// SPDX-License-Identifier: Apache-2.0

package core

import (
	"net/netip"
	"sync/atomic"
	"time"

	"libws/core/admit"
	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/loop"
	"libws/core/shelf"
	"libws/core/wire"
)

// Conn is a connection of either role, or a client that may have one. An idle
// one owns nothing but this struct: buffers, queue and ends exist only while
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
	ends   *ends     // handshake or closing; the pointer is set under mu

	// From here on is what a sender looks at: one line of the cache.
	rare rarely                 // what few connections need
	tls  atomic.Pointer[secure] // nil for a plain connection; stored by the loop

	mu        lock.Mutex[lock.Conn]
	tx        *queue         // what the kernel has not taken; guarded by mu
	peer      admit.Endpoint // or the client behind a trusted proxy (server_front.go); changed under mu
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
	if c.server == nil {
		return &c.rare.client().options
	}
	if r := c.rare.Load(); r != nil {
		if own := r.own.Load(); own != nil {
			return own
		}
	}
	return &c.server.options
}

// ends is what a connection needs at the two ends of its life only.
type ends struct {
	timer loop.Timer // the deadline of the phase
	begin handshaking
	close closing
}

// closing is what is known of the end of a connection. The loop's, but for what is marked.
type closing struct {
	dropped  int  // bytes dropped while lingering
	half     bool // the peer has ended its half while lingering
	received bool // the peer's Close frame came
	code     uint16
	reason   string            // as in the close event, as is code
	then     func()            // what phaseDelivering waits to do
	done     border.Completion // of ws_close; guarded by Conn.mu
	patience time.Duration     // for the answer to our Close frame; changed under Conn.mu before that is sent
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

// role is that of a connection of the server, and of a client with nil. Any thread.
func (s *Server) role() wire.Role {
	if s != nil {
		return wire.Server
	}
	return wire.Client
}

// Peer is the address of the other end, of the last connection when it has ended; not
// valid for a Unix socket. Behind a trusted proxy it is that of the client. Any thread.
func (c *Conn) Peer() (netip.AddrPort, *fault.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare.client() != nil && c.rare.client().past == nil {
		return netip.AddrPort{}, errNeverConnected
	}
	return c.peer.AddrPort(), nil
}

// opened starts the exchange of frames on a registered socket. c.mu is held.
func (c *Conn) opened() {
	c.parser.Init(c.server.role(), c.options().MaxMessage)
	if c.rare.compression() != nil {
		c.parser.AllowPacked()
	}
	if c.options().Skip {
		c.parser.AllowOversize()
	}
	c.phase.become(phaseOpen)
	c.w.engine.counters.opens(c.server)
	c.closeSent, c.failed = false, false // high and sending may be those of what waited
	if r := c.rare.Load(); r != nil {
		r.pings, r.pongWaits, r.skipping = pings{}, false, skipping{}
	}
	c.block.SetState(border.StateOpen)
	flags := uint64(border.OutOpen)
	c.block.Set(flags)
	c.mayCork()
}

// ensureEnds makes ends, unless Close of another thread has.
func (c *Conn) ensureEnds() *ends {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ends == nil { // another thread may read it: it is written once
		c.ends = newEnds(c)
	}
	return c.ends
}

func newEnds(c *Conn) *ends { return &ends{begin: handshaking{c: c}} }

// unanswered tells whether the connection has a handle but is not open yet, because
// its requests are the host's to answer. c.mu is held.
func (c *Conn) unanswered() bool {
	return c.server != nil && c.block != nil && c.block.State() == border.StateConnecting
}

// Bind gives an accepted connection its block, before the host makes the handle
// known. Only from Host.Adopt.
func (c *Conn) Bind(block *border.Block) {
	block.Prepare(c.w.index, c.options().MaxBuffered)
	block.SetState(border.StateConnecting)
	if c.options().Pings {
		block.WantPings()
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.block = block
}

// stale is what a call gets that came after the end of the handle of a connection of the server, and of a
// client with nil.
func (s *Server) stale() *fault.Error {
	if s != nil {
		return errEnded
	}
	return errGone
}

// rare is what few connections need. It is made when it is needed first and stays
// until the connection is forgotten.
type rare struct {
	// client is what only a client has; nil for an accepted connection. Set before
	// anybody else knows the connection; never changes.
	client *client
	// held is what a pause keeps; the loop's.
	held heldBack
	// vigil ends a connection whose peer is silent; nil: nothing is watched. The
	// loop's.
	vigil *vigil
	// pings are our own that are not answered; guarded by Conn.mu.
	pings pings
	// pongWaits: the answer to a ping waits for room, see sendPongs; guarded by Conn.mu.
	pongWaits bool
	// tally counts what passes through; nil: nobody has asked.
	tally atomic.Pointer[tally]
	// request is what is remembered of the upgrade request; nil: nothing.
	request atomic.Pointer[keptRequest]
	// skipping is a message over the limit that is being dropped; the loop's.
	skipping skipping
	// whole: what cannot leave at once waits whole, because of SendWith. Stored under Conn.mu.
	whole atomic.Bool
	// shelf is where messages wait whole. Guarded by Conn.mu.
	shelf shelf.Shelf
	// compression is nil unless it was agreed on. Stored under Conn.mu.
	compression atomic.Pointer[compression]
	// sending is a message that is sent in pieces. Guarded by Conn.mu.
	sending pieces
	// posts are functions of the host that wait for their time. Guarded by Conn.mu.
	posts posts
	// own are the limits of an accepted connection that differ from its server's; nil: none do. Stored
	// before it is open.
	own atomic.Pointer[config.ConnOptions]
	// silence is the same of its deadlines; the loop's.
	silence *config.Silence
	// member is what an accepted connection has of its subscriptions.
	member member
}

// rarely is where the rare part of a connection is, once somebody has needed it. It is made by any
// thread, and never changes then. Any thread, but for what a method says.
type rarely struct{ atomic.Pointer[rare] }

// need makes the rare part.
func (p *rarely) need() *rare {
	if r := p.Load(); r != nil {
		return r
	}
	p.CompareAndSwap(nil, new(rare))
	return p.Load()
}

// client is what only a client has, nil for an accepted connection.
func (p *rarely) client() *client {
	if r := p.Load(); r != nil {
		return r.client
	}
	return nil
}

// compression is nil for a connection without.
func (p *rarely) compression() *compression {
	if r := p.Load(); r != nil {
		return r.compression.Load()
	}
	return nil
}

// member is what the connection has of its subscriptions, nil for one that has never subscribed.
func (p *rarely) member() *member {
	if r := p.Load(); r != nil {
		return &r.member
	}
	return nil
}

// skips tells whether a message over the limit is being dropped. The loop's.
func (p *rarely) skips() bool {
	r := p.Load()
	return r != nil && r.skipping.on
}

// posts are the functions of the host that wait for their time, nil when there never was one. Conn.mu
// is held.
func (p *rarely) posts() *posts {
	if r := p.Load(); r != nil {
		return &r.posts
	}
	return nil
}

// tallied is the tally, nil when nobody has asked for it.
func (p *rarely) tallied() *tally {
	if r := p.Load(); r != nil {
		return r.tally.Load()
	}
	return nil
}

// watched is the vigil of the connection, nil for none. The loop's.
func (p *rarely) watched() *vigil {
	if r := p.Load(); r != nil {
		return r.vigil
	}
	return nil
}

// scrap forgets what may be damaged; r may be nil. Conn.mu is held.
func (r *rare) scrap() {
	if r != nil {
		r.shelf.Scrap()
		r.sending = pieces{}
		r.compression.Store(nil)
	}
}

// takeCompression ends compression with its connection. r may be nil. Conn.mu is held.
func (r *rare) takeCompression() *compression {
	if r == nil {
		return nil
	}
	return r.compression.Swap(nil)
}

// locking is a lock that a function gives back in its middle. It says "defer locked.end()" first
// of all, so that a panic before that does not leave it locked: panics are caught, and others
// would wait for ever.
type locking struct {
	mu  lock.Any
	out *secure // whose lock is held as well; nil: none
}

func take(mu lock.Any) locking {
	mu.Lock()
	return locking{mu: mu}
}

// takeBoth is take of c for output, too.
func takeBoth(c *Conn) locking {
	s := c.lockBoth()
	return locking{&c.mu, s}
}

// end gives the lock back, once.
func (h *locking) end() {
	if mu := h.mu; mu != nil {
		h.mu = nil
		mu.Unlock()
		h.out.unlockOut()
	}
}

// unlocked gives a lock up while f runs. It is held.
func unlocked(mu lock.Any, f func()) {
	mu.Unlock()
	defer mu.Lock()
	f()
}

// Errors of the send path: made once, so that refusing costs nothing.
var (
	errNotOpen    = &fault.Error{ID: fault.IDState, Text: "handle: the connection is not open; ws_connect and the open event come first, and nothing follows a close"}
	errFull       = &fault.Error{ID: fault.IDFull, Text: "the output queue is full: more bytes than max_buffered would wait"}
	errSendMemory = &fault.Error{ID: fault.IDMemory, Text: "size: the message does not fit into the memory budget"}
	errGone       = &fault.Error{ID: fault.IDHandle, Text: "handle: was destroyed"}
	errEnded      = &fault.Error{ID: fault.IDNoConnection, Text: "handle: the accepted connection has ended"}
)
