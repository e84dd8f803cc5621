// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"crypto/tls"
	"errors"
	"syscall"

	"libws/core/dial"
)

// lastAlert replaces the error of a write by the alert of the peer that explains it,
// if there is one. In TLS 1.3 a server judges the client's certificate when the
// client's handshake is over (RFC 8446 4.4.2.4): it sends an alert and resets, the
// upgrade request cannot be written, and the alert waits to be read. A socket that
// is reset gives what it has and then an error, so the read does not wait.
func lastAlert(conn *tls.Conn, err error) error {
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
		return err
	}
	var b [1]byte
	if _, last := conn.Read(b[:]); last != nil {
		if _, ok := dial.Alert(last); ok {
			return last
		}
	}
	return err
}
