// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/debug"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// pauses are the reasons why a connection is not read.
type pauses uint8

const (
	pausedByHost    pauses = 1 << iota // ws_pause
	pausedByQueue                      // the host's queue has no room
	pausedByMark                       // the host's queue has not come to an EventMark
	pausedByMemory                     // memory is short, see relief
	pausedByRequest                    // the host has not answered a request
)

// Pause stops reading: the peer feels it through TCP. Events of the running
// batch are kept for Resume; the host holds them back by itself. Any thread.
func (c *Conn) Pause() *fault.Error { return c.setPaused(pausedByHost, true) }

// Resume delivers what Pause held back and reads again. Any thread.
func (c *Conn) Resume() *fault.Error { return c.setPaused(pausedByHost, false) }

// QueueNotFull reads again after RecordFull; there is one call for each. Any thread; it takes
// effect after the batch whose record was marked. A next batch may have been marked by
// then, whose QueueNotFull is still to come: so they are counted.
func (c *Conn) QueueNotFull() {
	c.w.loop.Post(func() { c.queueFull(-1) })
}

// queueFull counts the marks for which there was no room yet. The loop's.
func (c *Conn) queueFull(marks int) {
	if c.phase == phaseReleased {
		return
	}
	h := &c.rare.need().held
	h.full += marks
	c.setPaused(pausedByQueue, h.full > 0)
}

func (c *Conn) setPaused(why pauses, paused bool) *fault.Error {
	debug.Point("pause")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return c.server.stale()
	}
	c.w.checkOwner(c, "a pause")
	if c.paused.set(c.block, why, paused) && c.block.Posts(border.LifePostedPause) {
		c.w.loop.Post(c.pauseChanged)
	}
	return nil
}

// post asks the loop for a task of Block.Life, as which h comes to it, unless that is on its way. c.mu is held.
func (c *Conn) post(task uint32, h happening) {
	if c.block.Posts(task) {
		c.w.loop.Post(func() { c.begins(task, h) })
	}
}

// set adds or removes reasons, and tells whether that has changed anything. What the host and
// the loop have to know without a lock is in the block, nil before there is one. Conn.mu is
// held.
func (p *pauses) set(b *border.Block, why pauses, paused bool) (changed bool) {
	before := *p
	if *p |= why; !paused {
		*p &^= why
	}
	if b != nil {
		b.Says(border.LifePaused, *p&pausedByHost != 0)
		b.Says(border.LifeUnread, *p != 0)
	}
	return *p != before
}

// pauseChanged brings the socket and the held events in line with paused.
func (c *Conn) pauseChanged() {
	debug.Point("task")
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	c.w.checkOwner(c, "a pause on its loop")
	begun := take(&c.mu)
	defer begun.end()
	c.block.Begins(border.LifePostedPause) // who pauses from here on asks for another
	paused := c.paused
	begun.end()
	if v := c.rare.watched(); v != nil {
		v.pauseChanged(paused != 0)
	}
	if paused&pausedByHost == 0 {
		if c.rare.Load().keepsBack() {
			c.w.flush() // what the batch has of the connection came later: it is held, too
		}
		c.w.deliverHeld(c, 0)
		c.w.resumed(c.block)
		if c.phase == phaseDelivering && !c.block.Queued() {
			// Its end is acted on, unless the callbacks of what was held have paused it again.
			if c.w.flush(); !c.rare.Load().keepsBack() {
				c.meets(onDelivered, nil)
			}
		}
		if c.phase == phaseReleased {
			return
		}
	}
	locked := take(&c.mu)
	defer locked.end()
	if c.sock.Open() && (c.phase == phaseHead || c.phase >= phaseAsked && c.phase <= phaseLingering) {
		// A socket that was suspended does not know what it has to send.
		c.watch(c.sock.WatchesOut() || c.tx != nil && !c.tx.empty())
	}
	paused = c.paused
	locked.end()
	if paused == 0 && c.sock.Open() {
		c.readOn() // bytes inside crypto/tls and a hang-up are not reported again
	}
}

// watch sets what the loop reports. c.mu is held.
func (c *Conn) watch(out bool) { c.sock.Watch(c.paused == 0, out) }

