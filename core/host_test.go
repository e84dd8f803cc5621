// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/internal/patience"
	"libws/core/journal"
	"libws/core/loop"
)

// deadline bounds every wait of the tests: reaching it is a failure.
var deadline = patience.Scaled(60 * time.Second)

// Bits of Block.Life, as in the C half.
const (
	lifeDead   = border.LifeKilled // destroyed, or an accepted connection after its close
	lifeOpened = 2                 // open was delivered and close was not
)

// testHost is a host in Go: it owns handles, turns records into events and
// calls listeners by the rules of the C half. It checks what holds for every
// connection: which event follows which, each end told once, no event after
// the last one.
type testHost struct {
	t      testing.TB
	engine *Engine

	// dispatching is called with each batch before its events; nil: nothing.
	dispatching atomic.Pointer[func(records []border.Record)]
	// adopting may refuse a connection; nil: none is refused.
	adopting atomic.Pointer[func() bool]
	// logging is called with each line of the log, by who writes it; nil: nothing is.
	logging atomic.Pointer[func(line string)]

	// queued: the events of every handle go through a queue, whose dispatcher is as fast as
	// the loop. Set before the first handle is made.
	queued bool
	// loses: there is no memory to put a message of that many bytes into a queue.
	loses atomic.Int64

	mu          sync.Mutex
	handles     []*handle               // by slot; slot 0 is never used
	completions map[uintptr]func(event) // not called yet
	nextID      uintptr
	lines       []string    // the log
	panics      atomic.Bool // some are wanted
	unheard     atomic.Uint64
	corked      atomic.Int64 // messages that took the fast path
	direct      atomic.Int64 // messages that a thread wrote itself
	gathered    atomic.Int64 // messages that it left in its outbox
}

// event is a record, copied out of its batch.
type event struct {
	kind      border.Event
	text      bool   // of a message
	data      []byte // of a message
	id        int32  // of an error, a completion
	stage     dial.Stage
	code      uint16
	reason    string
	clean     bool
	status    int32
	errno     int32
	message   string
	operation border.Operation
	method    string // of a request
	target    string
	body      string
	attempt   int           // of reconnecting
	delay     time.Duration // likewise
	pattern   bool          // of a topic that begins or ends
	skipped   uint64        // bytes of a message that was skipped
}

// callback is called on the loop's thread with each event of a handle, but for
// its completions.
type callback func(d *dispatcher, h *handle, e event)

// handle is a client, a server or an accepted connection. A slot is used once,
// so that an event for a handle that has ended is noticed.
type handle struct {
	host   *testHost
	block  *border.Block
	parent *handle // the server of an accepted connection
	conn   *Conn   // nil for a server
	server *Server // nil for a connection
	on     callback
	lane   border.Lane
	// writing is called while the thread of a test writes itself; nil: nothing. handing
	// when it has left the descriptor, before it calls core.
	writing, handing atomic.Pointer[func()]

	opens     atomic.Int32
	closes    atomic.Int32
	destroyed atomic.Int32
	released  atomic.Bool
}

// start runs an engine for a test. At its end everything must go away within
// the deadline, and no buffer may be left.
func start(t testing.TB, c config.Library) *testHost {
	t.Helper()
	h := &testHost{t: t, handles: make([]*handle, 1), completions: map[uintptr]func(event){}}
	if c.LogLevel == 0 {
		c.LogLevel = journal.Debug
	}
	if name := os.Getenv("WS_TEST_ENGINE"); name != "" && c.Engine == loop.Default {
		c.Engine = engineNamed(t, name)
	}
	engine, err := Start(h, c)
	if err != nil {
		t.Fatal(err)
	}
	h.engine = engine
	t.Cleanup(h.end)
	return h
}

// engineNamed reads the name of an engine, so that all tests run on either:
// WS_TEST_ENGINE=goroutine go test ./core
func engineNamed(t testing.TB, name string) loop.Kind {
	t.Helper()
	switch name {
	case "epoll":
		return loop.Epoll
	case "goroutine":
		return loop.Goroutine
	}
	t.Fatalf("WS_TEST_ENGINE is %q, neither epoll nor goroutine", name)
	return loop.Default
}

