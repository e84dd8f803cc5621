// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/fault"
)

// What callbacks of a batch send leaves in one system call also where the host cannot cork it
// itself: compressed messages, such as have a completion, and those of connections that are
// counted one by one. The first of them holds the connection: as behind corked frames, what
// anybody sends from then on is queued, or follows unencrypted (tls_cork.go), until the batch ends.

// SendInside is Send for who is called back by the loop of c.
func (c *Conn) SendInside(op ws.OpCode, data []byte, done border.Completion) *fault.Error {
	if c.server != nil && len(data) <= corkMax && !c.keepsWhole() && c.block.Hold() {
		c.w.holding = append(c.w.holding, c)
	}
	return c.Send(op, data, done)
}

// unhold sends what was sent while c was held. The loop's thread.
func (c *Conn) unhold() {
	if s := c.tls.Load(); s != nil {
		c.uncorkSecure(s, nil, 0)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block.Clear(border.OutCorked | border.OutHeld)
	c.flushQueue(&c.w.vector)
}

// letGo is uncork for who is held.
func (w *worker) letGo(c *Conn) {
	defer w.sendingBroke(c)
	c.unhold()
}

// letAllGo ends what SendInside began. The loop's thread.
func (w *worker) letAllGo() {
	for i, c := range w.holding {
		w.holding[i] = nil
		w.letGo(c)
	}
	w.holding = w.holding[:0]
}
