// SPDX-License-Identifier: Apache-2.0

//go:build unix

package dial

import (
	"errors"
	"syscall"
	"testing"
)

func TestConnectSwitchesNoDelayOn(t *testing.T) {
	t.Parallel()
	_, u := listen(t, "127.0.0.1:0")
	conn, err := Connect(within(t), u, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if !noDelay(t, conn) {
		t.Error("TCP_NODELAY is off")
	}
}

// noDelay reads TCP_NODELAY of a socket.
func noDelay(t *testing.T, conn Socket) bool {
	t.Helper()
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var value int
	var failed error
	err = raw.Control(func(fd uintptr) {
		value, failed = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_NODELAY)
	})
	if err = errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	return value != 0
}
