// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"libws/core/border"
	"libws/core/fault"
	"libws/core/journal"
	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/shim/sync"
	"libws/tests/simulate/world"
)

// Kinds of handles, and the bits of a handle.
const (
	kindClient = 1 + iota
	kindServer
	kindAccepted

	indexBits = 24
	genBits   = 24
)

const (
	lifeDead    = border.LifeKilled // the handle takes no calls
	lifeOpened  = 2                 // open was told and close was not
	lifeRunning = 4                 // a dispatcher tells events of it
)

// seat is a slot of the handle table: the twin of wsx_block with what capi keeps beside
// it.
type seat struct {
	block      border.Block
	lane       border.Lane
	generation uint64
	server     uint32
	conn       atomic.Pointer[Conn]
	listener   *Server
	stream     atomic.Pointer[stream]
	owner      *thing
}

// host is the twin of capi: the handle table (table.c), dispatch (dispatch.c), corking
// (cork.h), direct sends (direct.c) and queues (queue_*.c). Like those it yields at
// each lock and atomic access.
type host struct {
	engine *Engine
	model  *model

	mu      sync.Mutex // wsx_mutex
	places  []*seat    // the first is never used
	free    []uint32   // first in, first out
	threads map[any]*dispatcher
	queues  []*queueTwin

	gatherers []*gatherer
	gathers   map[any]*gatherer // of threads that poll
}

func newHost() *host {
	return &host{places: make([]*seat, 1), threads: map[any]*dispatcher{}, gathers: map[any]*gatherer{}}
}

// acquire is wsx_acquire.
func (h *host) acquire(kind uint64, server uint32, t *thing) *seat {
	h.mu.Lock()
	var p *seat
	if len(h.free) > 0 {
		p = h.places[h.free[0]]
		h.free = h.free[1:]
	} else {
		p = &seat{}
		p.block.Slot = uint32(len(h.places))
		h.places = append(h.places, p)
	}
	b := &p.block
	p.generation++
	*b = border.Block{Slot: b.Slot, ReadyState: uint32(border.StateClosed)}
	p.server, p.owner = server, t
	t.place, t.handle = p, kind<<(indexBits+genBits)|p.generation<<indexBits|uint64(b.Slot)
	atomic.StoreUint64(&b.Handle, t.handle)
	h.mu.Unlock()
	if server != 0 && atomic.LoadUint32(&h.places[server].block.Life)&border.LifeQueued != 0 {
		h.join(p, h.places[server].stream.Load().queue)
	}
	return p
}

func (h *host) at(slot uint32) *seat { return h.places[slot] }

// Release is wsx_release.
func (h *host) Release(b *border.Block) {
	p := h.at(b.Slot)
	if &p.block != b {
		world.Fail("a block is released that is not that of slot %d", b.Slot)
	}
	h.model.releases(p)
	p.conn.Store(nil)
	h.leave(p)
	h.mu.Lock()
	atomic.StoreUint64(&b.Handle, 0)
	p.server, p.listener, p.owner = 0, nil, nil
	h.free = append(h.free, b.Slot)
	h.mu.Unlock()
}

// undo gives a handle back that nothing was made for.
func (h *host) undo(p *seat) {
	p.owner.destroyed = true
	h.Release(&p.block)
}

// lookup is wsx_lookup: the place of a handle that takes calls, or nil.
func (h *host) lookup(handle uint64) *seat {
	slot := uint32(handle & (1<<indexBits - 1))
	if slot == 0 || int(slot) >= len(h.places) {
		return nil
	}
	p := h.at(slot)
	if atomic.LoadUint64(&p.block.Handle) != handle || atomic.LoadUint32(&p.block.Life)&lifeDead != 0 {
		return nil
	}
	return p
}

// kill is wsx_kill.
func (h *host) kill(handle uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.lookup(handle)
	if p != nil {
		atomic.OrUint32(&p.block.Life, lifeDead)
	}
	return p != nil
}

// connection is host.connection of capi/host.go, for a handle that the front has not checked: that of what was
// never accepted is 0.
func (h *host) connection(handle uint64) *Conn {
	p := h.at(uint32(handle & (1<<indexBits - 1)))
	if p == nil {
		return nil
	}
	c := p.conn.Load()
	if c == nil || atomic.LoadUint64(&c.Block().Handle) != handle {
		return nil
	}
	return c
}

func (h *host) server(handle uint64) *Server {
	p := h.at(uint32(handle & (1<<indexBits - 1)))
	if atomic.LoadUint64(&p.block.Handle) != handle {
		return nil
	}
	return p.listener
}

func (h *host) Adopt(c *Conn, server *border.Block) bool {
	if world.Rarely(60) {
		return false
	}
	t := h.model.adopts(h.at(server.Slot).owner)
	p := h.acquire(kindAccepted, server.Slot, t)
	c.Bind(&p.block)
	p.conn.Store(c)
	return true
}

func (h *host) Connection(slot uint32) *Conn                   { return h.at(slot).conn.Load() }
func (h *host) Lane(slot uint32) *border.Lane                  { return &h.at(slot).lane }
func (h *host) Allowed(string) bool                            { return true }
func (h *host) Posted(uint64, border.Completion, *fault.Error) { h.engine.PostDone() }
func (h *host) Label(*border.Block) string                     { return "" }

func (h *host) Log(level journal.Level, line string) {
	world.Note("log: %s", line)
	if level == journal.Error {
		world.Fail("the library says that something is wrong with it: %s", line)
	}
}
