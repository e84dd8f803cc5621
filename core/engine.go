// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"libws/core/config"
	"libws/core/debug"
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
	questions  questions     // of TLS handshakes to the host

	mu       lock.Mutex[lock.Engine]
	clients  ebb.Map[*Conn, struct{}] // until their destroyed event; guarded by mu
	servers  map[*Server]struct{}     // until their destroyed event; guarded by mu
	posts    map[uint64]*post         // to queues, that wait for their time; guarded by mu
	unposted int                      // and those that the host has still to run; guarded by mu
	ending   bool                     // Shutdown has begun; guarded by mu
	empty    chan struct{}            // closed when ending and the sets are empty; guarded by mu
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
		posts:    map[uint64]*post{},
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

var errShutdown = &fault.Error{ID: fault.IDShutdown, Text: "the library was shut down by ws_shutdown_wait"}

// addClient and addServer fail once Shutdown has begun.
func (e *Engine) addClient(c *Conn) *fault.Error {
	debug.Point("listed")
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

// isEnding tells whether Shutdown has begun.
func (e *Engine) isEnding() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ending
}

func (e *Engine) removeClient(c *Conn) {
	debug.Point("unlisted")
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
// the host. failed, when not nil, is called.
func (e *Engine) guard(what string, failed func(*fault.Error)) {
	if v := recover(); v != nil {
		e.Panicked(what, v)
		if failed != nil {
			failed(&fault.Error{ID: fault.IDInternal, Text: fmt.Sprintf("%s: internal error: %v", what, v)})
		}
	}
}
