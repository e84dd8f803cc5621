// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// The error numbers that owners of sockets tell apart. They are the system's own
// everywhere; package syscall has invented numbers under these names on Windows,
// and those that Winsock lacks are these.
const (
	EAGAIN        = windows.WSAEWOULDBLOCK // nothing now, or no room now
	EACCES        = windows.WSAEACCES
	EADDRINUSE    = windows.WSAEADDRINUSE
	EADDRNOTAVAIL = windows.WSAEADDRNOTAVAIL
	EAFNOSUPPORT  = windows.WSAEAFNOSUPPORT
	EBADF         = windows.WSAEBADF
	ECONNRESET    = windows.WSAECONNRESET
	EEXIST        = syscall.EEXIST
	EFAULT        = windows.WSAEFAULT
	EINVAL        = windows.WSAEINVAL
	EMFILE        = windows.WSAEMFILE
	ENFILE        = syscall.ENFILE
	ENOBUFS       = windows.WSAENOBUFS
	ENOMEM        = syscall.ENOMEM
	ENOTSOCK      = windows.WSAENOTSOCK
	EOPNOTSUPP    = windows.WSAEOPNOTSUPP
	EPERM         = syscall.EPERM
)
