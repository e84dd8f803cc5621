// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
)

// A peer that does not read must not cost megabytes of kernel memory.
func TestKernelTakesLittleForAPeerThatDoesNotRead(t *testing.T) {
	t.Parallel()
	listener, _, errno := Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1, false, false)
	if errno != 0 {
		t.Fatal(errno)
	}
	defer listener.Close()
	tcp, err := net.Dial("tcp", listener.LocalAddress().String())
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	if err := tcp.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	fd, _, err := syscall.Accept4(int(listener), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	taken, piece := 0, make([]byte, 16<<10)
	for {
		n, err := syscall.Write(fd, piece)
		if err == syscall.EAGAIN {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		taken += n
	}
	if taken > 2*unsentMax {
		t.Errorf("the kernel took %d bytes", taken)
	}
}
