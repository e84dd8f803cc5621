// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"libws/core/lock"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// hupAlone: waiting for bytes is all that the runtime can do, and it returns at
// once while there are some. So nothing waits while nothing is watched.
const hupAlone = false

// source is a socket that package net owns, so that the completion port of the
// Go runtime tells of it.
//
//   - In: RawConn.Read waits with an overlapped receive of no bytes, which ends
//     when there is something to read; it takes nothing.
//   - Out: nothing of the kind exists, and the runtime cannot wait for it. The
//     goroutine asks WSAPoll without waiting, in steps of 1 to 16 ms. It exists
//     only while the peer does not read.
//   - A listener: the goroutine accepts, and keeps one connection for the loop.
//
// Reads and writes of the loop are calls without an overlapped structure; with
// FIONBIO they never wait. Overlapped calls, those of package net, ignore it.
type source struct {
	conn     Stream
	raw      syscall.RawConn
	listener listening
	fd       handle
	pause    time.Duration // of the goroutine that waits for Out

	mu   lock.Mutex[lock.Waits]
	next Stream // accepted, for the loop; guarded by mu
	err  error  // of accepting, for the loop; guarded by mu
	over bool   // no connection is kept any more; guarded by mu
}

// open takes d over; on failure it is closed.
func (s *source) open(d Descriptor) (handle, error) {
	s.conn, s.listener = d.conn, d.listener
	if s.listener != nil {
		return 0, nil
	}
	var err error
	if s.raw, err = s.conn.SyscallConn(); err == nil {
		var failed error
		err = s.raw.Control(func(fd uintptr) {
			s.fd = handle(fd)
			failed = setNonBlocking(s.fd)
		})
		err = errors.Join(err, failed)
	}
	if err != nil {
		s.conn.Close()
		return 0, err
	}
	return s.fd, nil
}

// setNonBlocking is ioctlsocket(FIONBIO).
func setNonBlocking(fd handle) error {
	const fionbio = 0x8004667e
	var on, returned uint32 = 1, 0
	return windows.WSAIoctl(fd, fionbio, (*byte)(unsafe.Pointer(&on)), 4, nil, 0, &returned, nil, 0)
}

// wait returns when one side is ready, with In, Out or Hup; without any when it
// was interrupted, when the socket was closed, or to be called again.
func (s *source) wait(side uint32, want *atomic.Uint32) (found uint32, err error) {
	switch {
	case s.listener != nil:
		return s.waitAccept()
	case side == Out:
		return s.waitOut(), nil
	}
	waited := false
	err = s.raw.Read(func(uintptr) bool {
		before := waited
		waited = true
		return before
	})
	if err == nil {
		return In, nil
	}
	return 0, unlessEnded(err)
}

// unlessEnded drops the errors that an interrupt or a close leads to.
func unlessEnded(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// waitOut looks once, and pauses when there is no room.
func (s *source) waitOut() (found uint32) {
	if found = writability(s.fd); found != 0 {
		s.pause = 0
		return found
	}
	s.pause = min(max(2*s.pause, time.Millisecond), 16*time.Millisecond)
	time.Sleep(s.pause)
	return 0
}

var wsaPoll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// polled is WSAPOLLFD.
type polled struct {
	fd              handle
	events, revents int16
}

const (
	pollErr, pollHup, pollNval = 0x1, 0x2, 0x4
	pollOut                    = 0x10  // POLLWRNORM
	pollIn                     = 0x100 // POLLRDNORM
)

// writability asks WSAPoll, which does not wait here.
func writability(fd handle) (found uint32) {
	p := polled{fd: fd, events: pollOut}
	n, _, _ := wsaPoll.Call(uintptr(unsafe.Pointer(&p)), 1, 0)
	if int32(n) < 0 {
		return Hup // reading tells what it is
	}
	if p.revents&pollOut != 0 {
		found |= Out
	}
	if p.revents&(pollErr|pollHup|pollNval) != 0 {
		found |= Hup
	}
	return found
}

// waitAccept keeps the next connection, or the error of accepting, for accepted.
func (s *source) waitAccept() (uint32, error) {
	if s.keeps() {
		return In, nil
	}
	conn, err := s.listener.accept()
	if err != nil {
		if err = unlessEnded(err); err == nil {
			return 0, nil
		}
		// The system may be out of something; a listener that fails again and
		// again does so slowly.
		time.Sleep(50 * time.Millisecond)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		if conn != nil {
			conn.Close()
		}
		return 0, nil
	}
	s.next, s.err = conn, err
	return In, nil
}

// keeps tells whether waitAccept has kept something.
func (s *source) keeps() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next != nil || s.err != nil
}

// accepted takes what waitAccept has kept. The loop's thread.
func (s *source) accepted() (Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := s.next, s.err
	s.next, s.err = nil, nil
	return conn, err
}

// interrupt ends the current or the next wait of the sides, until ready. The
// caller holds the lock under which ready is called.
func (s *source) interrupt(sides uint32) {
	if sides&In == 0 {
		return // waitOut returns by itself
	}
	s.deadline(time.Unix(1, 0))
}

// ready lets a side wait again after an interrupt.
func (s *source) ready(side uint32) {
	if side == In {
		s.deadline(time.Time{})
	}
}

func (s *source) deadline(t time.Time) {
	if s.listener != nil {
		s.listener.SetDeadline(t)
	} else {
		s.conn.SetReadDeadline(t)
	}
}

// close closes the socket.
func (s *source) close() {
	if s.listener == nil {
		s.conn.Close()
		return
	}
	s.listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.next != nil {
		s.next.Close()
		s.next = nil
	}
}
