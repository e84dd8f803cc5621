// SPDX-License-Identifier: Apache-2.0

//go:build unix

package fd

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func refuse(number uintptr) error {
	if number < least {
		return errLow
	}
	return nil
}

// Lows tells whether a number is one of the host's.
func Lows(number int) bool { return number < least }

// Raise returns a number above 2 for a descriptor, which it takes over: on failure it
// is closed.
func Raise(number int) (int, error) {
	if number >= least {
		return number, nil
	}
	high, err := Duplicate(uintptr(number))
	unix.Close(number)
	return high, err
}

// Duplicate makes a duplicate above 2, which children do not inherit.
func Duplicate(number uintptr) (int, error) {
	return unix.FcntlInt(number, unix.F_DUPFD_CLOEXEC, least)
}

// Exhausted is why there is no descriptor to be had now, EMFILE or ENFILE; 0: there is one.
func Exhausted() syscall.Errno {
	syscall.ForkLock.RLock() // no child inherits it
	defer syscall.ForkLock.RUnlock()
	number, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|fromBirth, 0)
	if err == nil {
		unix.Close(number)
	}
	if err == unix.EMFILE || err == unix.ENFILE {
		return err.(syscall.Errno)
	}
	return 0
}
