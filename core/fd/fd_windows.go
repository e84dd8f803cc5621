// SPDX-License-Identifier: Apache-2.0

package fd

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// SOType is SO_TYPE of getsockopt.
const SOType = 0x1008

// Windows numbers sockets apart from files.
func refuse(uintptr) error { return nil }

// Exhausted: handles are as many as there is memory for.
func Exhausted() syscall.Errno { return 0 }

// Connected tells whether a handle is a stream socket of TCP that is connected.
func Connected(number int) bool {
	socket := windows.Handle(number)
	if kind, err := windows.GetsockoptInt(socket, windows.SOL_SOCKET, SOType); err != nil || kind != windows.SOCK_STREAM {
		return false
	}
	peer, err := windows.Getpeername(socket)
	switch peer.(type) {
	case *windows.SockaddrInet4, *windows.SockaddrInet6:
		return err == nil
	}
	return false
}

// Duplicate makes another handle of the same socket, which children do not inherit, for
// somebody else to close by closesocket.
func Duplicate(number uintptr) (int, error) {
	var info windows.WSAProtocolInfo
	if err := windows.WSADuplicateSocket(windows.Handle(number), windows.GetCurrentProcessId(), &info); err != nil {
		return -1, os.NewSyscallError("wsaduplicatesocket", err)
	}
	const fromInfo = -1
	own, err := windows.WSASocket(fromInfo, fromInfo, fromInfo, &info, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	return int(own), os.NewSyscallError("wsasocket", err)
}

// Share makes a Stream of a duplicate of a connected socket, which stays its owner's. It
// becomes one of the runtime's completion port, and so fails for one that has another.
func Share(number int) (Stream, error) {
	var handle windows.Handle
	self := windows.CurrentProcess()
	if err := windows.DuplicateHandle(self, windows.Handle(number), self, &handle, 0, false, windows.DUPLICATE_SAME_ACCESS); err != nil {
		return nil, os.NewSyscallError("duplicatehandle", err)
	}
	probed, _ := windows.GetsockoptInt(windows.Handle(number), windows.SOL_SOCKET, windows.SO_KEEPALIVE)
	file := os.NewFile(uintptr(handle), "socket")
	defer file.Close() // FileConn works on a duplicate, which is one of Winsock; this is a bare handle
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	tcp, is := conn.(*net.TCPConn)
	if !is {
		conn.Close()
		return nil, errors.New("it is no socket of TCP")
	}
	if probed == 0 {
		tcp.SetKeepAlive(false) // FileConn has switched it on
	}
	return tcp, nil
}

// Take makes a Stream of a connected socket, and takes it over: on failure it is closed.
func Take(number int) (Stream, error) {
	defer windows.Closesocket(windows.Handle(number))
	return Share(number)
}

// Pair are two sockets that are connected with each other, over loopback.
func Pair() (near, far Stream, err error) {
	loopback := net.IPv4(127, 0, 0, 1)
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: loopback})
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	one, err := net.DialTCP("tcp4", nil, listener.Addr().(*net.TCPAddr))
	if err != nil {
		return nil, nil, err
	}
	listener.SetDeadline(time.Now().Add(pairs))
	for {
		other, err := listener.AcceptTCP()
		if err != nil {
			one.Close()
			return nil, nil, err
		}
		if other.RemoteAddr().String() == one.LocalAddr().String() {
			return one, other, nil
		}
		other.Close() // somebody else on this host has connected meanwhile
	}
}

// pairs is how long a Pair may take: both ends are in this process.
const pairs = 10 * time.Second
