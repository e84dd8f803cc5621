// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"fmt"
	"time"

	"libws/core/config"
	"libws/core/fault"
	"libws/tests/simulate/world"
)

// relaying gives a server a relay, or takes it off. What the relay gets is whole and in the order of the
// server, interests take turns, and it is over before the run is.
func (r *run) relaying(s *Server, size int) {
	if size%5 == 0 {
		s.EndRelay()
		return
	}
	o := config.Relay{Interest: size%2 == 0, MaxMessages: int64(size % 7), Drain: time.Duration(size%3) * time.Millisecond}
	err := s.SetRelay(o, func(x *Relay) *fault.Error {
		r.relays++
		world.Go("relay", func() { r.relayed(x, size) })
		return nil
	})
	r.model.events[fmt.Sprintf("relay %v", err == nil)]++
}

// relayed is the thread of a relay.
func (r *run) relayed(x *Relay, size int) {
	wanted := map[string]bool{}
	for item, some := x.Next(); some; item, some = x.Next() {
		r.model.events["relay gets"]++
		key := fmt.Sprint(item.Name, item.Pattern)
		switch {
		case item.Name == "" && len(item.Data) > 0 && bytes.Count(item.Data, []byte{0xee}) == len(item.Data):
			world.Fail("a relay gets what its publisher has written over")
		case item.Name != "" && wanted[key] == item.Begins:
			world.Fail("a relay is to know twice that %q begins, or ends", item.Name)
		case item.Name != "":
			wanted[key] = item.Begins
		}
		if size%11 == 0 {
			x.server.EndRelay()
		}
	}
	r.relays--
	x.Over()
}
