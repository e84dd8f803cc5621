// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package loop

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"libws/tests/simulate/world"
)

// Descriptor and handle are numbers, as those of descriptor_unix.go.
type Descriptor int

type handle int32

func (d Descriptor) Close() {
	if f := world.File(int(d)); f != nil {
		f.Close()
	}
}

func (d Descriptor) LocalAddress() netip.AddrPort {
	if f := world.File(int(d)); f != nil {
		return f.Local
	}
	return netip.AddrPort{}
}

func (d Descriptor) PeerAddress() netip.AddrPort {
	if f := world.File(int(d)); f != nil {
		return f.Remote
	}
	return netip.AddrPort{}
}

func (d Descriptor) Path() string                    { return "" }
func (d Descriptor) Duplicate() (int, syscall.Errno) { return -1, EOPNOTSUPP }
func (d Descriptor) KeepAlive(time.Duration)         {}
func Given(int) (Descriptor, string, syscall.Errno)  { return -1, "fcntl", EOPNOTSUPP }

// Adoption is for hosts with sockets of their own, which this world does not have.
type Adoption struct{}

func Adopt(int) (a Adoption, step string, errno syscall.Errno) { return a, "", EOPNOTSUPP }
func (Adoption) PeerAddress() (a netip.AddrPort)               { return a }
func (Adoption) Leave()                                        {}
func (Adoption) Begin() (step string, errno syscall.Errno)     { return "", EOPNOTSUPP }
func (Adoption) Keep()                                         {}
func (Adoption) Ready() (d Descriptor)                         { return d }

func thisThread() int                     { return 1 }
func threadCPU(int) (time.Duration, bool) { return world.Now(), true }
func FileLimit() int64                    { return 4096 }

// Answer sends p as the only thing.
func (d Descriptor) Answer(p []byte) {
	f := world.File(int(d))
	if f == nil {
		return
	}
	f.Write(p)
	f.ShutdownWrite()
	var drop [4096]byte
	f.Read(drop[:])
}

// Attach makes a connection for a task that may wait.
func (d Descriptor) Attach() (Stream, error) {
	return &simulatedStream{Stream: world.Waiting(world.File(int(d)))}, nil
}

// simulatedStream is a stream of the simulated world that net would know.
type simulatedStream struct{ *world.Stream }

func (s *simulatedStream) SyscallConn() (syscall.RawConn, error) {
	return nil, errors.New("a simulated stream has no descriptor")
}

func (s *simulatedStream) LocalAddr() net.Addr  { return net.TCPAddrFromAddrPort(s.File().Local) }
func (s *simulatedStream) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(s.File().Remote) }

// Simulated makes a Stream of a socket.
func Simulated(f *world.Socket) Stream { return &simulatedStream{Stream: world.Waiting(f)} }

// Detach takes the socket out of a stream.
func Detach(c Stream) (Descriptor, error) {
	return Descriptor(c.(*simulatedStream).Leave()), nil
}

// Listen makes a socket that listens.
func Listen(address netip.AddrPort, _ int, _, _ bool) (Descriptor, string, syscall.Errno) {
	f, errno := world.Listen(address)
	if errno != 0 {
		return -1, "bind", errno
	}
	return Descriptor(f.Number), "", 0
}

// SocketFile is that of a Unix socket, of which there are none.
type SocketFile struct{}

func (SocketFile) Remove() {}

// ListenFile makes none.
func ListenFile(string, uint32, int) (Descriptor, SocketFile, string, syscall.Errno) {
	return -1, SocketFile{}, "socket", EOPNOTSUPP
}

// Spare stands for a descriptor that is kept.
type Spare struct{ held bool }

func (s *Spare) Take() { s.held = true }
func (s *Spare) Give() { s.held = false }
