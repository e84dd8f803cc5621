// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"

	"libws/core/border"
	"libws/core/config"
)

// Who waits for a stop that has begun hears its end with the one that began it; before and behind
// it there is nothing to wait for.
func TestAwaitStopHearsTheStopThatHasBegun(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{}, false, nil)
	s, ends := g.server.server, newMailbox[event]()
	await := func() bool {
		done := g.h.completion(ends.put)
		if s.AwaitStop(done) {
			return true
		}
		g.h.refused(done, errNotOpen)
		return false
	}
	if await() {
		t.Error("there is a stop before it began")
	}
	must2(t, g.server.stopServer(ends.put)) // it waits for the answer of the peer
	for range 2 {
		if !await() {
			t.Error("the stop has not begun")
		}
	}
	if code, _, err := g.peers[0].closing(); err != nil || code != 1001 {
		t.Errorf("code %d, %v", code, err)
	}
	g.peers[0].Close()
	for range 3 {
		if e := ends.take(t, "completion of the stop"); e.id != 0 || e.operation != border.OpServerStop {
			t.Errorf("%+v", e)
		}
	}
	if await() {
		t.Error("there is a stop behind its end")
	}
}
