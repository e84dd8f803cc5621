// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"libws/core/config"
	"libws/core/ebb"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/lock"
	"libws/core/loop"
)

// Engine is the running library: its loops, its memory, and who is alive.
type Engine struct {
	host    Host
	pool    loop.Pool
	workers []*worker
	// Tokens for the TLS handshakes that may compute at once; who waits for the peer
	// has none. Clients (dialing) and servers have their own, so that the many peers of
	// a server do not hold up clients.
	dialing    *turns
	securing   *turns
	nextWorker atomic.Uint32  // round-robin
	threads    config.Threads // never changes; nil: the system never refuses
	counters   counters
	relief     relief
	slack      slack
	journal    journal.Journal
	logTimer   loop.Timer    // of the first loop: tells what was left out of the log
	started    time.Time     // never changes
	networks   atomic.Uint64 // how often the network has changed

	mu      lock.Mutex[lock.Engine]
	clients ebb.Map[*Conn, struct{}] // until their destroyed event; guarded by mu
	servers map[*Server]struct{}     // until their destroyed event; guarded by mu
	ending  bool                     // Shutdown has begun; guarded by mu
	empty   chan struct{}            // closed when ending and the sets are empty; guarded by mu
}

// Start makes the loops and their threads.
func Start(host Host, c config.Library) (*Engine, *fault.Error) {
	if err := c.Fill(); err != nil {
		return nil, err
	}
	e := &Engine{
		host:     host,
		threads:  c.Threads,
		dialing:  newTurns(c.Threads),
		securing: newTurns(c.Threads),
		started:  time.Now(),
		servers:  map[*Server]struct{}{},
		empty:    make(chan struct{}),
	}
	e.journal.Open(c.LogLevel, c.LogLines)
	processors, refused := processorsFor(&c)
	if refused != nil {
		return nil, refused
	}
	if c.Meter == nil {
		c.Meter = new(loop.Meter)
	}
	c.Meter.Limit(c.Budget)
	e.pool.Meter, e.pool.Relaxed, e.pool.Kept = c.Meter, e.Relaxed, e.trimLater
	e.relief.stall = stallTime
	for i := range c.Loops {
		w, err := newWorker(e, i, c.Engine)
		if err != nil {
			for _, made := range e.workers {
				made.loop.Stop()
				go made.run() // to give its descriptors back
			}
			return nil, fault.Refused(fault.IDUnknown, "starting loop %d of %d: %v", i+1, c.Loops, err)
		}
		e.workers = append(e.workers, w)
	}
	if runtime.GOMAXPROCS(0) != processors {
		runtime.GOMAXPROCS(processors)
	}
	for _, w := range e.workers {
		go w.run()
	}
	return e, nil
}

// pick chooses the loop for a new client or server.
func (e *Engine) pick() *worker {
	return e.workers[int(e.nextWorker.Add(1)-1)%len(e.workers)]
}

// Refuse lets nobody make a client or server any more. Shutdown begins with it; a host calls it
// before that when something of its own has to be behind the last handle that was made.
func (e *Engine) Refuse() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ending = true
}

// Shutdown destroys what is alive, waits until its last event was delivered,
// and ends the loops. wait < 0 waits for ever. False when it took longer; it
// may be called again. Never from a callback.
func (e *Engine) Shutdown(wait time.Duration) bool {
	var late <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	e.Refuse()
	held := take(&e.mu)
	defer held.end()
	clients, servers := make([]*Conn, 0, e.clients.Len()), make([]*Server, 0, len(e.servers))
	for c := range e.clients.All() {
		clients = append(clients, c)
	}
	for s := range e.servers {
		servers = append(servers, s)
	}
	e.checkEmpty()
	held.end()
	for _, c := range clients {
		c.Destroy()
	}
	for _, s := range servers {
		s.Destroy()
	}
	if !inTime(e.empty, late) {
		return false
	}
	e.relief.stop()
	for _, w := range e.workers {
		w.loop.Stop()
	}
	for _, w := range e.workers {
		if !inTime(w.loop.Done(), late) {
			return false
		}
	}
	e.tellSuppressed()
	return true
}

// inTime waits for done; what is done already is in time whatever the clock says.
func inTime(done <-chan struct{}, late <-chan time.Time) bool {
	select {
	case <-done:
		return true
	default:
	}
	select {
	case <-done:
		return true
	case <-late:
		return false
	}
}

// checkEmpty wakes Shutdown when nothing is left. e.mu is held.
func (e *Engine) checkEmpty() {
	if e.ending && e.clients.Len()+len(e.servers) == 0 {
		select {
		case <-e.empty:
		default:
			close(e.empty)
		}
	}
}

var errShutdown = &fault.Error{ID: fault.IDShutdown, Text: "the library was shut down by ws_shutdown_wait"}

// addClient and addServer fail once Shutdown has begun.
func (e *Engine) addClient(c *Conn) *fault.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending {
		return errShutdown
	}
	e.clients.Put(c, struct{}{})
	return nil
}

func (e *Engine) addServer(s *Server) *fault.Error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending {
		return errShutdown
	}
	e.servers[s] = struct{}{}
	return nil
}

func (e *Engine) removeClient(c *Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clients.Drop(c)
	e.checkEmpty()
}

func (e *Engine) removeServer(s *Server) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.servers, s)
	e.checkEmpty()
}

// guard is deferred in every goroutine: a panic ends what it was doing, never
// the host. failed, when not nil, is told.
func (e *Engine) guard(what string, failed func(*fault.Error)) {
	if v := recover(); v != nil {
		e.Panicked(what, v)
		if failed != nil {
			failed(&fault.Error{ID: fault.IDInternal, Text: fmt.Sprintf("%s: internal error: %v", what, v)})
		}
	}
}
