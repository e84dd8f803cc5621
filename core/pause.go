// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"

	"libws/core/fault"
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

// heldEvent is an event of a paused connection that was already in a batch.
type heldEvent struct {
	kind    Event
	message uint8
	flags   uint16
	payload []byte // of the pool; nil: none
	detail  Detail
	reason  string
	texts   [4]string // of Detail.texts
}

// Pause stops reading: the peer feels it through TCP. Events of the running
// batch are kept for Resume; the host holds them back by itself. Any thread.
func (c *Conn) Pause() *fault.Error { return c.setPaused(pausedByHost, true) }

// Resume delivers what Pause held back and reads again. Any thread.
func (c *Conn) Resume() *fault.Error { return c.setPaused(pausedByHost, false) }

// QueueRoom reads again after RecordFull; there is one call for each. Any thread; it takes
// effect after the batch whose record was marked. A next batch may have been marked by
// then, whose QueueRoom is still to come: so they are counted.
func (c *Conn) QueueRoom() {
	c.w.loop.Post(func() { c.queueFull(-1) })
}

// queueFull counts the marks for which there was no room yet. The loop's.
func (c *Conn) queueFull(marks int) {
	if c.phase == phaseReleased {
		return
	}
	r := c.needRare()
	r.full += marks
	c.setPaused(pausedByQueue, r.full > 0)
}

func (c *Conn) setPaused(why pauses, paused bool) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return c.stale()
	}
	before := c.paused
	if paused {
		c.storePaused(c.paused | why)
	} else {
		c.storePaused(c.paused &^ why)
	}
	if c.paused&pausedByHost != 0 {
		atomic.OrUint32(&c.block.life, lifePaused)
	} else {
		atomic.AndUint32(&c.block.life, ^uint32(lifePaused))
	}
	if c.paused != before {
		c.post(lifePostedPause, c.pauseChanged)
	}
	return nil
}

// storePaused changes paused, and what of it the loop reads without a lock. c.mu is held.
func (c *Conn) storePaused(p pauses) {
	c.paused = p
	if b := c.block; b == nil {
	} else if p != 0 {
		atomic.OrUint32(&b.life, lifeUnread)
	} else {
		atomic.AndUint32(&b.life, ^uint32(lifeUnread))
	}
}

// pauseChanged brings the socket and the held events in line with paused.
func (c *Conn) pauseChanged() {
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	paused := c.beginPause()
	if v := c.watched(); v != nil {
		v.pauseChanged(paused != 0)
	}
	if paused&pausedByHost == 0 {
		if c.keepsBack() {
			c.w.flush() // what the batch has of the connection came later: it is held, too
		}
		c.deliverHeld(0)
		c.w.resumed(c.block)
		c.heardHeld()
		if c.phase == phaseReleased {
			return
		}
	}
	held := take(&c.mu)
	defer held.end()
	if c.sock.Open() && (c.phase == phaseHead || c.phase >= phaseAsked && c.phase <= phaseDraining) {
		// A socket that was suspended does not know what it has to send.
		c.watch(c.sock.WatchesOut() || c.tx != nil && !c.tx.empty())
	}
	paused = c.paused
	held.end()
	if paused == 0 && c.sock.Open() {
		c.readOn() // bytes inside crypto/tls and a hang-up are not told again
	}
}

// watch sets what the loop reports. c.mu is held.
func (c *Conn) watch(out bool) { c.sock.Watch(c.paused == 0, out) }

// pauses are the reasons why the connection is not read now.
func (c *Conn) pauses() pauses {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.paused
}

// beginPause is pauses at the begin of pauseChanged. Who pauses from here on asks for another.
func (c *Conn) beginPause() pauses {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begins(lifePostedPause)
	return c.paused
}

