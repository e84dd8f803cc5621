// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/config"
	"libws/core/metrics"
)

// What goes both ways is counted by messages and payload, whatever the way: corked,
// direct, from another thread, in fragments.
func TestServerCountsWhatPasses(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	x, port := h.listening(config.ConnOptions{}, echo)
	p := join(t, port)
	var messages, bytes uint64
	for _, size := range []int{0, 1, 125, 126, 2048, 2049, 65535, 65536, 65537} {
		must(t, p.send(ws.OpBinary, []byte(strings.Repeat("x", size))))
		if got, _, err := p.message(); err != nil || len(got) != size {
			t.Fatalf("%d bytes came back: %v", len(got), err)
		}
		messages++
		bytes += uint64(size)
	}
	eventually(t, func() error {
		s := x.server.Stats()
		want := metrics.ServerStats{Connections: 1, Peak: 1, Accepted: 1, Upgraded: 1,
			MessagesIn: messages, MessagesOut: messages, BytesIn: bytes, BytesOut: bytes}
		if s != want {
			return fmt.Errorf("counted %+v, not %+v", s, want)
		}
		return nil
	})
}
