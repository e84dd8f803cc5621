/* SPDX-License-Identifier: Apache-2.0 */
/* cork.h - how a frame that a callback sends waits in the outbox of its batch. For front_send.c alone. */
#ifndef WSX_CORK_H
#define WSX_CORK_H

#include "copy.h"
#include "dispatch.h"
#include "frame.h"
#include "front.h"

/* Bytes up to here are copied into the outbox; larger data of the current event is sent from where it lies. */
enum { COPY_MAX = 2048, DIRECT_MAX = 65536 };

/*
 * The fast path of ws_send: inside a callback, on a plain server connection of
 * the same loop with nothing queued, the frame waits in the batch's outbox.
 * Claiming the bytes in block->out is what makes it visible to other threads.
 * Whoever gets false takes the way through Go, behind what is corked.
 */

static inline bool full(const wsx_outbox *box, uint32_t bytes)
{
    return box->bytes_cap - box->bytes_used < bytes || box->segments_cap - box->segments_used < 2;
}

static void flush(wsx_thread *self)
{
    wsx_settle_claims(self);
    self->dispatcher->run.handle = 0;
    wsgo_flush(self->dispatcher->loop);
}

/* Room for bytes in the outbox, which is sent when it has none. */
static inline bool has_space(wsx_thread *self, wsx_dispatcher *d, uint32_t bytes)
{
    if (__builtin_expect(!full(d->outbox, bytes), 1)) return true;
    flush(self);
    return !full(d->outbox, bytes);
}

/* Whether frames may be corked for the connection, as far as flags say. */
static inline bool may_cork(uint64_t out)
{
    return (out & (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_QUEUED)) == (WSX_OUT_OPEN | WSX_OUT_FAST);
}

/* Claims a frame; *before is what out was. */
static inline bool claim(wsx_thread *self, wsx_block *b, uint32_t frame, uint64_t *before)
{
    wsx_settle_claims(self);
    self->dispatcher->run.handle = 0;
    uint64_t out = atomic_load_explicit(&b->out, memory_order_acquire);
    uint64_t limit = atomic_load_explicit(&b->limit, memory_order_relaxed);
    do {
        uint64_t buffered = out & WSX_OUT_BYTES;
        if (!may_cork(out)) return false;
        if (buffered && buffered + frame > limit) return false;
    } while (!atomic_compare_exchange_weak(&b->out, &out, (out | WSX_OUT_CORKED) + frame));
    self->owed_to = b;
    *before = out;
    return true;
}

/* Adds bytes for b to the outbox's segments, to its last one when they follow it. before: of
 * claim, for the first bytes of a frame; counts: WSX_HEAD_. */
static inline void add_segment(wsx_outbox *box, wsx_block *b, const void *data, uint32_t size, uint64_t before,
                               uint32_t counts)
{
    wsx_segment *segments = (wsx_segment *)(uintptr_t)box->segments, *end = &segments[box->segments_used - 1];
    bool first = !(before & WSX_OUT_CORKED);
    if (!first && b->cork == box->segments_used - 1 && end->data + end->size == (uint64_t)(uintptr_t)data) {
        end->size += size;
        end->head += counts;
        return;
    }
    uint32_t index = box->segments_used++;
    segments[index] = (wsx_segment){(uint64_t)(uintptr_t)data, size, b->slot, 0,
                                    first ? counts | WSX_HEAD_FIRST : counts};
    if (!first) segments[b->cork].next = index;
    b->cork = index;
}

/* What came as text is text. */
static inline bool came_as_text(const wsx_dispatcher *d, const void *data, size_t size)
{
    return d->message_type == WS_TEXT && data == d->data && size == d->size;
}

static inline bool good_text(const wsx_dispatcher *d, const void *data, size_t size)
{
    return came_as_text(d, data, size) || wsx_ascii(data, size); /* Go checks the UTF-8 of all else */
}

static inline uint32_t counts_of(uint32_t header)
{
    return WSX_HEAD_MESSAGE + (header - 2) / 2 * WSX_HEAD_PAIR;
}

