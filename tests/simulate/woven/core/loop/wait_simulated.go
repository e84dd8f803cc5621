// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package loop

import (
	"syscall"

	"libws/tests/simulate/shim/atomic"
	"libws/tests/simulate/world"
)

const hupAlone = true

// source is a socket as the poller of the Go runtime has it, for goroutines: it tells of what
// has changed since it was looked at, not of how it is.
type source struct {
	socket  *world.Socket
	stopped uint32 // sides that were interrupted
	closed  bool
	users   int // goroutines that wait
}

func (s *source) open(d Descriptor) (handle, error) {
	if world.Refused() {
		d.Close()
		return -1, syscall.EPERM
	}
	s.socket = world.File(int(d))
	return handle(d), nil
}

func (s *source) wait(side uint32, want *atomic.Uint32) (found uint32, err error) {
	s.users++
	defer func() { s.users-- }()
	for {
		if s.closed || s.stopped&side != 0 {
			return 0, nil
		}
		seen := s.socket.Changes(side == Out)
		if found = found | s.readiness(want.Load()&side); found != 0 {
			return found, nil
		}
		world.Block("waits for a socket", world.Forever, func() bool {
			return s.closed || s.stopped&side != 0 || s.socket.Changes(side == Out) != seen
		})
	}
}

func (s *source) readiness(want uint32) (found uint32) {
	if s.closed {
		return 0
	}
	if want&In != 0 && s.socket.Readable() {
		found |= In
	}
	if want&Out != 0 && s.socket.Writable() {
		found |= Out
	}
	if s.socket.HungUp() {
		found |= Hup
	}
	return found
}

func (s *source) interrupt(sides uint32) { s.stopped |= sides }
func (s *source) ready(side uint32)      { s.stopped &^= side }

// close waits until the goroutines have let go, as that of os.File.
func (s *source) close() {
	s.closed = true
	if s.users > 0 {
		world.Block("waits until a socket is let go", world.Forever, func() bool { return s.users == 0 })
	}
	s.socket.Close()
}
