// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// hupAlone: poll(2) tells of a hang-up also when nothing else is asked for, so a
// goroutine waits for that even when nothing is watched.
const hupAlone = true

// source is a descriptor that the poller of the Go runtime knows, by way of an
// os.File. Reading and writing use its number (see Socket), as with epoll: only
// the loop closes it, under the lock that writers hold.
type source struct {
	file *os.File
	raw  syscall.RawConn
}

// open takes d over; on failure it is closed.
func (s *source) open(d Descriptor) (handle, error) {
	noSignal(int(d))
	s.file = os.NewFile(uintptr(d), "socket")
	// A file that the runtime cannot poll has no deadlines either.
	err := s.file.SetDeadline(time.Time{})
	if err == nil {
		s.raw, err = s.file.SyscallConn()
	}
	if err != nil {
		s.file.Close()
		return -1, fmt.Errorf("the poller of the Go runtime: %w", err)
	}
	return handle(d), nil // fits: a descriptor
}

// wait returns when one side is ready and that is wanted, with In, Out or Hup;
// without any when it was interrupted or the socket was closed.
//
// The runtime's poller is edge-triggered and forgets an edge before each wait.
// So the state is looked at in between, and what came earlier is not missed.
func (s *source) wait(side uint32, want *atomic.Uint32) (found uint32, err error) {
	look := func(fd uintptr) bool {
		found = readiness(int32(fd), want.Load()&side) // fits: a descriptor
		return found != 0
	}
	if side == In {
		err = s.raw.Read(look)
	} else {
		err = s.raw.Write(look)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, os.ErrClosed) {
		return 0, nil
	}
	return found, err
}

// readiness asks poll(2), which does not wait here.
func readiness(fd int32, want uint32) (found uint32) {
	p := [1]unix.PollFd{{Fd: fd}}
	if want&In != 0 {
		p[0].Events |= unix.POLLIN
	}
	if want&Out != 0 {
		p[0].Events |= unix.POLLOUT
	}
	for {
		_, err := unix.Poll(p[:], 0)
		if err == nil {
			break
		}
		if err != unix.EINTR && err != unix.EAGAIN {
			return Hup // reading tells what it is
		}
	}
	if p[0].Revents&unix.POLLIN != 0 {
		found |= In
	}
	if p[0].Revents&unix.POLLOUT != 0 {
		found |= Out
	}
	if p[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0 {
		found |= Hup
	}
	return found
}

// interrupt ends the current or the next wait of the sides, until ready. The
// caller holds the lock under which ready is called.
func (s *source) interrupt(sides uint32) {
	past := time.Unix(1, 0)
	if sides&In != 0 {
		s.file.SetReadDeadline(past)
	}
	if sides&Out != 0 {
		s.file.SetWriteDeadline(past)
	}
}

// ready lets a side wait again after an interrupt.
func (s *source) ready(side uint32) {
	if side == In {
		s.file.SetReadDeadline(time.Time{})
	} else {
		s.file.SetWriteDeadline(time.Time{})
	}
}

// close closes the descriptor; it returns when no goroutine uses it any more,
// which the runtime sees to.
func (s *source) close() { s.file.Close() }
