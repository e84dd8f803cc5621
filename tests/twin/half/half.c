/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half.c - plays scripts on the C half of libws, without Go, and prints what can be seen of it.
 *
 * twin.go makes the scripts, one operation a line, and compares with what twins in Go say.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../capi/cancel.h"
#include "../../../capi/dispatch.h"
#include "../../../capi/exports.h"
#include "../../../capi/front.h"
#include "../../../capi/handle.h"
#include "../../../capi/queue.h"
#include "../../../capi/runtime.h"
#include <libws/ws.h>

enum { MOST = 1024, LOOP = 1, BOX_BYTES = 4096, BOX_SEGMENTS = 64, BIG = 70000 };

/* ---- what Go would do ------------------------------------------------------------------ */

static ws_handle handles[MOST]; /* by number, from 1 */
static int count, reaction = -2, text;
static wsx_queue *queue;

static int number_of(uint64_t handle)
{
    for (int i = 1; i <= count; i++)
        if (handles[i] == handle) return i;
    return 0;
}

int32_t wsgo_send(uint64_t handle, uintptr_t data, size_t size, int32_t type, int32_t inside, uintptr_t completion,
                  uintptr_t user_data, wsx_error *error)
{
    (void)data, (void)type, (void)inside, (void)completion, (void)user_data, (void)error;
    printf("send %d %zu\n", number_of(handle), size);
    return WS_OK;
}

int32_t wsgo_send_by_queue(uint64_t handle, uintptr_t data, size_t size, int32_t type, uintptr_t completion,
                           uintptr_t user_data, int32_t *waits, wsx_error *error)
{
    *waits = 0;
    return wsgo_send(handle, data, size, type, false, completion, user_data, error);
}

void wsgo_let_go(uint64_t *h, size_t n) { (void)h, (void)n; abort(); }

int32_t wsgo_sent(uint64_t handle, uint32_t epoch, uintptr_t frame, size_t size, int64_t sent, int32_t os_error, wsx_error *error)
{
    (void)frame, (void)error;
    printf("sent %d %u %zu %lld %d\n", number_of(handle), epoch, size, (long long)sent, os_error != 0);
    return WS_OK;
}

void wsgo_sent_gathered(uint64_t handle, uint32_t epoch, uint64_t size, int64_t sent, int32_t os_error)
{
    printf("sent gathered %d %u %llu %lld %d\n", number_of(handle), epoch, (unsigned long long)size, (long long)sent, os_error != 0);
}

void wsgo_flush(uint32_t loop) { (void)loop; }
void wsgo_memory_relaxed(void) {}
int32_t wsgo_ping(uint64_t h, uintptr_t d, size_t s, wsx_error *e) { (void)h, (void)d, (void)s, (void)e; abort(); }
int32_t wsgo_pong(uint64_t h, uintptr_t d, size_t s, wsx_error *e) { (void)h, (void)d, (void)s, (void)e; abort(); }
int32_t wsgo_send_part(uint64_t h, uintptr_t d, size_t s, int32_t t, int32_t n, uintptr_t c, uintptr_t u, wsx_error *e)
{
    (void)h, (void)d, (void)s, (void)t, (void)n, (void)c, (void)u, (void)e;
    abort();
}
int32_t wsgo_send_with(uint64_t h, uintptr_t d, size_t s, int32_t t, ws_send_options *o, uintptr_t c, uintptr_t u,
                       wsx_error *e)
{
    (void)h, (void)d, (void)s, (void)t, (void)o, (void)c, (void)u, (void)e;
    abort();
}
void wsgo_queue_ended(uint64_t handle) { (void)handle; }
void wsgo_queue_mark(uint64_t handle) { (void)handle; }
void wsgo_queue_not_full(uint64_t handle) { (void)handle; }
void wsgo_queue_unheard(uint32_t messages) { (void)messages; }
void wsgo_post_done(void) {}
void wsgo_error_unheard(uint64_t handle, char *text) { (void)handle, (void)text; }
void wsgo_shutdown(void) {}
int wsx_raised(int fd) { return fd; }
bool wsx_readable(const void *data, size_t size, const char *name) { return (void)data, (void)size, (void)name, true; }
int wsx_start_thread(void *(*body)(void *), void *argument) { return (void)body, (void)argument, 1; }

/* ---- what listeners do -------------------------------------------------------------------- */

static char big[BIG];

static void WS_CALL heard(const ws_event *e, void *unused)
{
    (void)unused;
    int kind = e->type == WS_EVENT_CONNECT ? WS_EVENT_OPEN : e->type;
    printf("told %d %d %zu\n", number_of(e->handle), kind, kind == WS_EVENT_MESSAGE ? e->size : 0);
    if (kind != WS_EVENT_MESSAGE || reaction < -1) return;
    bool echo = reaction == -1;
    ws_send(e->handle, echo ? e->data : big, echo ? e->size : (size_t)reaction, echo ? e->message_type : text ? WS_TEXT : WS_BINARY, NULL, NULL);
}

