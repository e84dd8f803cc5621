// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rawMax is how many bytes a RawSyscall may move. It keeps the thread's P, so
// the copy must be short; larger ones tell the scheduler (syscall.Syscall).
const rawMax = 64 << 10

// Read takes what is there, at most len(p). 0 without an error is the end of
// the stream; EAGAIN says that there is nothing now.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	for {
		var n uintptr
		var errno syscall.Errno
		if len(p) <= rawMax {
			n, _, errno = syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))),
				uintptr(len(p)), 0, 0, 0)
		} else {
			n, _, errno = syscall.Syscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))),
				uintptr(len(p)), 0, 0, 0)
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
	for {
		var n uintptr
		var errno syscall.Errno
		if size <= rawMax {
			n, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(p), uintptr(size), sendFlags, 0, 0)
		} else {
			n, _, errno = syscall.Syscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(p), uintptr(size), sendFlags, 0, 0)
		}
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

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
	for {
		var n uintptr
		var errno syscall.Errno
		if size <= rawMax {
			n, _, errno = syscall.RawSyscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(message)), sendFlags)
		} else {
			n, _, errno = syscall.Syscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(message)), sendFlags)
		}
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
