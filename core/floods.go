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

// floods counts a ping or pong; true when it was one too many.
func (c *Conn) floods() bool {
	most := c.options().Floods.Controls
	if most == 0 {
		return false
	}
	if now := uint16(time.Now().Unix()); now != c.controls.second { // fits: it turns over, and only another second counts
		c.controls = controls{second: now}
	}
	if int(c.controls.count) < most {
		c.controls.count++
		return false
	}
	c.refused("more than %d pings and pongs in a second (max_control_frames)", most)
	return true
}

// crumbles counts the frames of a message; true when it has one too many.
func (c *Conn) crumbles(chunk *wire.Chunk) bool {
	most := c.options().Floods.Fragments
	if most == 0 {
		return false
	}
	rx := c.incoming()
	if chunk.Flags&wire.MessageStart != 0 {
		rx.frames = 0
	}
	if chunk.Flags&wire.FrameStart != 0 {
		rx.frames++
	}
	if rx.frames > most {
		c.refused("a message in more than %d frames (max_fragments)", most)
		return true
	}
	if chunk.Flags&wire.MessageEnd != 0 {
		rx.frames = 0
	}
	return false
}

// refused ends a connection whose peer has done what no rule forbids, but a limit.
func (c *Conn) refused(format string, most int) {
	e := &fault.Error{ID: fault.IDProtocol, Stage: dial.StageLimit, Text: fmt.Sprintf("%s sent "+format, c.peer.addr(), most)}
	c.afterHeard(nil, func() { c.fail(wire.ClosePolicy, e) })
}
