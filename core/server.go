// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"sync/atomic"
	"syscall"

	"libws/core/admit"
	"libws/core/border"
	"libws/core/config"
	"libws/core/debug"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/lock"
	"libws/core/loop"
	"libws/core/relay"
	"libws/core/topics"
)

// serverState is where a server stands.
type serverState uint8

const (
	serverStopped  serverState = iota
	serverStarted              // listening
	serverStopping             // no new connections, the old ones close
	serverDestroyed
)

// Server accepts connections on its listeners. Its own events come from its home
// loop, those of a connection from the connection's.
type Server struct {
	engine  *Engine
	home    *worker
	block   *border.Block
	handle  uint64 // the block's as long as that is the server's
	options config.ConnOptions

	mu            lock.Mutex[lock.Server]
	state         serverState              // guarded by mu
	listeners     []*listener              // of this start; guarded by mu
	address       string                   // where it listens first, or did last; guarded by mu
	tls           *dial.TLSServer          // nil: plain; guarded by mu
	listening     int                      // listeners that have a descriptor; guarded by mu
	adopting      int                      // calls of Adopt that are under way; guarded by mu
	adopted       *handshake.ServerOptions // how their requests are answered; guarded by mu
	first, last   *Conn                    // oldest first; guarded by mu
	count         int                      // guarded by mu
	stopDone      []border.Completion      // guarded by mu
	stopOver      chan struct{}            // closed when the stop is over; nil: nobody waits in Go; guarded by mu
	relays        int                      // that have not ended; guarded by mu
	settled       bool                     // the end of the server was posted; guarded by mu
	listeningDone border.Completion        // of StopListening; guarded by mu
	awaiting      int                      // loops and handshakes that it waits for; guarded by mu
	looked        bool                     // the loops were asked for their handshakes; guarded by mu
	listeningOver atomic.Bool              // StopListening was called; stored under mu

	deadline loop.Timer // of a stop; the home loop's

	serving   atomic.Pointer[config.Serving] // how requests are answered; set by Start
	admission admit.Admission
	topics    topics.Topics[*Conn]
	news      topicNews
	leaver    leaver
	relay     atomic.Pointer[Relay] // nil: none; changed under topics.Mu and mu
	relayed   relay.Counts
	fans      [][]*Conn // by loop: scratch of those who publish; guarded by topics.Mu

	deadlines atomic.Pointer[config.Silence] // of the open connections; set by Start
	sweeps    []sweep                        // of each loop; never changes

	figures figures
}

// NewServer makes a server that is not started; block and known are as those of NewClient.
func (e *Engine) NewServer(block *border.Block, o config.ConnOptions, known func(*Server)) (*Server, *fault.Error) {
	if err := o.Fill(); err != nil {
		return nil, err
	}
	s := &Server{engine: e, home: e.pick(), block: block, handle: block.Handle, options: o}
	s.sweeps = newSweeps(s)
	s.news.server = s
	s.topics.News, s.topics.Pool, s.topics.Freed = &s.news, &s.engine.pool, s.engine.slack.freed
	s.figures.shards = newShards(len(e.workers))
	block.Prepare(s.home.index, 0)
	known(s)
	if err := e.addServer(s); err != nil {
		return nil, err
	}
	return s, nil
}

// Start listens; the sockets are bound when it returns. done completes when the
// loops accept. Any thread.
func (s *Server) Start(o config.ListenOptions, done border.Completion) *fault.Error {
	places, err := o.Places(len(s.engine.workers))
	if err != nil {
		return err
	}
	serving, err := o.Serving(s.options.KeepRequest)
	if err != nil {
		return err
	}
	serving.Handshake.Extend = s.engine.extends(serving.Compression)
	tlsServer, err := o.TLS.TLSServer()
	if err != nil {
		return err
	}
	if err := o.Limits.Fill(); err != nil {
		return err
	}
	deadlines, err := o.Deadlines.Fill("config", config.DefaultWriteTimeout)
	if err != nil {
		return err
	}
	if err := s.begins(places, serving, tlsServer, &o, &deadlines, done); err != nil {
		return err
	}
	if tlsServer != nil {
		s.doubts(tlsServer)
	}
	return nil
}