/* ---- operations ---------------------------------------------------------------------------- */

static wsx_block *block_of(int i) { return wsx_slot((uint32_t)(handles[i] & WSX_INDEX_MASK)); }

static void make(int kind, int server, int queued)
{
    static const int events[] = {WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DESTROYED, WS_EVENT_DRAIN,
                                 WS_EVENT_PING, WS_EVENT_PONG, WS_EVENT_CONNECT};
    wsx_block *b = wsx_acquire((uint32_t)kind, server ? block_of(server)->slot : 0);
    if (!b) abort();
    if (queued && !server && !wsx_queue_join(b, queue->block->handle)) abort();
    handles[++count] = b->handle;
    printf("made %d %u %llu\n", count, b->slot - queue->block->slot, (unsigned long long)(b->handle >> WSX_INDEX_BITS & ((1 << WSX_GEN_BITS) - 1)));
    /* A server's listeners hear last of what those of its connections hear; here only who connects. */
    for (size_t i = kind == WSX_KIND_SERVER ? sizeof events / sizeof *events - 1 : 0; i < sizeof events / sizeof *events; i++)
        if (wsx_on(b->handle, WSX_ANY, events[i], heard, NULL)) abort();
    /* Their marks in life are about making the events, which the script does. */
    atomic_fetch_and(&b->life, ~(WSX_LIFE_PINGS | WSX_LIFE_ENDS));
}

static wsx_record records[64];
static wsx_detail details[64];
static uint32_t batch;
static char payloads[64][BIG + 1];

static void record(int i, int type, int flags, int size, int message_type)
{
    wsx_record *r = &records[batch];
    wsx_detail *d = &details[batch];
    memset(r, 0, sizeof *r);
    memset(d, 0, sizeof *d);
    d->text = d->reason = d->protocol = d->method = d->target = d->body = (uint64_t)(uintptr_t)"";
    d->callback = (uint64_t)(uintptr_t)heard;
    memset(payloads[batch], 'p', (size_t)size);
    r->slot = block_of(i)->slot;
    r->type = (uint8_t)type;
    r->flags = (uint16_t)flags;
    if (type == WS_EVENT_MESSAGE) {
        r->message_type = (uint8_t)message_type;
        r->data = (uint64_t)(uintptr_t)payloads[batch];
        r->size = (uint64_t)size;
    } else {
        r->detail = (uint64_t)(uintptr_t)d;
    }
    batch++;
}

static char box_bytes[BOX_BYTES];
static wsx_segment box_segments[BOX_SEGMENTS];

static void lives(void)
{
    for (int i = 1; i <= count; i++)
        if (block_of(i)->handle == handles[i])
            printf("life %d %x out %llx\n", i, atomic_load(&block_of(i)->life) & ~(uint32_t)WSX_LIFE_RUNNING,
                   (unsigned long long)atomic_load(&block_of(i)->out));
}

static void dispatch(void)
{
    wsx_outbox box = {.bytes = (uint64_t)(uintptr_t)box_bytes, .segments = (uint64_t)(uintptr_t)box_segments,
                      .bytes_cap = BOX_BYTES, .segments_cap = BOX_SEGMENTS, .segments_used = 1};
    wsx_outcome o = wsx_dispatch(LOOP, records, batch, &box);
    printf("marked %u\n", o.marked);
    for (uint32_t k = 0; k < batch; k++) printf("flags %u %x\n", k, records[k].flags);
    for (uint32_t k = 1; k < box.segments_used; k++) {
        wsx_segment *s = &box_segments[k];
        unsigned sum = 0;
        for (uint32_t n = 0; n < s->size; n++) sum = sum * 31 + ((unsigned char *)(uintptr_t)s->data)[n];
        printf("segment %u of %u: %u bytes, next %u, head %x, sum %x\n", k, s->slot - queue->block->slot, s->size, s->next, s->head, sum);
    }
    printf("box %u bytes, %llu claimed\n", box.bytes_used, (unsigned long long)box.claimed);
    wsx_count(-(int64_t)box.claimed);
    batch = 0;
    lives();
    for (int i = 1; i <= count; i++) atomic_fetch_and(&block_of(i)->out, ~(uint64_t)WSX_OUT_CORKED); /* core has sent it */
}

/* Dispatches the queue until it is empty. */
static void drain(void)
{
    size_t told;
    do wsx_queue_dispatch(queue, wsx_self(), true, 1 << 30, 0, WSX_CANCEL_NEVER, &told);
    while (queue->ready_first);
    int full = 0;
    for (wsx_stream *s = queue->full; s; s = s->next_full) full++;
    printf("queue %llu bytes %llu used %d full\n", (unsigned long long)queue->bytes, (unsigned long long)atomic_load(&wsx_memory.used), full);
    lives();
}

