// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rawMax is how many bytes a RawSyscall may move. It keeps the thread's P, so
// the copy must be short; larger ones tell the scheduler (syscall.Syscall).
const rawMax = 64 << 10

// Socket is a non-blocking descriptor registered with a loop. The zero value is
// not registered. Its methods belong to the loop's thread, but for FD, Write
// and WriteVector, which any thread may use that holds the lock under which the
// owner calls Close.
type Socket struct {
	loop       *Loop
	fd         int32 // valid while loop is not nil
	slot       int32
	generation uint32
	events     uint32 // what epoll watches
}

// Register hands fd to the loop, which reports In. The socket owns fd from now
// on, unless an error is returned.
func (s *Socket) Register(l *Loop, fd int, h Handler) error {
	slot, generation := l.sockets.put(h)
	if err := l.poll.control(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN, slot, generation); err != nil {
		l.sockets.release(slot)
		return fmt.Errorf("watching a socket: %w", err)
	}
	*s = Socket{loop: l, fd: int32(fd), slot: slot, generation: generation, events: unix.EPOLLIN}
	return nil
}

// Open tells whether the socket has a descriptor.
func (s *Socket) Open() bool { return s.loop != nil }

// FD is the descriptor, -1 when there is none.
func (s *Socket) FD() int {
	if s.loop == nil {
		return -1
	}
	return int(s.fd)
}

// Watch sets what is reported beside Hup.
func (s *Socket) Watch(in, out bool) {
	var events uint32
	if in {
		events |= unix.EPOLLIN
	}
	if out {
		events |= unix.EPOLLOUT
	}
	if s.loop == nil || events == s.events {
		return
	}
	if s.events == suspended {
		if !in {
			return // it would be told of the hang-up again and again
		}
		s.events = events
		s.loop.poll.control(unix.EPOLL_CTL_ADD, int(s.fd), events, s.slot, s.generation)
		return
	}
	s.events = events
	// It can only fail for a descriptor that is not registered, and this one is.
	s.loop.poll.control(unix.EPOLL_CTL_MOD, int(s.fd), events, s.slot, s.generation)
}

// suspended as Socket.events: the descriptor is not with epoll.
const suspended = 1 << 31

// Suspend reports nothing more, not even Hup, until Watch asks for In again.
func (s *Socket) Suspend() {
	if s.loop != nil && s.events != suspended {
		s.events = suspended
		s.loop.poll.control(unix.EPOLL_CTL_DEL, int(s.fd), 0, s.slot, s.generation)
	}
}

// WatchesOut tells whether Out is being reported.
func (s *Socket) WatchesOut() bool { return s.events&unix.EPOLLOUT != 0 }

// Close closes the descriptor; harmless when there is none. The caller holds
// the lock that writers of other threads hold.
func (s *Socket) Close() {
	if s.loop == nil {
		return
	}
	s.loop.sockets.release(s.slot)
	unix.Close(int(s.fd))
	*s = Socket{}
}

// ShutdownWrite sends FIN after what the kernel still has.
func (s *Socket) ShutdownWrite() {
	if s.loop != nil {
		unix.Shutdown(int(s.fd), unix.SHUT_WR)
	}
}

// ShutdownBoth ends the stream both ways; what was received can still be read.
func (s *Socket) ShutdownBoth() {
	if s.loop != nil {
		unix.Shutdown(int(s.fd), unix.SHUT_RDWR)
	}
}

// Read takes what is there, at most len(p). 0 without an error is the end of
// the stream; syscall.EAGAIN says that there is nothing now.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	for {
		var n uintptr
		var errno syscall.Errno
		if len(p) <= rawMax {
			n, _, errno = syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), 0, 0, 0)
		} else {
			n, _, errno = syscall.Syscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), 0, 0, 0)
		}
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// Write gives p to the kernel as far as it takes it; never SIGPIPE.
func (s *Socket) Write(p []byte) (int, syscall.Errno) {
	return s.write(unsafe.Pointer(unsafe.SliceData(p)), len(p))
}

func (s *Socket) write(p unsafe.Pointer, size int) (int, syscall.Errno) {
	const flags = unix.MSG_NOSIGNAL | unix.MSG_DONTWAIT
	for {
		var n uintptr
		var errno syscall.Errno
		if size <= rawMax {
			n, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(p), uintptr(size), flags, 0, 0)
		} else {
			n, _, errno = syscall.Syscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(p), uintptr(size), flags, 0, 0)
		}
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// Vector is a list of pieces of memory for one system call.
type Vector struct {
	pieces []iovec
	size   int
}