// begins is Start with options that were checked.
func (s *Server) begins(places []*config.Place, serving *config.Serving, tlsServer *dial.TLSServer,
	o *config.ListenOptions, deadlines *config.Silence, done border.Completion) *fault.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state {
	case serverStarted:
		return fault.Refused(fault.IDState, "server: is started already; ws_server_stop comes first, also after ws_server_stop_listening")
	case serverStopping:
		return fault.Refused(fault.IDState, "server: is still stopping; wait for the completion of ws_server_stop")
	case serverDestroyed:
		return fault.Refused(fault.IDHandle, "server: was destroyed")
	}
	listeners, err := s.bindAll(places)
	if err != nil {
		return err
	}
	s.state, s.tls = serverStarted, tlsServer
	s.listeners, s.listening, s.looked = listeners, len(listeners), false
	s.listeningOver.Store(false)
	s.address, s.adopted = "nowhere", serving.At(false, false)
	if len(listeners) > 0 {
		s.address = listeners[0].where()
	}
	s.serving.Store(serving)
	s.admission.Open(o.Limits, serving.Front)
	s.deadlines.Store(deadlines)
	begin := &starting{done: done}
	begin.left.Store(int32(len(listeners))) // fits: each has a descriptor
	if len(listeners) == 0 {
		s.home.loop.Post(func() { s.started(begin) })
	}
	for _, l := range listeners {
		l.listens, l.serving = true, serving
		l.answers = serving.At(l.onLoopback(), tlsServer != nil && !l.place.Plain)
		l.w.loop.Post(func() { l.open(begin) })
	}
	return nil
}

// starting is a start whose loops do not accept yet.
type starting struct {
	done   border.Completion
	left   atomic.Int32 // loops that have still to begin
	failed atomic.Pointer[fault.Error]
}

// started tells the host; a start of which a part has failed is undone. On the home loop.
func (s *Server) started(begin *starting) {
	failed := begin.failed.Load()
	s.home.complete(s.block.Slot, border.OpServerStart, begin.done, failed)
	if failed == nil {
		return
	}
	locked := take(&s.mu)
	defer locked.end()
	undo := s.state == serverStarted
	if undo {
		s.state = serverStopping
		s.closeListeners()
	}
	locked.end()
	if undo {
		s.cut(failed)
	}
	s.settle()
}

// runs is nil while there is something to stop, else why not. s.mu is held.
func (s *Server) runs() *fault.Error {
	switch s.state {
	case serverStopped:
		return fault.Refused(fault.IDState, "server: is not started")
	case serverStopping:
		return fault.Refused(fault.IDState, "server: is stopping already")
	case serverDestroyed:
		return fault.Refused(fault.IDHandle, "server: was destroyed")
	}
	return nil
}

// closeListeners is the end of listening. s.mu is held.
func (s *Server) closeListeners() {
	for _, l := range s.listeners {
		l.w.loop.Post(l.close)
	}
}

// Destroy ends the server and its connections at once. Any thread.
func (s *Server) Destroy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == serverDestroyed {
		return
	}
	s.state = serverDestroyed
	s.stopEnds()
	s.block.Kill()
	s.home.loop.Post(func() {
		s.cut(errDestroyed)
		s.settle()
	})
	s.closeListeners()
}

// cut ends all connections without a closing handshake. The home loop's.
func (s *Server) cut(why *fault.Error) {
	s.home.inSteps(s.list(), func(c *Conn) {
		c.w.loop.Post(func() {
			debug.Point("task")
			c.w.current = c
			c.meets(onDestroy, &occasion{why: why})
		})
	})
}

