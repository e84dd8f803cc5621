/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_line.c - what stands in line: how a loop appends events, and how a
 * dispatcher takes them off.
 */
#include "debug.h"
#include "queue.h"

/* One connection may fill this part of a queue. */
enum { SHARE = 8 };

/* Puts older in front of what waits in s. */
static void put_in_front(wsx_queue *q, wsx_stream *s, wsx_line *older)
{
    q->bytes += older->bytes;
    q->events += older->events;
    wsx_join_lines(older, &s->waiting);
    s->waiting = *older;
    *older = (wsx_line){0};
}

static void stand_in_line(wsx_queue *q, wsx_stream *s)
{
    s->place = WSX_STREAM_READY;
    s->next = NULL;
    if (q->ready_last) q->ready_last->next = s;
    else q->ready_first = s;
    q->ready_last = s;
}

/* ---- the loop's side -------------------------------------------------------------------------- */

uint32_t wsx_push(wsx_pushing *p, wsx_block *b, wsx_record *r, const wsx_record *end)
{
    if (!p->stream || p->stream->block != b) {
        wsx_pushed(p);
        p->stream = wsx_stream_of(b->slot); /* there as long as the slot is the handle's: WSX_LIFE_QUEUED says so */
        WSX_DEBUG(wsx_debug_check_stream(b));
    }
    if (r->type == WSX_RESUMED) {
        p->resumed = true;
        return 1;
    }
    if (r->type == WS_EVENT_CLOSE) p->stream->torn = false; /* a client may have another connection */
    bool message = r->type == WS_EVENT_MESSAGE || r->type == WS_EVENT_SKIPPED;
    if (p->stream->torn && message) return 1;
    uint32_t run = wsx_append_run(&p->line, r, end);
    if (run) {
        p->message = r + run - 1;
        return run;
    }
    wsx_node *n = wsx_node_of(r);
    if (!n) { /* core ends the connection */
        r->flags |= WSX_REC_LOST;
        p->marked++;
        p->stream->torn = message;
        return 1;
    }
    wsx_append(&p->line, n);
    if (wsx_pushes_back(r)) p->message = r;
    return 1;
}

uint32_t wsx_pushed(wsx_pushing *p)
{
    wsx_stream *s = p->stream;
    if (s) {
        wsx_queue *q = s->queue;
        wsx_wake how = WSX_WAKE_NOBODY;
        if (p->line.bytes) wsx_count((int64_t)p->line.bytes);
        pthread_mutex_lock(&q->mutex);
        q->bytes += p->line.bytes;
        q->events += p->line.events;
        q->undelivered_bytes += p->line.bytes;
        q->undelivered_events += p->line.events - p->line.marks;
        wsx_join_lines(&s->waiting, &p->line);
        if (p->resumed) put_in_front(q, s, &s->held);
        if (s->waiting.first && s->place == WSX_STREAM_IDLE) {
            stand_in_line(q, s);
            how = wsx_wake_begins(q);
        }
        if (p->message && !s->link_full &&
            (q->bytes > q->max_bytes || s->waiting.bytes + s->held.bytes > q->max_bytes / SHARE || wsx_tight())) {
            s->next_full = q->full;
            s->link_full = &q->full;
            if (q->full) q->full->link_full = &s->next_full;
            q->full = s;
            p->message->flags |= WSX_REC_FULL;
            p->marked++;
        }
        bool undispatched = !q->dispatching;
        wsx_thread *owner = atomic_load(&q->owner);
        pthread_mutex_unlock(&q->mutex);
        if (undispatched && atomic_load(&wsx_waiters)) wsx_tell_work(q, owner);
        if (how != WSX_WAKE_NOBODY) wsx_wake_ends(q, how);
    }
    uint32_t marked = p->marked;
    *p = (wsx_pushing){.marked = marked};
    return marked;
}

void wsx_push_node(wsx_stream *s, wsx_node *n)
{
    wsx_pushing p = {.stream = s};
    wsx_append(&p.line, n);
    wsx_pushed(&p);
}

/* ---- the dispatcher's side: mutex held --------------------------------------------------------- */

wsx_stream *wsx_take(wsx_queue *q, uint64_t most, wsx_line *taken)
{
    wsx_stream *s = q->ready_first;
    if (!(q->ready_first = s->next)) q->ready_last = NULL;
    s->place = WSX_STREAM_TAKEN;
    *taken = (wsx_line){0};
    q->bytes -= s->waiting.bytes;
    q->events -= s->waiting.events;
    if (wsx_paused(s->block)) {
        while (s->waiting.first && taken->events < most) {
            wsx_node *n = wsx_shift(&s->waiting);
            wsx_append(wsx_passes_pause(&n->record) ? taken : &s->held, n);
        }
    } else {
        wsx_join_lines(&s->held, &s->waiting);
        s->waiting = s->held;
        s->held = (wsx_line){0};
        wsx_split(&s->waiting, most, taken);
    }
    q->bytes += s->waiting.bytes;
    q->events += s->waiting.events;
    q->undelivered_bytes -= taken->bytes;
    q->undelivered_events -= taken->events - taken->marks;
    return s;
}

void wsx_give_back(wsx_queue *q, wsx_stream *s, wsx_line *rest)
{
    q->undelivered_bytes += rest->bytes;
    q->undelivered_events += rest->events - rest->marks;
    if (rest->first) put_in_front(q, s, rest);
    s->place = WSX_STREAM_IDLE;
    if (s->waiting.first) stand_in_line(q, s);
}

size_t wsx_no_longer_full(wsx_queue *q, uint64_t *handles, size_t capacity)
{
    size_t n = 0;
    uint64_t most = wsx_tight() ? 0 : q->max_bytes / SHARE / 2; /* of one stream */
    if (q->bytes > q->max_bytes / 2) return 0;
    for (wsx_stream **link = &q->full; *link && n < capacity;) {
        wsx_stream *s = *link;
        if (s->waiting.bytes + s->held.bytes > most) {
            link = &s->next_full;
            continue;
        }
        if ((*link = s->next_full)) s->next_full->link_full = link;
        s->link_full = NULL;
        handles[n++] = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
    }
    return n;
}
