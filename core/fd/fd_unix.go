// SPDX-License-Identifier: Apache-2.0

//go:build unix

package fd

import (
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

func refuse(number uintptr) error {
	if number < least {
		return errLow
	}
	return nil
}

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

// Low tells whether the host has closed one of its numbers, so that the next descriptor gets
// that.
func Low() bool {
	for number := range least {
		if _, err := unix.FcntlInt(uintptr(number), unix.F_GETFD, 0); err == unix.EBADF {
			return true
		}
	}
	return false
}

var settling sync.Once

// Settle has the Go runtime make the descriptors of its own poller, which nobody can move, while
// the low numbers are taken for a moment: a host that later puts files of its own in their
// place would close them. This is done once, before the library does anything.
func Settle() { settling.Do(settle) }

func settle() {
	var held []int
	for Low() {
		number, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			break
		}
		held = append(held, number)
	}
	if r, w, err := os.Pipe(); err == nil {
		r.Close()
		w.Close()
	}
	for _, number := range held {
		if isNull(number) { // the host may have put another in its place
			unix.Close(number)
		}
	}
}

func isNull(number int) bool {
	var is, null unix.Stat_t
	return unix.Fstat(number, &is) == nil && unix.Stat(os.DevNull, &null) == nil && is.Mode&unix.S_IFMT == unix.S_IFCHR && is.Rdev == null.Rdev
}