// settle finishes a stop or a destroy when nothing is left. Any thread, s.mu
// not held.
func (s *Server) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count > 0 || s.listening > 0 || s.awaiting > 0 || s.adopting > 0 {
		return
	}
	if s.relayEnds() {
		return
	}
	done := s.stopDone
	switch {
	case s.state == serverStopping:
		s.state = serverStopped
		s.home.loop.Post(func() { s.ended(false, done) })
		s.stopEnds() // what is posted from here on comes behind that
	case s.state == serverDestroyed && !s.settled:
		s.settled = true
		s.home.loop.Post(func() { s.ended(true, done) })
	default:
		return
	}
	s.stopDone = nil
}

// ended records the last events of a stop or of the server.
func (s *Server) ended(destroyed bool, stops []border.Completion) {
	w := s.home
	w.loop.Disarm(&s.deadline)
	var why *fault.Error
	if destroyed {
		why = errDestroyed
	}
	for _, done := range stops {
		w.complete(s.block.Slot, border.OpServerStop, done, why)
	}
	if !destroyed {
		return
	}
	s.news.end()
	w.notice(s.block.Slot, border.EventDestroyed, border.RecordFinal, w.detail())
	if !s.block.Queued() {
		w.after = append(w.after, s.released)
	}
}

// Ended is called by a host that delivers the events of this server from a queue,
// when it has delivered the last one. Any thread.
func (s *Server) Ended() { s.home.releaseBehind(s.released) }

// released is called when the last event has been delivered, and no record of a batch names
// the slot any more: see releaseBehind.
func (s *Server) released() {
	s.engine.host.Release(s.block)
	s.engine.removeServer(s)
}

// Port is the first port the server listens on. Any thread.
func (s *Server) Port() (int, *fault.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.listener(0); err != nil {
		return 0, err
	}
	for _, l := range s.listeners {
		if at := l.d.LocalAddress(); l.listens && at.IsValid() {
			return int(at.Port()), nil
		}
	}
	return 0, fault.Refused(fault.IDState, "server: listens on Unix sockets only")
}

// Connections fills handles with those of the open and closing connections,
// oldest first, and tells how many there are; when there are more, nothing is
// filled in. Any thread.
func (s *Server) Connections(handles []uint64) (count int) {
	all := s.handles() // in one pass: states change meanwhile
	if len(all) <= len(handles) {
		copy(handles, all)
	}
	return len(all)
}

func (s *Server) handles() []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]uint64, 0, s.count)
	for c := s.first; c != nil; c = c.next {
		if s.known(c) {
			all = append(all, c.block.Handle)
		}
	}
	return all
}

// known tells whether the host knows that a connection of the list is open. s.mu is held.
func (s *Server) known(c *Conn) bool {
	if c.block == nil {
		return false
	}
	state := c.block.State()
	return state == border.StateOpen || state == border.StateClosing
}

func (s *Server) list() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Conn, 0, s.count)
	for c := s.first; c != nil; c = c.next {
		all = append(all, c)
	}
	return all
}

// add puts a connection at the end of the list. s.mu is held.
func (s *Server) add(c *Conn) {
	c.prev = s.last
	if s.last != nil {
		s.last.next = c
	} else {
		s.first = c
	}
	s.last = c
	s.count++
}

// remove takes a connection out of the list; settle follows.
func (s *Server) remove(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		s.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		s.last = c.prev
	}
	c.next, c.prev = nil, nil
	s.count--
}

// report records an error of the server itself.
func (s *Server) report(e *fault.Error) {
	w := s.home
	w.notice(s.block.Slot, border.EventError, 0, w.fail(w.detail(), e))
}

// acceptFailed is what to tell when the system gives no connection.
func acceptFailed(errno syscall.Errno) *fault.Error {
	return &fault.Error{ID: fault.IDUnknown, Stage: dial.StageLimit, Errno: errno, Text: fmt.Sprintf("accepting a connection: %v", errno)}
}
