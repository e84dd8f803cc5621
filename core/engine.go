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
	"libws/core/slack"
	"libws/core/turns"
)

// Engine is the running library: its loops, its memory, and who is alive.
type Engine struct {
	host    Host
	pool    loop.Pool
	workers []*worker
	// Tokens for the TLS handshakes that may compute at once; who waits for the peer
	// has none. Clients (dialing) and servers have their own, so that the many peers of
	// a server do not hold up clients.
	dialing    *turns.Turns
	securing   *turns.Turns
	nextWorker atomic.Uint32  // round-robin
	threads    config.Threads // never changes; nil: the system never refuses
	counters   counters
	passing    passing
	relief     relief
	slack      slack.Slack
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
		dialing:  turns.New(c.Threads),
		securing: turns.New(c.Threads),
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

// Bounds that no option changes.
const (
	lingerTimeout = 2 * time.Second
	lingerMax     = 1 << 20          // bytes read and dropped after our last frame
	maxPongs      = 32 << 10         // bytes of pongs that may wait for a peer that only pings
	replyTimeout  = 30 * time.Second // for a client to read an answer
)

// processorsFor is how many the runtime is to use beside the loops, for which threads are there.
func processorsFor(c *config.Library) (int, *fault.Error) {
	// A loop blocks its thread in callbacks; calls of foreign threads need a processor of
	// their own then.
	want := max(runtime.NumCPU(), c.Loops+2, 4)
	if c.Threads == nil {
		return want, nil
	}
	n, err := c.Threads.Provide(c.Loops, want)
	if n == 0 {
		return 0, fault.Refused(fault.IDUnknown, "starting %d loops: too few threads can be made: %v", c.Loops, err)
	}
	return n, nil
}

// shortOfThreads tells that nothing should begin that blocks one.
func (e *Engine) shortOfThreads() bool { return e.threads != nil && e.threads.Short() }

// A thread of Linux may be in a network namespace of its own. Sockets are made, and names of interfaces
// looked up, in one namespace only, whichever thread of the host calls: that of the library's
// threads, which is that of the thread of the first call. Who connects or accepts does so on
// threads of the library anyway.

// onOwnThread runs f on a thread of the library, and waits for it. Any thread.
func (e *Engine) onOwnThread(what string, f func() *fault.Error) *fault.Error {
	result := make(chan *fault.Error, 1)
	go func() {
		defer e.guard(what, func(why *fault.Error) { result <- why })
		result <- f()
	}()
	//lint:ignore S1000 the simulator waits in a select only
	select {
	case why := <-result:
		return why
	}
}

// walkStep is how many connections of a list have their turn in one turn of a loop.
const walkStep = 256

// inSteps calls f with each of all, some in a turn of the loop, and then each of done. What
// belongs to a connection may have ended meanwhile. The loop's.
func (w *worker) inSteps(all []*Conn, f func(*Conn), done ...func()) {
	n := min(len(all), walkStep)
	for _, c := range all[:n] {
		f(c)
	}
	if n < len(all) {
		w.loop.Post(func() { w.inSteps(all[n:], f, done...) })
		return
	}
	for _, f := range done {
		f()
	}
}

// The end of the engine.

// Shutdown lets stops of servers that have begun go on to their end, destroys what is alive
// then, waits until its last event was delivered, and ends the loops. wait < 0 waits for ever. False when
// it took longer; it may be called again. Never from a callback.
func (e *Engine) Shutdown(wait time.Duration) bool {
	var late <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	e.Refuse()
	locked := take(&e.mu)
	defer locked.end()
	clients, servers := make([]*Conn, 0, e.clients.Len()), make([]*Server, 0, len(e.servers))
	for c := range e.clients.All() {
		clients = append(clients, c)
	}
	for s := range e.servers {
		servers = append(servers, s)
	}
	e.checkEmpty()
	locked.end()
	for _, s := range servers {
		if over := s.stopping(); over != nil && !inTime(over, late) {
			return false
		}
	}
	e.endPosts()
	for _, c := range clients {
		if !c.closing() { // else finish does it
			c.Destroy()
		}
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

// Refuse lets nobody make a client or server any more. Shutdown begins with it; a host calls it
// before that when something of its own has to be behind the last handle that was made.
func (e *Engine) Refuse() {
	debug.Point("stopping")
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ending = true
}

// checkEmpty wakes Shutdown when nothing is left. e.mu is held.
func (e *Engine) checkEmpty() {
	if e.ending && e.clients.Len()+len(e.servers)+e.unposted == 0 {
		select {
		case <-e.empty:
		default:
			close(e.empty)
		}
	}
}
