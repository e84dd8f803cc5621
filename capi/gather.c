/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather.c - what a thread that dispatches a queue has sent, until its turn ends: one system call
 * for each connection, not for each message; over TLS one call of core for all. core/send_gathered.go has the rules.
 */
#include <errno.h>
#include <stdlib.h>

#include "exports.h"
#include "handle.h"
#include "runtime.h"

#if defined(__linux__)

#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Beyond that it is sent at once. */
enum { BYTES = 64 << 10, SEGMENTS = 2048, PIECES = 64 };

/* Never freed: core finds it by the lanes of connections. */
typedef struct box {
    wsx_outbox out;
    struct box *next; /* among spare ones */
    wsx_segment segments[SEGMENTS];
    uint8_t bytes[BYTES];
} box;

static box *spare; /* of threads that have ended; under wsx_mutex */

static wsx_outbox *new_box(void)
{
    pthread_mutex_lock(&wsx_mutex);
    box *b = spare;
    if (b) spare = b->next;
    pthread_mutex_unlock(&wsx_mutex);
    if (!b && !(b = malloc(sizeof *b))) return NULL;
    b->out = (wsx_outbox){.bytes = (uint64_t)(uintptr_t)b->bytes, .segments = (uint64_t)(uintptr_t)b->segments,
                          .bytes_cap = BYTES, .segments_cap = SEGMENTS, .segments_used = 1};
    return &b->out;
}

static wsx_segment *segments_of(const wsx_outbox *box)
{
    return (wsx_segment *)(uintptr_t)box->segments;
}

static void send_box(wsx_thread *self);

wsx_outbox *wsx_gathering(wsx_thread *self, uint32_t bytes)
{
    wsx_outbox *box = self->gathered;
    if (!box) return self->gathered = new_box();
    if (box->bytes_cap - box->bytes_used < bytes || box->segments_used == box->segments_cap) send_box(self);
    return box;
}

void wsx_gather(wsx_outbox *box, wsx_block *b, wsx_lane *lane, const uint8_t *frame, uint32_t size, bool first)
{
    wsx_segment *segments = segments_of(box);
    uint32_t at = box->segments_used++;
    uint8_t *p = (uint8_t *)(uintptr_t)box->bytes + box->bytes_used;
    memcpy(p, frame, size);
    box->bytes_used += size;
    segments[at] = (wsx_segment){(uint64_t)(uintptr_t)p, size, b->slot, 0, first ? at : 0};
    if (first) {
        b->cork = at;
        atomic_store_explicit(&lane->outbox, (uint64_t)(uintptr_t)box, memory_order_relaxed);
    } else {
        wsx_segment *head = &segments[b->cork];
        segments[head->head].next = at;
        head->head = at;
    }
}

void wsx_hand_gathered(wsx_block *b, ws_handle owner, uint32_t epoch, uint64_t size, int64_t sent, int32_t failed)
{
    atomic_fetch_or(&b->out, WSX_OUT_HANDING | (size ? WSX_OUT_GATHERED : 0)); /* the first frame may be the only one */
    wsgo_sent_gathered(owner, epoch, size, sent, failed);
}

/* Not send() and sendmsg(), which are points of cancellation: a claim must not outlive its thread. One piece, as there
 * mostly is, costs less by itself. Returns how many bytes the kernel took; *failed: why not more. */
