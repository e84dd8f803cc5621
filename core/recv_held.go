// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/journal"
)

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
