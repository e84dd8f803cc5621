// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/wire"
)

// controls counts the control frames of a peer. It lies in every idle connection, so the
// numbers are small: a second comes again after 18 hours, and that does no harm.
type controls struct {
	second uint16
	count  uint16 // in that second
}

// flood counts a ping or pong; true when it was one more than most, 0 for any, in a second.
func (n *controls) flood(most int) bool {
	if most == 0 {
		return false
	}
	if now := uint16(time.Now().Unix()); now != n.second { // fits: it turns over, and only another second counts
		*n = controls{second: now}
	}
	if int(n.count) < most {
		n.count++
		return false
	}
	return true
}

// crumbles counts the frames of a message; true when it has one too many.
func (c *Conn) crumbles(chunk *wire.Chunk) bool {
	most := c.options().Floods.Fragments
	if most == 0 || !c.incoming().crumbles(chunk, most) {
		return false
	}
	c.refused("a message in more than %d frames (max_fragments)", most)
	return true
}

// refused ends a connection whose peer has done what no rule forbids, but a limit.
func (c *Conn) refused(format string, most int) {
	e := &fault.Error{ID: fault.IDProtocol, Stage: dial.StageLimit, Text: fmt.Sprintf("%s sent "+format, c.peer.addr(), most)}
	c.afterHeard(nil, func() { c.fail(wire.ClosePolicy, e) })
}
