// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/border"

// sendOutbox sends what the callbacks of the batch left, one system call per
// connection. The loop's thread, also from inside a callback whose outbox is
// full.
func (w *worker) sendOutbox() {
	if len(w.holding) > 0 {
		w.letAllGo()
	}
	if w.box.Empty() {
		return
	}
	// What the kernel does not take is counted again when it is copied.
	w.engine.pool.Count(-int(w.box.Claimed)) // fits: they are in memory
	w.box.Claimed = 0
	segments := w.box.List()
	for i := 1; i < len(segments); i++ {
		if segments[i].Head&border.HeadFirst != 0 {
			if c := w.engine.host.Connection(segments[i].Slot); c != nil {
				w.uncork(c, segments, uint32(i)) // fits: an outbox has room for 4096
			}
		}
	}
	w.box.Reset()
}

// uncork sends what c has in the outbox. A panic must not keep what others have there, nor
// send it twice. The end of c has to wait: a batch may be in the hands of the host.
func (w *worker) uncork(c *Conn, segments []border.Segment, head uint32) {
	defer w.sendingBroke(c)
	c.uncork(segments, head)
}

// sendingBroke is deferred by who sends what callbacks of a batch have sent.
func (w *worker) sendingBroke(c *Conn) {
	if v := recover(); v != nil {
		w.engine.Panicked("sending what callbacks left", v)
		w.loop.Post(func() { c.broke(v) })
	}
}
