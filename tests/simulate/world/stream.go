// SPDX-License-Identifier: Apache-2.0

package world

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// Stream is a socket for tasks that may wait.
type Stream struct {
	file       *Socket
	readUntil  time.Duration
	writeUntil time.Duration
	left       bool
}

// Waiting makes a Stream of a socket.
func Waiting(f *Socket) *Stream { return &Stream{file: f, readUntil: forever, writeUntil: forever} }

// File is the socket.
func (s *Stream) File() *Socket { return s.file }

// Leave gives the number of the socket, which the stream no longer owns.
func (s *Stream) Leave() int {
	s.left = true
	return s.file.Number
}

func (s *Stream) Read(p []byte) (int, error) {
	Yield()
	for {
		if s.left {
			return 0, net.ErrClosed
		}
		if s.readUntil <= current.now {
			return 0, os.ErrDeadlineExceeded
		}
		n, errno := s.file.Read(p)
		switch {
		case errno == syscall.EAGAIN:
		case errno != 0:
			return 0, errno
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
		Block("reads", s.readUntil, func() bool { return s.left || s.readUntil <= current.now || s.file.Readable() })
	}
}

func (s *Stream) Write(p []byte) (int, error) {
	Yield()
	done := 0
	for done < len(p) {
		if s.left {
			return done, net.ErrClosed
		}
		if s.writeUntil <= current.now {
			return done, os.ErrDeadlineExceeded
		}
		n, errno := s.file.Write(p[done:])
		done += n
		if errno == 0 {
			continue
		}
		if errno != syscall.EAGAIN && errno != syscall.ENOBUFS {
			return done, errno
		}
		Block("writes", s.writeUntil, func() bool { return s.left || s.writeUntil <= current.now || s.file.Writable() })
	}
	return done, nil
}

// Close closes the socket, unless somebody else has it.
func (s *Stream) Close() error {
	if s.left {
		return net.ErrClosed
	}
	s.left = true
	s.file.Close()
	return nil
}

// CloseWrite ends our half.
func (s *Stream) CloseWrite() error {
	s.file.ShutdownWrite()
	return nil
}

// epoch is when the simulated clock begins, as package time of the shims has it.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Stream) SetDeadline(t time.Time) error {
	s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

func (s *Stream) SetReadDeadline(t time.Time) error {
	s.readUntil = until(t)
	return nil
}

func (s *Stream) SetWriteDeadline(t time.Time) error {
	s.writeUntil = until(t)
	return nil
}

func until(t time.Time) time.Duration {
	if t.IsZero() {
		return forever
	}
	at := max(t.Sub(epoch), 0)
	current.stir(at)
	return at
}
