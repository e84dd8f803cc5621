// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"net"
	"strings"
	"syscall"

	"libws/core/fd"
)

// lookUpError is a *net.DNSError in the words of who has named the host already.
type lookUpError struct {
	dns   *net.DNSError
	errno syscall.Errno // of the system, 0 for none
}

// explain makes err a lookUpError when it is one of looking up a name.
func explain(err error) error {
	var dns *net.DNSError
	if !errors.As(err, &dns) {
		return err
	}
	e := &lookUpError{dns: dns}
	// package net keeps the text of the system's error only.
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE} {
		if strings.Contains(dns.Err, errno.Error()) {
			e.errno = errno
		}
	}
	if e.errno == 0 && !dns.IsTimeout { // libc, and whoever cannot read its files, says "no such host" then
		e.errno = fd.Exhausted()
	}
	return e
}

func (e *lookUpError) Error() string {
	text := "looking up the name: "
	switch {
	case e.errno != 0:
		return text + e.errno.Error() + ": a look-up needs descriptors, and there are none left"
	case e.dns.Server != "":
		return text + e.dns.Err + "; " + e.dns.Server + " was asked"
	}
	return text + e.dns.Err
}

// Unwrap gives the *net.DNSError, and the error of the system.
func (e *lookUpError) Unwrap() []error {
	if e.errno != 0 {
		return []error{e.dns, e.errno}
	}
	return []error{e.dns}
}
