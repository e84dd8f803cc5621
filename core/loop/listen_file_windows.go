// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net"
	"syscall"
	"time"
)

// SocketFile is for systems with Unix sockets.
type SocketFile struct{}

// Remove does nothing; see SocketFile.
func (SocketFile) Remove() {}

// ListenFile cannot be done here: EOPNOTSUPP.
func ListenFile(string, uint32, int) (d Descriptor, file SocketFile, step string, errno syscall.Errno) {
	return d, file, "socket", EOPNOTSUPP
}

// Path is "": there are no Unix sockets.
func (d Descriptor) Path() string { return "" }

// KeepAlive has the system probe a peer that is silent for as long; 0: never.
func (d Descriptor) KeepAlive(idle time.Duration) {
	if tcp, is := d.conn.(*net.TCPConn); is {
		tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: idle > 0, Idle: idle})
	}
}
