// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/config"
	"libws/core/debug"
	"libws/core/fault"
	"libws/core/loop"
)

// A server that stops: its connections are closed politely, and cut when their time is over.

// Stop closes the listeners and every connection, and cuts those that have not closed in
// o.Timeout; done completes when the last one is gone. Any thread.
func (s *Server) Stop(o config.CloseOptions, done border.Completion) *fault.Error {
	debug.Point("stopping")
	if err := o.Fill(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.runs(); err != nil {
		return err
	}
	s.state, s.stopDone = serverStopping, []border.Completion{done}
	s.home.loop.Post(func() { // before the last listener may settle it
		debug.Point("task")
		s.home.inSteps(s.list(), func(c *Conn) { c.comes(onStop, &occasion{how: o}) })
		s.home.loop.After(&s.deadline, o.Timeout, (*stopDeadline)(s))
		s.settle()
	})
	s.closeListeners()
	return nil
}

// AwaitStop lets done complete with the stop that has begun; false when none has. Any thread.
func (s *Server) AwaitStop(done border.Completion) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != serverStopping {
		return false
	}
	s.stopDone = append(s.stopDone, done)
	return true
}

// stopping returns what is closed when the stop that has begun is over; nil when none has. Any thread.
func (s *Server) stopping() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != serverStopping {
		return nil
	}
	if s.stopOver == nil {
		s.stopOver = make(chan struct{})
	}
	return s.stopOver
}

// stopEnds tells who waits by stopping. s.mu is held.
func (s *Server) stopEnds() {
	if s.stopOver != nil {
		close(s.stopOver)
		s.stopOver = nil
	}
}

// stopDeadline cuts what a stop has left.
type stopDeadline Server

// Expired ends the patience of a stop; see loop.Expirer.
func (s *stopDeadline) Expired(*loop.Timer) { (*Server)(s).cut(errStopTimeout) }

var errStopTimeout = &fault.Error{ID: fault.IDTimeout, Text: "the connection did not close in the time of a server stop"}

// A server that hands over to another process stops listening first. Those whose
// handshake is under way are let in, so that no connect fails; then the host is notified, and
// closes all by Stop.

// StopListening closes the listeners; the connections live on, and those that were
// accepted may still open. done completes when none of them is in its handshake any more.
// Any thread.
func (s *Server) StopListening(done border.Completion) *fault.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.runs(); err != nil {
		return err
	}
	if s.listeningOver.Load() {
		return fault.Refused(fault.IDState, "server: does not listen any more")
	}
	s.listeningOver.Store(true)
	s.listeningDone, s.awaiting = done, len(s.engine.workers)
	s.closeListeners()
	if len(s.listeners) == 0 {
		s.silent()
	}
	return nil
}

// silent is called when a listener was closed: behind the last one every loop has a look
// at its own handshakes. What was accepted has been posted to it before. s.mu is held.
func (s *Server) silent() {
	if !s.listeningOver.Load() || s.listening > 0 || s.looked {
		return
	}
	s.looked = true
	for _, w := range s.engine.workers {
		w.loop.Post(func() { s.await(w) })
	}
}

// await marks the handshakes of a loop.
func (s *Server) await(w *worker) {
	w.inSteps(s.list(), func(c *Conn) {
		if c.w != w {
			return
		}
		w.current = c
		c.meets(onStopListening, nil)
	}, func() { s.awaits(-1) })
}

// awaits changes how many loops and handshakes a StopListening waits for.
func (s *Server) awaits(n int) {
	locked := take(&s.mu)
	defer locked.end()
	s.awaiting += n
	over, done := s.awaiting == 0, s.listeningDone
	var err *fault.Error
	if over {
		s.listeningDone = border.Completion{}
		if s.state == serverDestroyed {
			err = errDestroyed
		}
	}
	if over { // posted under the lock: who settles the server meanwhile comes behind it
		s.home.loop.Post(func() { s.home.complete(s.block.Slot, border.OpServerStopListening, done, err) })
	}
	locked.end()
	if over {
		s.settle()
	}
}
