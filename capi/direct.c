/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direct.c - short messages that a thread of the host writes itself, because entering Go
 * would cost more than all else. core/send_direct.go has the rules.
 */
#include <errno.h>

#include "exports.h"
#include "frame.h"
#include "handle.h"

#if defined(__linux__)

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A fresh mask that nobody can predict (RFC 6455 10.3). False: the system has none now. */
static bool next_mask(wsx_thread *self, uint32_t *mask)
{
    if (!self->masks_left) {
        long n = syscall(SYS_getrandom, self->masks, sizeof self->masks, GRND_NONBLOCK); /* as in write_frame */
        if (n < (long)sizeof *self->masks) return false;
        self->masks_left = (uint32_t)((size_t)n / sizeof *self->masks);
    }
    *mask = self->masks[--self->masks_left];
    return true;
}

/* RFC 6455 5.3 */
static void copy_masked(uint8_t *to, const uint8_t *from, size_t size, uint32_t mask)
{
    uint64_t wide = (uint64_t)mask << 32 | mask, word;
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < size; i++) to[i] = from[i] ^ ((const uint8_t *)&mask)[i & 3];
}

/* Not send(), which is a point of cancellation: a claim must not outlive its thread. */
static int64_t write_frame(int32_t descriptor, const uint8_t *frame, size_t size)
{
    int64_t n;
    do {
        n = syscall(SYS_sendto, descriptor, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

/* Counts a message. Only the thread that has the claim changes the figures. */
static void count(wsx_lane *lane, size_t size)
{
    uint64_t messages = atomic_load_explicit(&lane->messages, memory_order_relaxed);
    uint64_t bytes = atomic_load_explicit(&lane->bytes, memory_order_relaxed);
    atomic_store_explicit(&lane->messages, messages + 1, memory_order_relaxed);
    atomic_store_explicit(&lane->bytes, bytes + size, memory_order_relaxed);
}

/* What nothing is buffered of, and what the host has gathered all of. */
enum { NEITHER, IDLE, GATHERED };

static int state_of(uint64_t out)
{
    uint64_t flags = out & ~(WSX_OUT_FAST | WSX_OUT_SPOKE | WSX_OUT_SECURE);
    if (flags == (WSX_OUT_OPEN | WSX_OUT_DIRECT)) return IDLE;
    return (flags & ~WSX_OUT_BYTES) == (WSX_OUT_OPEN | WSX_OUT_DIRECT | WSX_OUT_QUEUED | WSX_OUT_GATHERED) ? GATHERED : NEITHER;
}

/* Whether a thread may go on that gathers, or writes. */
static bool may_send(uint64_t out, bool gathers)
{
    int state = state_of(out);
    return state != NEITHER && (gathers || (state == IDLE && !(out & WSX_OUT_SECURE)));
}

/* Takes a claim of whole bytes back that was of no use: the handle has just changed, or somebody else gathers for it. */
static bool unclaim(wsx_block *b, ws_handle owner, uint32_t epoch, uint64_t claimed, uint32_t whole)
{
    uint64_t before = (claimed - whole) & ~WSX_OUT_SENDING;
    if (!(claimed & WSX_OUT_GATHERED)) before &= ~WSX_OUT_QUEUED;
    if (!atomic_compare_exchange_strong(&b->out, &claimed, before)) {
        atomic_fetch_sub(&b->out, whole);
        wsx_hand_gathered(b, owner, epoch, before & WSX_OUT_BYTES, 0, 0);
    }
    return false;
}

bool wsx_send_direct(wsx_block *b, ws_handle handle, const void *data, size_t size, int32_t type, bool gathers,
                     int32_t *status)
{
    uint64_t out = atomic_load_explicit(&b->out, memory_order_acquire);
    if (!may_send(out, gathers)) return false;
    wsx_thread *self = wsx_this_thread;
    bool client = WSX_KIND(handle) == WSX_KIND_CLIENT;
    uint32_t mask, header = wsx_header_size(size) + (client ? 4 : 0), whole = header + (uint32_t)size;
    if (!self || (type == WS_TEXT && !wsx_ascii(data, size))) return false;
    if (atomic_load_explicit(&wsx_memory.used, memory_order_relaxed) + whole >
        atomic_load_explicit(&wsx_memory.budget, memory_order_relaxed))
        return false;
    uint8_t frame[14 + WSX_DIRECT_MAX];
    int before = errno;
    wsx_write_header(frame, size, type);
    if (client) {
        if (!next_mask(self, &mask)) {
            errno = before;
            return false;
        }
        frame[1] |= 0x80;
        memcpy(frame + header - 4, &mask, 4);
        copy_masked(frame + header, data, size, mask);
    } else if (size) {
        memcpy(frame + header, data, size); /* before the claim: a fault in data leaves nothing half done */
    }
    wsx_outbox *box = gathers ? wsx_gathering(self, whole) : NULL;
    out = atomic_load_explicit(&b->out, memory_order_acquire); /* what was gathered may just have been sent */
    if (!may_send(out, box != NULL)) return false;
    int state = state_of(out);
    if (state == GATHERED && (out & WSX_OUT_BYTES) + whole > atomic_load_explicit(&b->limit, memory_order_relaxed)) return false;
    uint64_t claimed = (out | WSX_OUT_QUEUED | WSX_OUT_SENDING | WSX_OUT_SPOKE) + whole;
    if (!atomic_compare_exchange_strong(&b->out, &out, claimed)) return false;
    wsx_lane *lane = wsx_lane_of(b->slot);
    /* While a thread has the claim the block does not go to another handle; it may have before. */
    ws_handle owner = atomic_load_explicit(&b->handle, memory_order_acquire);
    uint32_t epoch = atomic_load_explicit(&lane->epoch, memory_order_relaxed);
    bool others = state == GATHERED && atomic_load_explicit(&lane->outbox, memory_order_relaxed) != (uint64_t)(uintptr_t)box;
    if (owner != handle || others) return unclaim(b, owner, epoch, claimed, whole);
    count(lane, size);
    *status = WS_OK;
    if (box) {
        wsx_gather(box, b, lane, frame, whole, state == IDLE);
        uint64_t gathered = (claimed & ~WSX_OUT_SENDING) | WSX_OUT_GATHERED;
        if (!atomic_compare_exchange_strong(&b->out, &claimed, gathered))
            wsx_hand_gathered(b, owner, epoch, gathered & WSX_OUT_BYTES, 0, 0);
        errno = before;
        return true;
    }
    int64_t sent = write_frame(atomic_load_explicit(&lane->descriptor, memory_order_relaxed), frame, whole);
    int32_t failed = sent < 0 ? errno : 0;
    errno = before;
    uint64_t unclaimed = (claimed - whole) & ~(WSX_OUT_QUEUED | WSX_OUT_SENDING);
    if (sent != whole || !atomic_compare_exchange_strong(&b->out, &claimed, unclaimed)) {
        atomic_fetch_or(&b->out, WSX_OUT_HANDING);
        *status = wsgo_sent(owner, epoch, (uintptr_t)frame, whole, sent, failed, &self->error);
    }
    return true;
}

#else

bool wsx_send_direct(wsx_block *b, ws_handle handle, const void *data, size_t size, int32_t type, bool gathers,
                     int32_t *status)
{
    (void)b, (void)handle, (void)data, (void)size, (void)type, (void)gathers, (void)status;
    return false;
}

#endif
