// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// After a large message its memory is the system's again, when no other one comes.
func TestMemoryOfALargeMessageGoesBack(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	r.next(t, border.EventOpen)
	must(t, p.send(ws.OpBinary, make([]byte, 3<<20)))
	r.next(t, border.EventMessage)
	eventually(t, func() error {
		if n := h.engine.pool.Used(); n != 0 {
			return fmt.Errorf("%d bytes are in use", n)
		}
		return nil
	})
	eventually(t, func() error { // the buffer is kept by now, or no more
		if h.engine.pool.Trims() {
			return fmt.Errorf("some is kept")
		}
		return nil
	})
}
