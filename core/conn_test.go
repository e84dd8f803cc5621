// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync"
	"testing"

	"libws/core/wire"
)

// Whoever needs the rare part first makes it; what nobody has needed is not there.
func TestWhatFewConnectionsNeedIsMadeOnce(t *testing.T) {
	t.Parallel()
	var p rarely
	if p.client() != nil || p.compression() != nil || p.tallied() != nil || p.watched() != nil || p.member() != nil || p.posts() != nil || p.skips() || p.Load() != nil {
		t.Error("a connection of which nothing was asked has a rare part")
	}
	var made [8]*rare
	var running sync.WaitGroup
	for i := range made {
		running.Go(func() { made[i] = p.need() })
	}
	running.Wait()
	for _, r := range made {
		if r == nil || r != p.Load() {
			t.Fatal("two threads have made a rare part each")
		}
	}
	if p.member() != &made[0].member || p.posts() != &made[0].posts {
		t.Error("what is in it is not what is asked for")
	}
	made[0].skipping.on = true
	if !p.skips() {
		t.Error("a message that is skipped is not seen")
	}
}

func TestAConnectionWithoutAServerIsAClient(t *testing.T) {
	t.Parallel()
	var none *Server
	if none.role() != wire.Client || new(Server).role() != wire.Server || none.shard(nil) != nil {
		t.Error("the roles are mixed up")
	}
}
