// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package loop

import (
	"net/netip"
	"syscall"
	"unsafe"

	"libws/tests/simulate/world"
)

// Read, Write and the others do what those of socket_linux.go do.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	world.Yield()
	f := world.File(int(s.fd))
	if f == nil {
		return 0, EBADF
	}
	return f.Read(p)
}

func (s *Socket) Write(p []byte) (int, syscall.Errno) {
	world.Yield()
	f := world.File(int(s.fd))
	if f == nil {
		return 0, EBADF
	}
	return f.Write(p)
}

func (s *Socket) WriteVector(v *Vector) (int, syscall.Errno) {
	world.Yield() // the list is read when the system is called
	all := make([]byte, 0, v.size)
	for _, p := range v.pieces {
		all = append(all, unsafe.Slice((*byte)(p.base), p.size)...)
	}
	return s.Write(all)
}

func (s *Socket) WriteTwo(first, second []byte) (int, syscall.Errno) {
	return s.Write(append(append(make([]byte, 0, len(first)+len(second)), first...), second...))
}

func (s *Socket) ShutdownWrite() {
	if s.loop != nil {
		world.File(int(s.fd)).ShutdownWrite()
	}
}

func (s *Socket) ShutdownBoth() bool {
	if s.loop != nil {
		world.File(int(s.fd)).ShutdownBoth()
	}
	return s.loop != nil
}

func (s *Socket) Writable() bool { return world.File(int(s.fd)).Writable() }

func (s *Socket) LocalAddress() netip.AddrPort { return Descriptor(s.fd).LocalAddress() }
func (s *Socket) PeerAddress() netip.AddrPort  { return Descriptor(s.fd).PeerAddress() }

// Await does nothing: to be told of less is never wrong.
func (s *Socket) Await(int) {}

func (s *Socket) Direct() (descriptor int32, ok bool) { return int32(s.fd), s.loop != nil }

func (s *Socket) Accept() (Descriptor, netip.AddrPort, syscall.Errno) {
	world.Yield()
	f := world.File(int(s.fd))
	if f == nil {
		return -1, netip.AddrPort{}, EBADF
	}
	a, errno := f.Accept()
	if errno != 0 {
		return -1, netip.AddrPort{}, errno
	}
	return Descriptor(a.Number), a.Remote, 0
}

// TellsUnacked says that the simulated system does.
const TellsUnacked = true

// Unacked is how many bytes are still on their way.
func (s *Socket) Unacked() (int, bool) {
	if s.loop == nil {
		return 0, false
	}
	return world.File(int(s.fd)).Unacked()
}
