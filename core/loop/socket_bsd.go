// SPDX-License-Identifier: Apache-2.0

//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package loop

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Read takes what is there, at most len(p). 0 without an error is the end of
// the stream; EAGAIN says that there is nothing now.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	for {
		n, err := unix.Read(int(s.fd), p)
		if err == nil {
			return n, 0
		}
		if err != unix.EINTR {
			return 0, err.(syscall.Errno)
		}
	}
}

// Write gives p to the kernel as far as it takes it; never SIGPIPE.
func (s *Socket) Write(p []byte) (int, syscall.Errno) {
	return s.send(func() (int, error) {
		return unix.SendmsgN(int(s.fd), p, nil, nil, sendFlags)
	})
}

// WriteVector gives the pieces to the kernel in order, as far as it takes them,
// in one system call.
func (s *Socket) WriteVector(v *Vector) (int, syscall.Errno) {
	if len(v.pieces) == 0 {
		return 0, 0
	}
	pieces := make([][]byte, len(v.pieces))
	for i, p := range v.pieces {
		pieces[i] = unsafe.Slice((*byte)(p.base), p.size)
	}
	return s.sendAll(pieces)
}

// WriteTwo gives two pieces to the kernel in one system call.
func (s *Socket) WriteTwo(first, second []byte) (int, syscall.Errno) {
	return s.sendAll([][]byte{first, second})
}

func (s *Socket) sendAll(pieces [][]byte) (int, syscall.Errno) {
	return s.send(func() (int, error) {
		return unix.SendmsgBuffers(int(s.fd), pieces, nil, nil, sendFlags)
	})
}

// send makes a system call again that a signal has interrupted.
func (s *Socket) send(call func() (int, error)) (int, syscall.Errno) {
	for {
		n, err := call()
		if err == nil {
			return n, 0
		}
		if err != unix.EINTR {
			return 0, err.(syscall.Errno)
		}
	}
}