/* A thread of the host sends; the other end of the socket tells what came. */
static void direct(int i, int size, int is_text)
{
    int ends[2];
    static unsigned char in[2 * WSX_DIRECT_MAX];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends)) abort();
    wsx_block *b = block_of(i);
    wsx_lane *lane = wsx_lane_of(b->slot);
    atomic_store(&lane->descriptor, ends[0]);
    int32_t status = WS_OK;
    bool did = size <= WSX_DIRECT_MAX && wsx_send_direct(b, handles[i], big, (size_t)size, is_text ? WS_TEXT : WS_BINARY, false, &status);
    ssize_t n = recv(ends[1], in, sizeof in, 0);
    int masked = n > 1 && in[1] & 0x80;
    printf("direct %d: %d, %zd bytes, first %x, masked %d; %llu messages, %llu bytes, out %llx\n", i, did, n < 0 ? 0 : n,
           n > 0 ? in[0] : 0, masked != 0, (unsigned long long)lane->messages, (unsigned long long)lane->bytes,
           (unsigned long long)atomic_load(&b->out));
    close(ends[0]);
    close(ends[1]);
}

/* ---- what a thread gathers: the other end of the socket of each connection tells what came -------- */

static int ways[MOST][2]; /* by number; 0: none yet */

static void gather(int i, int size, int is_text)
{
    wsx_block *b = block_of(i);
    wsx_lane *lane = wsx_lane_of(b->slot);
    if (!ways[i][0] && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ways[i])) abort();
    atomic_store(&lane->descriptor, ways[i][0]);
    int32_t status = WS_OK;
    bool did = wsx_send_direct(b, handles[i], big, (size_t)size, is_text ? WS_TEXT : WS_BINARY, true, &status);
    printf("gather %d: %d, %llu messages, %llu bytes, out %llx\n", i, did, (unsigned long long)lane->messages,
           (unsigned long long)lane->bytes, (unsigned long long)atomic_load(&b->out));
}

static void leave(void)
{
    static unsigned char in[1 << 17];
    wsx_send_gathered(wsx_self());
    for (int i = 1; i <= count; i++) {
        if (!ways[i][0]) continue;
        ssize_t n = recv(ways[i][1], in, sizeof in, 0);
        unsigned sum = 0;
        if (block_of(i)->handle >> (WSX_INDEX_BITS + WSX_GEN_BITS) == WSX_KIND_ACCEPTED) /* no masks, which are random */
            for (ssize_t k = 0; k < n; k++) sum = sum * 31 + in[k];
        printf("left %d: %zd bytes, sum %x, out %llx\n", i, n < 0 ? 0 : n, sum, (unsigned long long)atomic_load(&block_of(i)->out));
    }
}

int main(void)
{
    char op[32];
    long long a[4];
    memset(big, 'b', sizeof big);
    if (!wsx_self()) abort(); /* as the first front does */
    wsx_memory.budget = wsx_memory.tight = wsx_memory.low = INT64_MAX;
    while (scanf("%31s %lld %lld %lld %lld", op, &a[0], &a[1], &a[2], &a[3]) == 5) {
        int i = (int)a[0];
        if (!strcmp(op, "queue")) {
            ws_queue_options o = {.struct_size = sizeof o, .max_bytes = a[0]};
            ws_handle handle;
            if (!(queue = wsx_queue_make(&o, &handle))) abort();
        } else if (!strcmp(op, "make")) {
            make(i, (int)a[1], (int)a[2]);
        } else if (!strcmp(op, "life")) { /* by core: sets and clears */
            atomic_fetch_or(&block_of(i)->life, (uint32_t)a[1]);
            atomic_fetch_and(&block_of(i)->life, ~(uint32_t)a[2]);
        } else if (!strcmp(op, "kill")) {
            wsx_kill(handles[i], WSX_ANY);
        } else if (!strcmp(op, "out")) { /* as core opens it: flags by their bits from 48 on, buffered bytes, limit */
            atomic_store(&block_of(i)->out, (uint64_t)a[1] << 48 | (uint64_t)a[2]);
            atomic_store(&block_of(i)->limit, (uint64_t)a[3]);
            atomic_store(&block_of(i)->loop, LOOP);
        } else if (!strcmp(op, "react")) { /* -2: no answer, -1: an echo, else a message of that size */
            reaction = i;
            text = (int)a[1];
        } else if (!strcmp(op, "record")) {
            record(i, (int)a[1] & 255, (int)a[1] >> 8, (int)a[2], (int)a[3]);
        } else if (!strcmp(op, "dispatch")) {
            dispatch();
        } else if (!strcmp(op, "drain")) {
            drain();
        } else if (!strcmp(op, "direct")) {
            direct(i, (int)a[1], (int)a[2]);
        } else if (!strcmp(op, "gather")) {
            gather(i, (int)a[1], (int)a[2]);
        } else if (!strcmp(op, "leave")) {
            leave();
        } else if (!strcmp(op, "release")) {
            wsx_release(block_of(i));
        } else if (!strcmp(op, "constants")) {
            printf("constants %d %d %d\n", WSX_NODE_COST, WSX_DIRECT_MAX, WSX_LIFE_DEAD);
        } else {
            abort();
        }
        printf("--\n");
    }
    return 0;
}
