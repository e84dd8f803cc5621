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