static int64_t write_pieces(int32_t descriptor, struct iovec *pieces, size_t count, int32_t *failed)
{
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
    int64_t n;
    do {
        n = count == 1 ? syscall(SYS_sendto, descriptor, pieces->iov_base, pieces->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0)
                       : syscall(SYS_sendmsg, descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    *failed = n < 0 ? errno : 0;
    return n < 0 ? 0 : n;
}

/* Writes the list that begins at segment i. What lies side by side is one piece. */
static int64_t write_list(int32_t descriptor, const wsx_segment *segments, uint32_t i, int32_t *failed)
{
    int64_t sent = 0;
    while (i) {
        struct iovec pieces[PIECES];
        size_t count = 0;
        int64_t size = 0;
        for (; i; i = segments[i].next) {
            uint8_t *p = (uint8_t *)(uintptr_t)segments[i].data;
            if (count && (uint8_t *)pieces[count - 1].iov_base + pieces[count - 1].iov_len == p)
                pieces[count - 1].iov_len += segments[i].size;
            else if (count == PIECES) break;
            else pieces[count++] = (struct iovec){p, segments[i].size};
            size += segments[i].size;
        }
        int64_t n = write_pieces(descriptor, pieces, count, failed);
        sent += n;
        if (n != size) break;
    }
    return sent;
}

/* Core takes it over just now: a system call that does not block. */
static void pause_a_little(unsigned looks)
{
    struct timespec little = {.tv_nsec = 20000};
    if (looks < 100) sched_yield();
    else syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &little, NULL); /* no point of cancellation */
}

/* Sends what is gathered of a connection, unless somebody has; over TLS wsx_let_go will. */
static void send_slot(wsx_thread *self, uint32_t slot)
{
    wsx_block *b = wsx_slot(slot);
    uint64_t out = atomic_load(&b->out), claimed;
    for (unsigned looks = 0;;) {
        if (out & WSX_OUT_SECURE && out & (WSX_OUT_GATHERED | WSX_OUT_HELD_BY_QUEUE)) {
            wsx_holds_too(self, atomic_load_explicit(&b->handle, memory_order_acquire));
            return;
        }
        if (!(out & WSX_OUT_GATHERED)) return;
        claimed = out | WSX_OUT_SENDING;
        if (!(out & WSX_OUT_SENDING)) {
            if (atomic_compare_exchange_weak(&b->out, &out, claimed)) break;
        } else {
            pause_a_little(looks++);
            out = atomic_load(&b->out);
        }
    }
    /* Whoever has gathered it: of a slot that has changed hands it may be another thread. */
    wsx_lane *lane = wsx_lane_of(slot);
    ws_handle owner = atomic_load_explicit(&b->handle, memory_order_acquire);
    uint32_t epoch = atomic_load_explicit(&lane->epoch, memory_order_relaxed);
    const wsx_outbox *box = (const wsx_outbox *)(uintptr_t)atomic_load_explicit(&lane->outbox, memory_order_relaxed);
    int64_t size = (int64_t)(claimed & WSX_OUT_BYTES);
    int32_t failed = 0;
    int64_t sent = write_list(atomic_load_explicit(&lane->descriptor, memory_order_relaxed), segments_of(box), b->cork, &failed);
    uint64_t unclaimed = (claimed - (uint64_t)size) & ~(WSX_OUT_QUEUED | WSX_OUT_SENDING | WSX_OUT_GATHERED);
    if (sent != size || !atomic_compare_exchange_strong(&b->out, &claimed, unclaimed))
        wsx_hand_gathered(b, owner, epoch, (uint64_t)size, sent, failed);
}

static void send_box(wsx_thread *self)
{
    wsx_outbox *box = self->gathered;
    if (!box || box->segments_used == 1) return;
    int before = errno;
    bool parents = atomic_load(&wsx_refusal) == WS_ERR_FORKED; /* a child has the frames, too, and the sockets */
    for (uint32_t i = 1; i < box->segments_used && !parents; i++)
        if (segments_of(box)[i].head) send_slot(self, segments_of(box)[i].slot);
    wsx_let_go(self); /* core reads of the box until then */
    box->bytes_used = 0;
    box->segments_used = 1;
    errno = before;
}

static void give_box(wsx_thread *self)
{
    box *b = (box *)self->gathered;
    self->gathered = NULL;
    if (!b) return;
    pthread_mutex_lock(&wsx_mutex);
    b->next = spare;
    spare = b;
    pthread_mutex_unlock(&wsx_mutex);
}

#else

wsx_outbox *wsx_gathering(wsx_thread *self, uint32_t bytes)
{
    return (void)self, (void)bytes, NULL;
}

static void send_box(wsx_thread *self)
{
    (void)self;
}

static void give_box(wsx_thread *self)
{
    (void)self;
}

#endif

void wsx_send_gathered(wsx_thread *self)
{
    if (!self) return;
    send_box(self);
    wsx_let_go(self);
}

void wsx_gathering_ends(wsx_thread *self)
{
    wsx_stop_gathering(self);
    wsx_holding_ends(self);
    give_box(self);
}

void wsx_stop_gathering(wsx_thread *self)
{
    self->gathers = false;
    wsx_send_gathered(self);
}