// Allowed lets clients connect anywhere.
func (h *testHost) Allowed(string) bool { return true }

// Posted is for queues, which the test has none of.
func (h *testHost) Posted(uint64, border.Completion, *fault.Error) { h.engine.PostDone() }

// Label says that the test has no names of its own.
func (h *testHost) Label(*border.Block) string { return "" }

func (h *testHost) end() {
	if !h.engine.Shutdown(deadline) {
		h.t.Fatalf("Shutdown took longer than %v; %d clients and %d servers are left", deadline, h.engine.clients.Len(), len(h.engine.servers))
	}
	if n := h.engine.Stats().Panics; n > 0 && !h.panics.Load() {
		h.t.Errorf("%d panics were caught: %s", n, strings.Join(h.logged(), "\n"))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if used := h.engine.pool.Used(); used != 0 && !h.panics.Load() { // what was damaged is lost
		h.t.Errorf("%d bytes of buffers were not given back", used)
	}
	if n := len(h.completions); n != 0 {
		h.t.Errorf("%d completions never came", n)
	}
	for _, x := range h.handles[1:] {
		if !x.released.Load() {
			h.t.Errorf("%v was not released", x)
		}
		if x.block.Load() != nextOwner {
			h.t.Errorf("%v was changed after its release", x)
		}
		if o, c := x.opens.Load(), x.closes.Load(); o != c {
			h.t.Errorf("%v: %d opens, %d closes", x, o, c)
		}
		if n := x.destroyed.Load(); n != 1 {
			h.t.Errorf("%v: %d destroyed events", x, n)
		}
	}
}

func (x *handle) String() string {
	kind := "client"
	if x.server != nil {
		kind = "server"
	} else if x.parent != nil {
		kind = "accepted connection"
	}
	return fmt.Sprintf("%s in slot %d", kind, x.block.Slot)
}

// acquire makes a handle.
func (h *testHost) acquire(parent *handle, c *Conn, on callback) *handle {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := &handle{host: h, parent: parent, conn: c, on: on}
	x.block = &border.Block{Slot: uint32(len(h.handles)), Handle: uint64(len(h.handles)) << 8, ReadyState: uint32(border.StateClosed)}
	if h.queued {
		x.block.Life = border.LifeQueued
	}
	h.handles = append(h.handles, x)
	return x
}

func (h *testHost) at(slot uint32) *handle {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.handles[slot]
}

// client makes a client; it is not connected.
func (h *testHost) client(o config.ConnOptions, on callback) *handle {
	h.t.Helper()
	x := h.acquire(nil, nil, on)
	_, err := h.engine.NewClient(x.block, o, func(c *Conn) {
		h.mu.Lock()
		defer h.mu.Unlock()
		x.conn = c
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// newServer makes a server; it is not started. on hears its events and those of its
// connections.
func (h *testHost) newServer(o config.ConnOptions, on callback) *handle {
	h.t.Helper()
	x := h.acquire(nil, nil, on)
	_, err := h.engine.NewServer(x.block, o, func(s *Server) {
		h.mu.Lock()
		defer h.mu.Unlock()
		x.server = s
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// completion registers f for one call; nil gives none. f runs on the loop's
// thread, exactly once.
func (h *testHost) completion(f func(event)) border.Completion {
	if f == nil {
		return border.Completion{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.nextID++
	h.completions[h.nextID] = f
	return border.Completion{Callback: h.nextID, User: h.nextID * 3}
}

// refused forgets the completion of a call that failed: it must never come.
func (h *testHost) refused(done border.Completion, err *fault.Error) *fault.Error {
	if err != nil {
		h.mu.Lock()
		delete(h.completions, done.Callback)
		h.mu.Unlock()
	}
	return err
}

func (h *testHost) complete(callback, user uint64, e event) {
	h.mu.Lock()
	f := h.completions[uintptr(callback)]
	delete(h.completions, uintptr(callback))
	h.mu.Unlock()
	if f == nil || user != callback*3 {
		h.t.Errorf("completion %d with user data %d came twice, or after its call had failed", callback, user)
		return
	}
	f(e)
}

// Methods of handles: what a host may call, from any thread.

func (x *handle) alive() *fault.Error {
	if atomic.LoadUint32(&x.block.Life)&lifeDead != 0 {
		return errGone
	}
	return nil
}

func (x *handle) connect(url string, done func(event)) *fault.Error {
	if err := x.alive(); err != nil {
		return err
	}
	c := x.host.completion(done)
	return x.host.refused(c, x.conn.Connect(url, config.ConnectOptions{}, c))
}

func (x *handle) send(op ws.OpCode, data []byte, done func(event)) *fault.Error {
	if err := x.alive(); err != nil {
		return err
	}
	if done == nil {
		if did, err := x.sendDirect(op, data); did {
			return err
		}
	}
	c := x.host.completion(done)
	return x.host.refused(c, x.conn.Send(op, data, c))
}

func (x *handle) close(code uint16, reason string, done func(event)) *fault.Error {
	return x.closeWith(config.CloseOptions{Code: code, Reason: reason}, done)
}

func (x *handle) closeWith(o config.CloseOptions, done func(event)) *fault.Error {
	if err := x.alive(); err != nil {
		return err
	}
	c := x.host.completion(done)
	return x.host.refused(c, x.conn.CloseWith(o, c))
}

// destroy ends the handle; false when it is dead already.
func (x *handle) destroy() bool {
	if atomic.OrUint32(&x.block.Life, lifeDead)&lifeDead != 0 {
		return false
	}
	if x.server != nil {
		x.server.Destroy()
	} else {
		x.conn.Destroy()
	}
	return true
}

func (x *handle) startServer(o config.ListenOptions, done func(event)) *fault.Error {
	c := x.host.completion(done)
	return x.host.refused(c, x.server.Start(o, c))
}

func (x *handle) stopServer(done func(event)) *fault.Error {
	return x.stopServerWith(config.CloseOptions{Code: 1001, Reason: "server is going away"}, done)
}

func (x *handle) stopServerWith(o config.CloseOptions, done func(event)) *fault.Error {
	c := x.host.completion(done)
	return x.host.refused(c, x.server.Stop(o, c))
}

// Methods of Host.

func (h *testHost) Adopt(c *Conn, server *border.Block) bool {
	if f := h.adopting.Load(); f != nil && !(*f)() {
		return false
	}
	parent := h.at(server.Slot)
	c.Bind(h.acquire(parent, c, parent.on).block)
	return true
}

func (h *testHost) Connection(slot uint32) *Conn { return h.at(slot).conn }

func (h *testHost) Lane(slot uint32) *border.Lane { return &h.at(slot).lane }

func (h *testHost) Release(b *border.Block) {
	x := h.at(b.Slot)
	if x.block != b || x.released.Swap(true) {
		h.t.Errorf("%v was released twice, or with a foreign block", x)
	}
	atomic.OrUint32(&b.Life, lifeDead)
	atomic.StoreUint64(&b.Out, nextOwner)
}

// nextOwner is in Block.Out of a released block: another connection would own
// it, so nobody may change it any more.
const nextOwner = 0x5bad5bad5bad

func (h *testHost) Log(level journal.Level, line string) {
	if f := h.logging.Load(); f != nil {
		(*f)(line)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
}

// logged are the lines of the log so far.
func (h *testHost) logged() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.lines...)
}

// memoryString is the NUL-terminated text at an address of a batch.
func memoryString(at uint64) string {
	n := uint32(0)
	for border.Memory(at, n+1)[n] != 0 {
		n++
	}
	return string(border.Memory(at, n))
}

func detailOf(r *border.Record) *border.Detail { return *(**border.Detail)(unsafe.Pointer(&r.Detail)) }