// iovec is struct iovec of readv(2).
type iovec struct {
	base unsafe.Pointer
	size uintptr
}

// MaxPieces is how many pieces one WriteVector takes (IOV_MAX).
const MaxPieces = 1024

// Reset empties the vector and keeps its room.
func (v *Vector) Reset() {
	clear(v.pieces)
	v.pieces, v.size = v.pieces[:0], 0
}

// Add appends p, of the Go heap or outside of it; it must stay as it is until
// the vector was written.
func (v *Vector) Add(p []byte) {
	if len(p) > 0 {
		v.pieces = append(v.pieces, iovec{unsafe.Pointer(unsafe.SliceData(p)), uintptr(len(p))})
		v.size += len(p)
	}
}

// Size is the sum of all pieces in bytes.
func (v *Vector) Size() int { return v.size }

// Full tells that there is no room for another piece.
func (v *Vector) Full() bool { return len(v.pieces) >= MaxPieces }

// WriteVector gives the pieces to the kernel in order, as far as it takes them,
// in one system call.
func (s *Socket) WriteVector(v *Vector) (int, syscall.Errno) {
	if len(v.pieces) == 1 {
		return s.write(v.pieces[0].base, int(v.pieces[0].size))
	}
	if len(v.pieces) == 0 {
		return 0, 0
	}
	var message unix.Msghdr
	message.Iov = (*unix.Iovec)(unsafe.Pointer(unsafe.SliceData(v.pieces)))
	message.SetIovlen(len(v.pieces))
	return s.send(&message, v.size)
}

// WriteTwo gives two pieces to the kernel in one system call.
func (s *Socket) WriteTwo(first, second []byte) (int, syscall.Errno) {
	if len(second) == 0 {
		return s.Write(first)
	}
	pieces := [2]iovec{
		{unsafe.Pointer(unsafe.SliceData(first)), uintptr(len(first))},
		{unsafe.Pointer(unsafe.SliceData(second)), uintptr(len(second))},
	}
	var message unix.Msghdr
	message.Iov = (*unix.Iovec)(unsafe.Pointer(&pieces))
	message.SetIovlen(2)
	return s.send(&message, len(first)+len(second))
}

func (s *Socket) send(message *unix.Msghdr, size int) (int, syscall.Errno) {
	const flags = unix.MSG_NOSIGNAL | unix.MSG_DONTWAIT
	for {
		var n uintptr
		var errno syscall.Errno
		if size <= rawMax {
			n, _, errno = syscall.RawSyscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(message)), flags)
		} else {
			n, _, errno = syscall.Syscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(message)), flags)
		}
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// Detach takes the descriptor out of a connection of package net, closes the
// rest, and returns it non-blocking. The caller owns it.
func Detach(c *net.TCPConn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, fmt.Errorf("taking over a connection: %w", err)
	}
	fd, dupErr := -1, error(nil)
	err = raw.Control(func(own uintptr) {
		fd, dupErr = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0)
	})
	c.Close()
	if err == nil {
		err = dupErr
	}
	if err != nil {
		return -1, fmt.Errorf("taking over a connection: %w", err)
	}
	return fd, nil
}

// Attach makes a connection of package net out of a descriptor, which it owns
// from now on, also when it fails.
func Attach(fd int) (*net.TCPConn, error) {
	f := os.NewFile(uintptr(fd), "socket")
	defer f.Close() // FileConn works on a duplicate
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("taking over a connection: %w", err)
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		conn.Close()
		return nil, errors.New("taking over a connection: it is not TCP")
	}
	return tcp, nil
}

// SendAndDrop sends p and drops what the peer has sent so far, so that closing
// the descriptor makes no reset that destroys p.
func SendAndDrop(fd int, p []byte) {
	unix.SendmsgN(fd, p, nil, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
	unix.Shutdown(fd, unix.SHUT_WR)
	var drop [4096]byte
	unix.Read(fd, drop[:])
}

// CloseFD closes a descriptor that no socket owns.
func CloseFD(fd int) { unix.Close(fd) }
