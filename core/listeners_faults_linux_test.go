// SPDX-License-Identifier: Apache-2.0

package core

import (
	"syscall"
	"testing"
)

// Each loop accepts for its own listeners, and the events of a server are its home's.
func TestDescriptorsThatRunOutAreToldFromEveryLoop(t *testing.T) {
	t.Parallel()
	h, r := start(t, Config{Loops: 2}), newRecorder()
	s := h.newServer(ConnOptions{}, r.listen)
	s.startAt(t, ListenerOptions{IP: "127.0.0.1", Loops: 1}, ListenerOptions{IP: "127.0.0.1", FirstLoop: 1})
	for _, l := range s.server.listeners {
		if l.w != s.server.home {
			l.w.loop.Post(func() { l.exhausted(syscall.EMFILE) })
		}
	}
	if e := r.next(t, EventError); e.errno != int32(syscall.EMFILE) || e.x != s {
		t.Errorf("told was %+v", e.event)
	}
}
