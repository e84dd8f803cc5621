// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import (
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// SocketFile is the file of a listening Unix socket. The zero value is none.
type SocketFile struct {
	path          string
	device, inode uint64
}

// ListenFile makes a non-blocking Unix socket that listens at path, with the
// permissions of mode; on Linux "@name" is an abstract one, which has no file. A
// socket file that nobody listens at is replaced. EADDRINUSE: somebody does; EEXIST: the
// file is no socket, and stays. On failure step names the system call.
//
// Of several processes that find one old file exactly one gets its place: from the look at it until
// the new socket listens they hold a lock on the directory (flock). It does not hold off programs
// that know nothing of it. Where the directory cannot be read there is none.
func ListenFile(path string, mode uint32, backlog int) (d Descriptor, file SocketFile, step string, errno syscall.Errno) {
	abstract := path[0] == '@' && (runtime.GOOS == "linux" || runtime.GOOS == "android")
	fd, err := newSocket(unix.AF_UNIX)
	if err != nil {
		return -1, file, "socket", err.(syscall.Errno)
	}
	fail := func(step string, err error) (Descriptor, SocketFile, string, syscall.Errno) {
		file.Remove()
		unix.Close(fd)
		return -1, SocketFile{}, step, err.(syscall.Errno)
	}
	if !abstract {
		unlock, err := lockDirectory(filepath.Dir(path))
		if err != nil {
			return fail("flock", err)
		}
		defer unlock()
	}
	name := &unix.SockaddrUnix{Name: path}
	if err = unix.Bind(fd, name); err == unix.EADDRINUSE && !abstract {
		if err := removeStale(path); err != nil {
			return fail("bind", err)
		}
		err = unix.Bind(fd, name)
	}
	if err != nil {
		return fail("bind", err)
	}
	if !abstract {
		if file, err = statFile(path); err == nil {
			// Nobody can connect before listen, so nobody gets in by the mode of the umask.
			err = unix.Chmod(path, mode)
		}
		if err != nil {
			return fail("chmod", err)
		}
	}
	if err := unix.Listen(fd, backlog); err != nil {
		return fail("listen", err)
	}
	return Descriptor(fd), file, "", 0
}

// Ours hold the lock for a few system calls; for whoever holds it longer nobody waits longer.
const (
	lockTries = 100
	lockPause = 10 * time.Millisecond
)

// lockDirectory keeps others of this library from making socket files there. EADDRINUSE:
// somebody else has locked it for long.
func lockDirectory(path string) (unlock func(), err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return func() {}, nil // bind tells what is wrong with it, if that is
	}
	for range lockTries {
		if err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != unix.EWOULDBLOCK && err != unix.EINTR {
			return func() { unix.Close(fd) }, nil // also where a file system has no locks
		}
		time.Sleep(lockPause)
	}
	unix.Close(fd)
	return nil, unix.EADDRINUSE
}

// removeStale removes a socket file that nobody listens at.
func removeStale(path string) error {
	var s unix.Stat_t
	if err := unix.Lstat(path, &s); err == unix.ENOENT {
		return nil
	} else if err != nil {
		return err
	}
	if uint32(s.Mode)&unix.S_IFMT != unix.S_IFSOCK {
		return unix.EEXIST
	}
	probe, err := newSocket(unix.AF_UNIX)
	if err != nil {
		return err
	}
	defer unix.Close(probe)
	if err := unix.Connect(probe, &unix.SockaddrUnix{Name: path}); err != unix.ECONNREFUSED {
		return unix.EADDRINUSE // also when its backlog is full, or it is not for us
	}
	if err := unix.Unlink(path); err != nil && err != unix.ENOENT {
		return err
	}
	return nil
}

func statFile(path string) (SocketFile, error) {
	var s unix.Stat_t
	if err := unix.Lstat(path, &s); err != nil {
		return SocketFile{}, err
	}
	return SocketFile{path, uint64(s.Dev), uint64(s.Ino)}, nil
}

// Remove removes the file, unless somebody else's is in its place by now.
func (f SocketFile) Remove() {
	if f.path == "" {
		return
	}
	if now, err := statFile(f.path); err == nil && now == f {
		unix.Unlink(f.path)
	}
}
