// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <stdlib.h>
#include <queue.h>
#include <front.h>

static void wsx_log(ws_log_callback log, int32_t level, const char *line, void *user_data)
{
	wsx_thread *self = wsx_this_thread;
	bool stepped = wsx_step_out(self);
	log(level, line, user_data);
	wsx_step_in(self, stepped);
}
*/
import "C"

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"libws/core"
	"libws/core/border"
	"libws/core/debug"
	"libws/core/fault"
	"libws/core/journal"
)

// host is the C side as core sees it; see core.Host.
type host struct {
	log      C.ws_log_callback
	logUser  unsafe.Pointer // C memory or any value; handed back only
	printing bool           // the environment wants the log on stderr; then log is nil
	conns    connections

	mu      sync.RWMutex
	servers map[uint64]*core.Server // by handle; guarded by mu
}

// connections maps slots to connections. Chunks are never moved, so that a read
// needs no lock.
type connections struct {
	mu     sync.Mutex // guards growing
	chunks atomic.Pointer[[]*connectionChunk]
}

type connectionChunk [1024]atomic.Pointer[core.Conn]

func (t *connections) at(slot uint32) *core.Conn {
	chunks := t.chunks.Load()
	if chunks == nil || int(slot>>10) >= len(*chunks) {
		return nil
	}
	return (*chunks)[slot>>10][slot&1023].Load()
}

func (t *connections) put(slot uint32, c *core.Conn) {
	chunks := t.chunks.Load()
	if chunks == nil || int(slot>>10) >= len(*chunks) {
		chunks = t.grow(slot)
	}
	(*chunks)[slot>>10][slot&1023].Store(c)
}

// grow makes room for a slot.
func (t *connections) grow(slot uint32) *[]*connectionChunk {
	t.mu.Lock()
	defer t.mu.Unlock()
	var grown []*connectionChunk
	if chunks := t.chunks.Load(); chunks != nil {
		grown = append(grown, *chunks...)
	}
	for len(grown) <= int(slot>>10) {
		grown = append(grown, new(connectionChunk))
	}
	t.chunks.Store(&grown)
	return &grown
}

func (h *host) Dispatch(loop uint32, records []border.Record, box *border.Outbox) (unheard, marked uint32) {
	outcome := C.wsx_dispatch(C.uint32_t(loop), (*C.wsx_record)(unsafe.Pointer(&records[0])), C.uint32_t(len(records)),
		(*C.wsx_outbox)(unsafe.Pointer(box)))
	return uint32(outcome.unheard), uint32(outcome.marked)
}

func (h *host) Adopt(c *core.Conn, server *border.Block) bool {
	h.tellRefusals()
	block := acquire(C.WSX_KIND_ACCEPTED, server.Slot)
	if block == nil {
		return false
	}
	c.Bind(block)
	h.conns.put(block.Slot, c)
	return true
}

func (h *host) Connection(slot uint32) *core.Conn { return h.conns.at(slot) }

func (h *host) Lane(slot uint32) *border.Lane {
	return (*border.Lane)(unsafe.Pointer(C.wsx_lane_of(C.uint32_t(slot))))
}

func (h *host) Release(b *border.Block) {
	debug.Point("leave")
	if h.conns.at(b.Slot) != nil {
		h.conns.put(b.Slot, nil)
	} else {
		h.removeServer(b.Handle)
	}
	release(b)
}

func (h *host) addServer(handle uint64, s *core.Server) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.servers[handle] = s
}

func (h *host) removeServer(handle uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.servers, handle)
}

func (h *host) Allowed(url string) bool {
	return bool(C.wsx_url_allowed((*C.char)(cText(url))))
}

func (h *host) Posted(queue uint64, done border.Completion, why *fault.Error) {
	var status C.int32_t
	text := ""
	if why != nil {
		status, text = C.int32_t(why.ID), why.Text
	}
	C.wsx_queue_posted(C.uint64_t(queue), C.uintptr_t(done.Callback), C.uintptr_t(done.User), status, (*C.char)(cText(text)))
}

func (h *host) Label(b *border.Block) string {
	var text [C.WSX_LABEL_MOST + 1]C.char
	C.wsx_label_copy((*C.wsx_block)(unsafe.Pointer(b)), &text[0])
	return C.GoString(&text[0])
}

func (h *host) Log(level journal.Level, line string) {
	switch {
	case h.printing:
		C.wsx_log_to_stderr(C.int32_t(level), (*C.char)(cText(line)), nil)
		return
	case h.log == nil:
		return
	}
	C.wsx_log(h.log, C.int32_t(level), (*C.char)(cText(line)), h.logUser)
}

// cText is a text as C has it, in memory of Go, for the time of a call. C.CString would ask
// malloc, and end the process when there is no memory.
func cText(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(append([]byte(s), 0))) }

// acquire returns a new handle's block, nil when none is left.
func acquire(kind, server uint32) *border.Block {
	return (*border.Block)(unsafe.Pointer(C.wsx_acquire(C.uint32_t(kind), C.uint32_t(server))))
}

func release(b *border.Block) { C.wsx_release((*C.wsx_block)(unsafe.Pointer(b))) }

// connection is the connection of a handle that the front has checked; nil when
// it turned stale since.
func (h *host) connection(handle C.uint64_t) *core.Conn {
	c := h.conns.at(uint32(handle & (1<<C.WSX_INDEX_BITS - 1)))
	if c == nil || atomic.LoadUint64(&c.Block().Handle) != uint64(handle) {
		return nil
	}
	return c
}

func (h *host) server(handle C.uint64_t) *core.Server {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.servers[uint64(handle)]
}
