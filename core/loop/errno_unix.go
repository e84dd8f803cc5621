// SPDX-License-Identifier: Apache-2.0

//go:build unix

package loop

import "syscall"

// The error numbers that owners of sockets tell apart. They are the system's own
// everywhere; package syscall has invented numbers under these names on Windows.
const (
	EAGAIN        = syscall.EAGAIN // nothing now, or no room now
	EACCES        = syscall.EACCES
	EADDRINUSE    = syscall.EADDRINUSE
	EADDRNOTAVAIL = syscall.EADDRNOTAVAIL
	EAFNOSUPPORT  = syscall.EAFNOSUPPORT
	EBADF         = syscall.EBADF
	ECONNRESET    = syscall.ECONNRESET
	EEXIST        = syscall.EEXIST
	EFAULT        = syscall.EFAULT
	EINVAL        = syscall.EINVAL
	EMFILE        = syscall.EMFILE
	ENFILE        = syscall.ENFILE
	ENOBUFS       = syscall.ENOBUFS
	ENOMEM        = syscall.ENOMEM
	ENOTSOCK      = syscall.ENOTSOCK
	EOPNOTSUPP    = syscall.EOPNOTSUPP
	EPERM         = syscall.EPERM
)