// stopped tells whether the connection must not be read now; events is what epoll
// says. A hang-up of a paused connection leaves epoll, which would report it for
// ever; reading after resume finds it again. Anything less stays: what waits to
// be sent needs its Out.
func (c *Conn) stopped(events int) bool {
	if c.phase == phaseOpen && !c.block.Unread() {
		return c.rare.Load().keepsBack() // as below
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paused == 0 {
		return c.rare.Load().keepsBack() // pauseChanged is on its way: what is held comes first
	}
	if events&loop.Hup != 0 {
		c.sock.Suspend()
	}
	return true
}

// resumed tells the queue of a handle that it need not hold events back any
// longer.
func (w *worker) resumed(b *border.Block) {
	if b.Queued() {
		w.records = append(w.records, border.Record{Slot: b.Slot, Type: border.EventResumed})
		w.named(len(w.records) - 1)
	}
}

// marked acts on what the host wrote into the records of a batch.
func (w *worker) marked(records []border.Record) {
	for i := range records {
		r := &records[i]
		c := w.engine.host.Connection(r.Slot)
		if c == nil {
			continue
		}
		was := w.current
		w.current = c
		if r.Flags&border.RecordHeld != 0 {
			c.rare.need().held.keep(w, r)
		}
		if r.Flags&border.RecordFull != 0 {
			c.queueFull(+1)
		}
		if r.Flags&border.RecordLost != 0 { // records may follow, for which it is too early
			w.after = append(w.after, func() {
				w.current = c
				c.meets(onMessageLost, nil)
			})
		}
		w.current = was
	}
}

// heldBack is what a pause keeps for later. The loop's.
type heldBack struct {
	events []heldEvent
	full   int // how often the host's queue was full and has had no room since
}

// heldEvent is an event of a paused connection that was already in a batch.
type heldEvent struct {
	kind    border.Event
	message uint8
	flags   uint16
	payload []byte // of the pool; nil: none
	detail  border.Detail
	reason  string
	body    string
	texts   [4]string // of border.Detail.texts
}

// keep copies a record out of the batch of w.
func (h *heldBack) keep(w *worker, r *border.Record) {
	e := heldEvent{kind: r.Type, message: r.MessageType, flags: r.Flags &^ border.RecordHeld}
	if p := r.Payload(); p != nil {
		b, err := w.engine.pool.Force(len(p))
		if err != nil {
			w.current.log(journal.Error, "a held message was lost: %v", err)
			return
		}
		e.payload = append(b, p...)
	}
	if r.Detail != 0 {
		d := border.Memory(r.Detail, uint32(border.DetailSize))
		e.detail = *(*border.Detail)(border.Pointer(d))
		e.reason = string(border.Memory(e.detail.Reason, e.detail.ReasonSize))
		e.body = string(border.Memory(e.detail.Body, e.detail.BodySize))
		for i, text := range e.detail.Texts() {
			e.texts[i] = border.CString(*text)
		}
	}
	h.events = append(h.events, e)
}

// take takes all away.
func (h *heldBack) take() []heldEvent {
	events := h.events
	h.events = nil
	return events
}

// keepsBack tells whether events wait for resume; r may be nil. The loop's.
func (r *rare) keepsBack() bool { return r != nil && r.held.events != nil }

// deliverHeld puts held events of c into the batch, in their order, before anything new of it; of one that was destroyed with flags of RecordFinal: messages are dropped, the ends
// remain.
func (w *worker) deliverHeld(c *Conn, flags uint16) {
	rare := c.rare.Load()
	if c.block == nil {
		return
	}
	c.block.Says(border.LifeHeld, false)
	if rare == nil {
		return
	}
	for _, e := range rare.held.take() {
		if e.payload != nil {
			w.release = append(w.release, e.payload)
		}
		if e.kind == border.EventMessage {
			if flags == 0 {
				w.piece(c, e.message == 1, e.payload, e.flags)
			}
			continue
		}
		if e.kind == border.EventDestroyed {
			w.ended = append(w.ended, c)
		} else if flags != 0 && e.kind != border.EventClose {
			continue
		}
		e.detail.Reason, e.detail.Body = w.text(e.reason), w.text(e.body)
		for i, text := range e.detail.Texts() {
			*text = w.text(e.texts[i])
		}
		if e.payload == nil {
			w.notice(c.block.Slot, e.kind, flags, e.detail)
		} else {
			w.tell(c.block.Slot, e.kind, flags, e.detail, e.payload)
		}
	}
}
