/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_dispatch.c - tells what waits in a queue, on the thread that asks for it.
 *
 * The rules of what may be told to whom are those of dispatch.c.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>

#include "queue.h"

/* Events of one stream before the next one has its turn. Bytes that may be freed before the
 * budget has them back. */
enum { TURN = 16, ROOMS = 16, FREED = 64 << 10 };

/* ---- entering, waiting and leaving: mutex held ------------------------------------------- */

static int32_t enter(wsx_queue *q, wsx_thread *self)
{
    if (!self) return wsx_fail(WS_ERR_MEMORY, "no memory for the state of this thread");
    if (self->dispatcher) return wsx_fail(WS_ERR_IN_CALLBACK, "a callback cannot dispatch a queue: callbacks do not recurse");
    if (q->dispatching) return wsx_fail(WS_ERR_BUSY, "queue: another thread is dispatching it");
    q->dispatching = true;
    atomic_store(&q->owner, self);
    return WS_OK;
}

static void leave(wsx_queue *q)
{
    q->dispatching = false;
    wsx_settle_fd(q);
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* When a wait is over, in ns; -1: never. */
static int64_t deadline(int64_t timeout_ms)
{
    return timeout_ms < 0 ? -1 : timeout_ms ? now() + timeout_ms * 1000000 : 0;
}

/* Waits for a ready stream; false when there is none in time. */
static bool await(wsx_queue *q, int64_t end)
{
    while (!q->ready_first && !q->closed) {
        if (end >= 0 && (!end || now() >= end)) return false;
        struct timespec at = {.tv_sec = (time_t)(end / 1000000000), .tv_nsec = (long)(end % 1000000000)};
        q->waiting = true;
        if (end < 0) pthread_cond_wait(&q->filled, &q->mutex);
        else pthread_cond_timedwait(&q->filled, &q->mutex, &at);
        q->waiting = false;
    }
    return q->ready_first != NULL;
}

/* Lets core read the connections that have room again. The mutex is given up meanwhile. */
static void make_room(wsx_queue *q)
{
    uint64_t handles[ROOMS];
    size_t n;
    while (q->full && (n = wsx_rooms(q, handles, ROOMS))) {
        pthread_mutex_unlock(&q->mutex);
        for (size_t i = 0; i < n; i++) wsgo_queue_room(handles[i]);
        pthread_mutex_lock(&q->mutex);
    }
}

/* ---- ws_queue_dispatch ----------------------------------------------------------------------- */

/* Tells what was taken off s; without the mutex. line keeps what a pause stopped. Returns
 * how many events somebody could hear of; sets *ended to the handle after its last one. */
static size_t tell(wsx_queue *q, wsx_stream *s, wsx_dispatcher *d, wsx_line *line, uint64_t *ended)
{
    size_t told = 0;
    uint64_t freed = 0;
    wsx_block *b = s->block;
    while (line->first && (wsx_passes_pause(&line->first->record) || !wsx_holds(b))) {
        wsx_node *n = wsx_shift(line);
        if (n->record.type == WSX_MARK) {
            wsgo_queue_heard(atomic_load_explicit(&b->handle, memory_order_relaxed));
            wsx_free_node(n);
            continue;
        }
        if (n->record.type == WS_EVENT_DESTROYED) {
            *ended = atomic_load_explicit(&b->handle, memory_order_relaxed);
            pthread_mutex_lock(&q->mutex);
            wsx_stream_ends(q, s); /* first: a listener may destroy the queue */
            pthread_mutex_unlock(&q->mutex);
        }
        if (!wsx_cut_off(b, &n->record)) told += wsx_deliver(d, b, &n->record);
        if ((freed += wsx_discard(n)) >= FREED) {
            wsx_count(-(int64_t)freed);
            freed = 0;
        }
    }
    if (freed) wsx_count(-(int64_t)freed);
    wsx_delivered(d);
    return told;
}

/* Takes one turn; the mutex is given up meanwhile. */
static size_t turn(wsx_queue *q, wsx_dispatcher *d, uint64_t *most)
{
    wsx_line line;
    wsx_stream *s = wsx_take(q, *most < TURN ? *most : TURN, &line);
    size_t told = 0;
    uint64_t ended = 0, taken = line.events;
    if (taken) {
        pthread_mutex_unlock(&q->mutex);
        told = tell(q, s, d, &line, &ended);
        pthread_mutex_lock(&q->mutex);
        *most -= taken - line.events;
    }
    wsx_give_back(q, s, &line);
    if (ended) {
        pthread_mutex_unlock(&q->mutex);
        wsgo_queue_ended(ended); /* s may be gone from here on */
        pthread_mutex_lock(&q->mutex);
    }
    make_room(q);
    return told;
}

/* What the host polled is no longer looked at. */
static void forget_polled(wsx_queue *q)
{
    wsx_node *old = q->polled.first;
    if (!old) return;
    q->polled = (wsx_line){0};
    /* The slot still has its owner: a connection's destroyed event is told after this. */
    for (wsx_node *n = old; n; n = n->next)
        if (n->record.flags & WSX_REC_ENDS) wsx_event_ends(wsx_slot(n->record.slot), &n->record);
    wsx_free_nodes(old);
}

int32_t wsx_queue_dispatch(wsx_queue *q, wsx_thread *self, size_t most, int32_t timeout_ms, size_t *count)
{
    size_t told = 0;
    uint32_t unheard = 0;
    int64_t end = deadline(timeout_ms);
    pthread_mutex_lock(&q->mutex);
    int32_t status = enter(q, self);
    if (!status) {
        forget_polled(q);
        wsx_dispatcher d = {.event = wsx_blank};
        self->dispatcher = &d;
        while (!told && await(q, end)) {
            uint64_t left = most ? most : q->events;
            while (left && q->ready_first) told += turn(q, &d, &left);
        }
        self->dispatcher = NULL;
        unheard = d.outcome.unheard;
        leave(q);
    }
    pthread_mutex_unlock(&q->mutex);
    if (unheard) wsgo_queue_unheard(unheard);
    if (!status) *count = told;
    return status;
}

/* ---- ws_queue_poll --------------------------------------------------------------------------- */

/* Fills up to capacity events, stride bytes each, from one turn of a stream. Sets *ended to
 * its handle when the last event was among them, *heard when a mark was. */
static size_t fill(wsx_queue *q, char *events, size_t stride, size_t capacity, uint64_t *ended, uint64_t *heard)
{
    wsx_line line;
    wsx_stream *s = wsx_take(q, capacity < TURN ? capacity : TURN, &line);
    size_t filled = 0;
    while (line.first && s->turn != q->turn) {
        if (line.first->record.type == WSX_MARK && s->polled == q->turn) {
            s->turn = q->turn; /* heard is what was told when the host polls again */
            break;
        }
        wsx_node *n = wsx_shift(&line);
        if (n->record.type == WSX_MARK) {
            *heard = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
            wsx_free_node(n);
            continue;
        }
        bool last = n->record.type == WS_EVENT_DESTROYED;
        ws_event e = wsx_blank;
        if (!wsx_cut_off(s->block, &n->record) && wsx_event_begins(s->block, &n->record, &e)) {
            s->polled = q->turn;
            wsx_append(&q->polled, n);
            if (e.server && e.type == WS_EVENT_MESSAGE) e.type = WS_EVENT_MESSAGE_RECEIVE;
            if (e.server && e.type == WS_EVENT_OPEN) e.type = WS_EVENT_CONNECT;
            if (e.server && e.type == WS_EVENT_CLOSE) {
                /* The handle is good until the next poll, so destroyed cannot be told in this one. */
                n->record.flags |= WSX_REC_ENDS;
                s->turn = q->turn;
            }
            e.struct_size = (uint32_t)stride;
            memcpy(events + filled++ * stride, &e, stride < sizeof e ? stride : sizeof e);
        } else {
            wsx_event_ends(s->block, &n->record);
            wsx_free_node(n);
        }
        if (last) {
            *ended = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
            wsx_stream_ends(q, s);
        }
    }
    wsx_give_back(q, s, &line);
    return filled;
}

int32_t wsx_queue_poll(wsx_queue *q, wsx_thread *self, ws_event *events, size_t capacity, int32_t timeout_ms, size_t *count)
{
    size_t filled = 0, stride = events->struct_size;
    int64_t end = deadline(timeout_ms);
    pthread_mutex_lock(&q->mutex);
    int32_t status = enter(q, self);
    if (!status) {
        forget_polled(q);
        q->turn++;
        while (!filled && await(q, end)) {
            while (filled < capacity && q->ready_first && q->ready_first->turn != q->turn) {
                uint64_t ended = 0, heard = 0;
                filled += fill(q, (char *)events + filled * stride, stride, capacity - filled, &ended, &heard);
                if (ended || heard) {
                    pthread_mutex_unlock(&q->mutex);
                    if (heard) wsgo_queue_heard(heard);
                    if (ended) wsgo_queue_ended(ended);
                    pthread_mutex_lock(&q->mutex);
                }
                make_room(q);
            }
        }
        leave(q);
    }
    pthread_mutex_unlock(&q->mutex);
    if (!status) *count = filled;
    return status;
}

/* ---- a thread of the library ------------------------------------------------------------------- */

static void *drain(void *queue)
{
    wsx_queue *q = queue;
    wsx_thread *self;
    while (!(self = wsx_self())) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    size_t told = 1;
    while (told && wsx_queue_dispatch(q, self, 0, -1, &told) == WS_OK) {}
    wsx_queue_drop(q);
    return NULL;
}

int wsx_queue_start_thread(wsx_queue *q)
{
    return wsx_start_thread(drain, q);
}

/* ---- ws_shutdown_wait ----------------------------------------------------------------------------- */

/* How long the engine is waited for before the queues are looked at again, ms. */
enum { SLICE = 5, MINE = 32 };

/* Delivers what waits in queues that are self's, or nobody's. False when all queues are empty for good. */
static bool drain_mine(wsx_thread *self)
{
    wsx_queue *mine[MINE];
    bool others;
    size_t told, n = wsx_queues_of(self, mine, MINE, &others);
    for (size_t i = 0; i < n; i++) {
        wsx_queue_dispatch(mine[i], self, 0, 0, &told);
        wsx_queue_drop(mine[i]);
    }
    return n || others;
}

int32_t wsx_shutdown(wsx_thread *self, int64_t timeout_ms)
{
    int64_t start = now() / 1000000, left = timeout_ms, slice = 0;
    for (;;) {
        int32_t status = wsgo_shutdown(slice, wsx_error_buffer());
        if (status != WS_ERR_TIMEOUT) return status;
        bool queues = drain_mine(self);
        if (timeout_ms >= 0 && (left = timeout_ms - (now() / 1000000 - start)) <= 0)
            return wsx_fail(WS_ERR_TIMEOUT, "callbacks are still running, or events wait in a queue; call ws_shutdown_wait again");
        slice = !queues ? left : left < 0 || left > SLICE ? SLICE : left;
    }
}
