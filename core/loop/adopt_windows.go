// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net/netip"
	"syscall"

	"golang.org/x/sys/windows"

	"libws/core/fd"
)

// Adoption is a connected stream socket of somebody else, until it is clear whether it becomes
// ours: then Begin, Keep and Ready follow, else Leave.
type Adoption struct {
	theirs windows.Handle
	own    *Descriptor // a duplicate, in the runtime's completion port; from Begin on
}

// Adopt looks at a socket and changes nothing about it. EINVAL: it is no stream socket that is connected.
func Adopt(theirs int) (a Adoption, step string, errno syscall.Errno) {
	if !fd.Connected(theirs) {
		return a, "", EINVAL
	}
	return Adoption{windows.Handle(theirs), new(Descriptor)}, "", 0
}

// PeerAddress is the address at its other end.
func (a Adoption) PeerAddress() netip.AddrPort { return nameOf(windows.Getpeername(a.theirs)) }

// Leave leaves it to its owner, as it was unless Begin came first.
func (a Adoption) Leave() { a.own.Close() }

// Begin is the last step that may fail: its owner must not have given it to a completion port of
// his own, as it comes into the runtime's. On failure step says what failed.
func (a Adoption) Begin() (step string, errno syscall.Errno) {
	own, err := fd.Share(int(a.theirs))
	if err != nil {
		return "the completion port, of which a socket has one", number(err)
	}
	a.own.conn = own
	return "", 0
}

// Keep takes it from its owner.
func (a Adoption) Keep() { windows.Closesocket(a.theirs) }

// Ready is the socket as Accept gives one.
func (a Adoption) Ready() Descriptor { return *a.own }