/* Larger data is not copied: that of the current event is sent from where it lies. */
static __attribute__((noinline)) bool cork_large(wsx_thread *self, wsx_dispatcher *d, wsx_block *b, const uint8_t *data,
                                                 size_t size, int32_t type)
{
    if (size > DIRECT_MAX) {
        /* Sent at once from the caller's memory, if nothing of this connection waits. */
        if (atomic_load_explicit(&b->out, memory_order_relaxed) & WSX_OUT_CORKED) flush(self);
        return false;
    }
    if (data < d->data || size > d->size || data + size > d->data + d->size) return false;
    if (type == WS_TEXT && !good_text(d, data, size)) return false;
    /* The whole event goes with its header in place of the one it came with. */
    bool in_place = d->headroom && data == d->data && size == d->size;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size;
    uint64_t before;
    if (!has_space(self, d, header)) return false;
    if (!wsx_claim(size)) return false; /* what the kernel does not take will be copied */
    if (!claim(self, b, frame, &before)) {
        wsx_count(-(int64_t)size);
        return false;
    }
    wsx_outbox *box = d->outbox;
    box->claimed += size;
    if (in_place) {
        d->headroom = false;
        wsx_write_header((uint8_t *)data - header, size, type);
        add_segment(box, b, data - header, frame, before, counts_of(header));
        return true;
    }
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    wsx_write_header(p, size, type);
    box->bytes_used += header;
    add_segment(box, b, p, header, before, counts_of(header));
    add_segment(box, b, data, (uint32_t)size, WSX_OUT_CORKED, 0);
    return true;
}

/* So much may be owed. */
enum { OWED_MOST = 8192 };

/* The frame of so many bytes that was just added for the connection whose callback runs begins a run. before: of claim. */
static inline void begin_run(wsx_dispatcher *d, uint64_t before, uint32_t frame)
{
    wsx_outbox *box = d->outbox;
    uint64_t buffered = (before & WSX_OUT_BYTES) + frame;
    uint64_t limit = atomic_load_explicit(&d->block->limit, memory_order_relaxed); /* what it is while it is open */
    uint64_t room = limit > buffered ? limit - buffered : 0;
    uint32_t spare = box->bytes_cap - box->bytes_used;
    if (room > spare) room = spare;
    d->run.segment = (wsx_segment *)(uintptr_t)box->segments + d->block->cork;
    d->run.until = box->bytes_used + (room > OWED_MOST ? OWED_MOST : (uint32_t)room);
    d->run.handle = atomic_load_explicit(&d->block->handle, memory_order_relaxed);
}

static inline __attribute__((always_inline)) bool wsx_cork(wsx_thread *self, wsx_dispatcher *d, wsx_block *b,
                                                           const void *data, size_t size, int32_t type)
{
    /* Only this thread gives slots to connections of this loop that may cork, and takes them back: what
     * is so now stays so until the callback returns, also when another thread has just ended the handle. */
    if (atomic_load_explicit(&b->loop, memory_order_relaxed) != d->loop) return false;
    if (size > COPY_MAX) return cork_large(self, d, b, data, size, type);
    if (type == WS_TEXT && !good_text(d, data, size)) return false;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size;
    uint64_t before;
    if (!may_cork(atomic_load_explicit(&b->out, memory_order_relaxed)) || !has_space(self, d, frame)) return false;
    wsx_outbox *box = d->outbox;
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    /* Copied before it is claimed: a fault in data leaves nothing half done. */
    wsx_write_header(p, size, type);
    wsx_copy(p + header, data, size);
    if (!claim(self, b, frame, &before)) return false;
    box->bytes_used += frame;
    add_segment(box, b, p, frame, before, counts_of(header));
    if (b == d->block) begin_run(d, before, frame);
    return true;
}

/* wsx_cork for what nearly all messages of a run are: one more of the connection whose callback runs, where the last one
 * ends. Behind the first one of a connection nobody else sends before what is corked, so a look is enough: who comes
 * between that and the frame calls at the same time, and no order is promised. Its bytes are counted when the run of
 * callbacks ends, or this thread looks at them. Text is known to be text. False: it did nothing. */
static inline __attribute__((always_inline)) bool wsx_cork_behind(wsx_thread *self, wsx_dispatcher *d, ws_handle handle,
                                                                  const void *data, size_t size, int32_t type)
{
    if (!handle || d->run.handle != handle || size > COPY_MAX) return false;
    wsx_block *b = d->block;
    wsx_outbox *box = d->outbox;
    uint32_t header = wsx_header_size(size), frame = header + (uint32_t)size, used = box->bytes_used;
    if (used + frame > d->run.until) return false;
    if (atomic_load_explicit(&b->life, memory_order_relaxed) & WSX_LIFE_DEAD) return false;
    if ((atomic_load_explicit(&b->out, memory_order_acquire) & (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_QUEUED |
                                                               WSX_OUT_CORKED)) !=
        (WSX_OUT_OPEN | WSX_OUT_FAST | WSX_OUT_CORKED))
        return false;
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + used;
    wsx_write_header(p, size, type);
    wsx_copy(p + header, data, size);
    self->owed += frame;
    box->bytes_used = used + frame;
    d->run.segment->size += frame;
    d->run.segment->head += counts_of(header);
    return true;
}

#endif
