// SPDX-License-Identifier: Apache-2.0

package loop

// table maps slots to the handlers of registered sockets. The loop's thread
// only. Chunks keep it from copying itself while it grows.
type table struct {
	chunks []*[1024]entry
	free   int32 // 1 + first free slot, 0: none
	made   int32
}

// entry is a slot; its generation grows at each release, so that an event that
// was already fetched for the former owner finds nobody.
type entry struct {
	handler    Handler
	generation uint32
	next       int32 // free list, as table.free
}

func (t *table) at(slot int32) *entry { return &t.chunks[slot>>10][slot&1023] }

func (t *table) put(h Handler) (slot int32, generation uint32) {
	if t.free != 0 {
		slot = t.free - 1
		t.free = t.at(slot).next
	} else {
		slot = t.made
		if int(slot>>10) == len(t.chunks) {
			t.chunks = append(t.chunks, new([1024]entry))
		}
		t.made++
	}
	e := t.at(slot)
	e.handler = h
	return slot, e.generation
}

func (t *table) lookup(slot int32, generation uint32) Handler {
	if slot < 0 || slot >= t.made {
		return nil
	}
	if e := t.at(slot); e.generation == generation {
		return e.handler
	}
	return nil
}

func (t *table) release(slot int32) {
	e := t.at(slot)
	e.handler = nil
	e.generation++
	e.next = t.free
	t.free = slot + 1
}

// each calls f with every handler.
func (t *table) each(f func(Handler)) {
	for slot := range t.made {
		if h := t.at(slot).handler; h != nil {
			f(h)
		}
	}
}
