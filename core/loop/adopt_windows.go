// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"libws/core/fd"
)

// Adoption is a connected stream socket of somebody else, until it is clear whether it becomes
// ours: then Keep and Ready follow, else Leave.
type Adoption struct {
	theirs windows.Handle
	own    Descriptor // a duplicate, in the runtime's completion port
}

// Adopt looks at a socket, which its owner must not have given to a completion port: it is in the
// runtime's from now on. EINVAL: it is no stream socket that is connected. On other failures step
// says what failed.
func Adopt(theirs int) (a Adoption, step string, errno syscall.Errno) {
	if !fd.Connected(theirs) {
		return a, "", EINVAL
	}
	own, err := fd.Share(theirs)
	if err != nil {
		return a, "the completion port, of which a socket has one", number(err)
	}
	return Adoption{windows.Handle(theirs), Descriptor{conn: own}}, "", 0
}

// PeerAddress is the address at its other end.
func (a Adoption) PeerAddress() netip.AddrPort { return a.own.PeerAddress() }

// Leave leaves it to its owner, who may give it to a completion port where Windows is 8.1 or newer.
func (a Adoption) Leave() {
	raw, err := a.own.conn.SyscallConn()
	if err == nil {
		raw.Control(func(socket uintptr) {
			var none [2]uintptr // FILE_COMPLETION_INFORMATION: its port and key
			var status windows.IO_STATUS_BLOCK
			windows.NtSetInformationFile(windows.Handle(socket), &status, (*byte)(unsafe.Pointer(&none)), uint32(unsafe.Sizeof(none)),
				windows.FileReplaceCompletionInformation)
		})
	}
	a.own.Close()
}

// Keep takes it from its owner.
func (a Adoption) Keep() { windows.Closesocket(a.theirs) }

// Ready is the socket as Accept gives one.
func (a Adoption) Ready() Descriptor { return a.own }
