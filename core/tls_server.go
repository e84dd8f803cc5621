// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/journal"
)

// SetCertificates replaces all certificates of a server that runs: handshakes that
// begin now show the new ones. When one of them cannot be used the old ones stay. Any
// thread.
func (s *Server) SetCertificates(pairs []dial.Pair) *fault.Error {
	locked := take(&s.mu)
	defer locked.end()
	state, tlsServer := s.state, s.tls
	locked.end()
	switch {
	case state == serverDestroyed:
		return fault.Refused(fault.IDHandle, "server: was destroyed")
	case state != serverStarted:
		return fault.Refused(fault.IDState, "server: is not started")
	case tlsServer == nil:
		return fault.Refused(fault.IDState, "server: was started without a certificate, so it does not speak TLS")
	case len(pairs) == 0:
		return fault.Refused(fault.IDParameter, "count: a server has at least one certificate")
	}
	err := tlsServer.Show(pairs)
	if err == nil {
		s.doubts(tlsServer)
		return nil
	}
	var bad *dial.InputError
	if !errors.As(err, &bad) {
		return fault.Input("certificates", err)
	}
	return config.PairRefused(fmt.Sprintf("certificates[%d].", bad.Pair), pairs[bad.Pair], bad)
}

// doubts logs what clients will not like of the certificates. No lock is held.
func (s *Server) doubts(a *dial.TLSServer) {
	for _, doubt := range a.Doubts(time.Now()) {
		s.engine.log(journal.Warn, "%s%s", s.engine.name("server", s.block), doubt)
	}
}

// part ends a stream whose handshake has failed so that the peer reads the alert that
// says why: closing with bytes unread would be a reset, which takes it away.
func (s *secure) part(ctx context.Context) {
	defer s.raw.Close()
	half, ok := s.raw.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { s.raw.Close() })()
	s.raw.SetDeadline(time.Now().Add(lingerTimeout))
	io.CopyN(io.Discard, struct{ io.Reader }{s}, lingerMax)
}
