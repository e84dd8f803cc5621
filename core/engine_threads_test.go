// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// shortOfThreads is a system that gives none while it is true.
type shortOfThreads struct{ atomic.Bool }

func (*shortOfThreads) Provide(_, processors int) (int, error) { return processors, nil }
func (s *shortOfThreads) Short() bool                          { return s.Load() }

func TestNamesAreLookedUpWhileThreadsAreShort(t *testing.T) {
	threads := &shortOfThreads{}
	threads.Store(true)
	url := foreign(t, func(p *peer) error { return p.send(ws.OpClose, ws.NewCloseFrameBody(1001, "")) })
	h, r := start(t, config.Library{Threads: threads}), newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connect(strings.Replace(url, "127.0.0.1", "localhost", 1), nil); err != nil {
		t.Fatal(err)
	}
	r.nextOf(t, deadline, border.EventOpen)
}