// stopped tells whether the connection must not be read now; events is what epoll
// says. A hang-up of a paused connection leaves epoll, which would report it for
// ever; reading after resume finds it again. Anything less stays: what waits to
// be sent needs its Out.
func (c *Conn) stopped(events int) bool {
	if c.phase == phaseOpen && !c.block.unread() {
		return c.keepsBack() // as below
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paused == 0 {
		return c.keepsBack() // pauseChanged is on its way: what is held comes first
	}
	if events&loop.Hup != 0 {
		c.sock.Suspend()
	}
	return true
}

// resumed tells the queue of a handle that it need not hold events back any
// longer.
func (w *worker) resumed(b *Block) {
	if b.queued() {
		w.records = append(w.records, Record{Slot: b.Slot, Type: EventResumed})
	}
}

// marked acts on what the host wrote into the records of a batch.
func (w *worker) marked(records []Record) {
	for i := range records {
		r := &records[i]
		c := w.engine.host.Connection(r.Slot)
		if c == nil {
			continue
		}
		was := w.current
		w.current = c
		if r.Flags&RecordHeld != 0 {
			c.hold(r)
		}
		if r.Flags&RecordFull != 0 {
			c.queueFull(+1)
		}
		if r.Flags&RecordLost != 0 { // records may follow, for which it is too early
			w.after = append(w.after, c.messageLost)
		}
		w.current = was
	}
}

// hold copies a record out of the batch.
func (c *Conn) hold(r *Record) {
	e := heldEvent{kind: r.Type, message: r.MessageType, flags: r.Flags &^ RecordHeld}
	if p := r.payload(); p != nil {
		b, err := c.w.engine.pool.Force(len(p))
		if err != nil {
			c.log(LogError, "a held message was lost: %v", err)
			return
		}
		e.payload = append(b, p...)
	}
	if r.Detail != 0 {
		d := memory(r.Detail, uint32(detailSize))
		e.detail = *(*Detail)(pointer(d))
		e.reason = string(memory(e.detail.Reason, e.detail.ReasonSize))
		for i, text := range e.detail.texts() {
			e.texts[i] = cString(*text)
		}
	}
	rare := c.needRare()
	rare.held = append(rare.held, e)
}

// deliverHeld puts held events into the batch, in their order, before anything
// new of the connection.
func (c *Conn) deliverHeld(flags uint16) {
	w, rare := c.w, c.rare.Load()
	if c.block == nil {
		return
	}
	atomic.AndUint32(&c.block.life, ^uint32(lifeHolding))
	if rare == nil {
		return
	}
	events := rare.held
	rare.held = nil
	for _, e := range events {
		if e.payload != nil {
			w.release = append(w.release, e.payload)
		}
		if e.kind == EventMessage {
			if flags == 0 {
				w.piece(c, e.message == 1, e.payload, e.flags)
			}
			continue
		}
		if e.kind == EventDestroyed {
			w.ended = append(w.ended, c)
		} else if flags != 0 && e.kind != EventClose {
			continue
		}
		e.detail.Reason, e.detail.Body = w.text(e.reason), w.none
		for i, text := range e.detail.texts() {
			*text = w.text(e.texts[i])
		}
		if e.payload == nil {
			w.notice(c.block.Slot, e.kind, flags, e.detail)
		} else {
			w.tell(c.block.Slot, e.kind, flags, e.detail, e.payload)
		}
	}
}

// flushHeld is deliverHeld for a connection that was destroyed: messages are
// dropped, the ends remain.
func (c *Conn) flushHeld() { c.deliverHeld(RecordFinal) }

// checkMarks reports that the queue has drained. c.mu is held.
func (c *Conn) checkMarks() {
	buffered := int64(c.block.Buffered())
	if buffered > c.options().HighWater {
		c.high = true
	}
	if c.high && buffered <= c.options().LowWater {
		c.high = false
		if c.block.State() == Open {
			c.post(lifePostedDrain, c.drained)
		}
	}
}

func (c *Conn) drained() {
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	c.began(lifePostedDrain)
	if c.phase == phaseOpen {
		c.w.notice(c.block.Slot, EventDrain, 0, c.w.detail())
	}
}
