/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_line.c - what stands in line: how a loop appends events, and how a
 * dispatcher takes them off.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "queue.h"

/* One connection may fill this part of a queue. */
enum { SHARE = 8 };

/* ---- lines: mutex held, or not shared ----------------------------------------------------- */

/* What peers say, as much as they like: other events are small. */
static uint64_t cost(const wsx_record *r)
{
    if (r->type == WS_EVENT_MESSAGE) return r->size + WSX_NODE_COST;
    if (r->type != WS_EVENT_UPGRADE && r->type != WS_EVENT_REQUEST) return 0;
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    return r->size + t->body_size + strlen((const char *)(uintptr_t)t->target) + WSX_NODE_COST;
}

void wsx_append(wsx_line *line, wsx_node *n)
{
    n->next = NULL;
    if (line->last) line->last->next = n;
    else line->first = n;
    line->last = n;
    line->bytes += cost(&n->record);
    line->events++;
    line->marks += n->record.type == WSX_MARK;
}

wsx_node *wsx_shift(wsx_line *line)
{
    wsx_node *n = line->first;
    if (!(line->first = n->next)) line->last = NULL;
    line->bytes -= cost(&n->record);
    line->events--;
    line->marks -= n->record.type == WSX_MARK;
    return n;
}

/* Moves all of from behind line. */
static void join_lines(wsx_line *line, wsx_line *from)
{
    if (!from->first) return;
    if (line->last) line->last->next = from->first;
    else line->first = from->first;
    line->last = from->last;
    line->bytes += from->bytes;
    line->events += from->events;
    line->marks += from->marks;
    *from = (wsx_line){0};
}

/* Moves the first events of line, most of them, into an empty one. */
static void split(wsx_line *line, uint64_t most, wsx_line *first)
{
    if (line->events <= most) {
        *first = *line;
        *line = (wsx_line){0};
        return;
    }
    *first = (wsx_line){0};
    for (wsx_node *n = line->first; first->events < most; n = n->next) {
        first->last = n;
        first->events++;
        first->bytes += cost(&n->record);
        first->marks += n->record.type == WSX_MARK;
    }
    if (!first->last) return;
    first->first = line->first;
    line->first = first->last->next;
    first->last->next = NULL;
    line->bytes -= first->bytes;
    line->events -= first->events;
    line->marks -= first->marks;
}

/* Puts older in front of what waits in s. */
static void put_in_front(wsx_queue *q, wsx_stream *s, wsx_line *older)
{
    q->bytes += older->bytes;
    q->events += older->events;
    join_lines(older, &s->waiting);
    s->waiting = *older;
    *older = (wsx_line){0};
}

uint64_t wsx_discard(wsx_node *n)
{
    uint64_t bytes = cost(&n->record);
    free(n);
    return bytes;
}

void wsx_free_node(wsx_node *n)
{
    uint64_t bytes = wsx_discard(n);
    if (bytes) wsx_count(-(int64_t)bytes);
}

void wsx_free_nodes(wsx_node *n)
{
    while (n) {
        wsx_node *next = n->next;
        wsx_free_node(n);
        n = next;
    }
}

/* ---- waking the consumer ------------------------------------------------------------------- */

/* The descriptor is ours and never full, so nothing else fails than what the host has done to it. */
static void make_readable(wsx_queue *q)
{
    uint64_t one = 1;
    while (write(q->write_fd, &one, q->write_fd == q->fd ? sizeof one : 1) < 0 && errno == EINTR) {}
}

static void make_unreadable(wsx_queue *q)
{
    uint64_t one;
    while (read(q->fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

/* A loop may have decided to make it readable and be about to. Nobody waits for that with the
 * mutex held: the host is woken for nothing then, and the next dispatcher looks again. */
void wsx_settle_fd(wsx_queue *q)
{
    if (q->fd < 0) return;
    if (q->ready_first) {
        if (!q->told) make_readable(q);
        q->told = true;
    } else if (q->told || q->stray) {
        q->told = false;
        q->stray = atomic_load(&q->writes); /* before it is read: what is done by now is seen there */
        make_unreadable(q);
    }
}

static void stand_in_line(wsx_queue *q, wsx_stream *s)
{
    s->place = WSX_STREAM_READY;
    s->next = NULL;
    if (q->ready_last) q->ready_last->next = s;
    else q->ready_first = s;
    q->ready_last = s;
}

/* How a loop wakes the consumer. It is decided with the mutex held and done without: who
 * wakes up wants the mutex first, and would sleep again until the loop gives it up. */
enum wake { NOBODY, SLEEPER, DESCRIPTOR };

/* Mutex held. Unless nobody is woken the queue has a reference for wake. A dispatcher
 * that does not sleep settles the descriptor when it leaves. */
static enum wake whom(wsx_queue *q)
{
    enum wake how = NOBODY;
    if (q->waiting) how = SLEEPER;
    else if (!q->dispatching && q->fd >= 0 && !q->told) how = DESCRIPTOR;
    if (how == SLEEPER) q->waiting = false;
    if (how == DESCRIPTOR) {
        q->told = true;
        atomic_fetch_add(&q->writes, 1);
    }
    if (how != NOBODY) atomic_fetch_add(&q->references, 1);
    return how;
}

static void wake(wsx_queue *q, enum wake how)
{
    if (how == SLEEPER) {
        wsx_ring(q->bell);
    } else {
        make_readable(q);
        atomic_fetch_sub(&q->writes, 1);
    }
    wsx_queue_drop(q);
}

/* ---- the loop's side -------------------------------------------------------------------------- */

/* How often memory for a message is asked for, a millisecond apart. */
enum { TRIES = 100 };

/* Memory for an event; the loop waits, holding nothing, until the dispatcher has freed some:
 * back-pressure at its hardest. What a peer sends may be large and is given up after a while,
 * NULL, and its connection with it. All else is small, cannot be refused and must not be lost. */
static void *memory(const wsx_record *r, size_t size)
{
    bool peers = r->type == WS_EVENT_MESSAGE || r->type == WS_EVENT_UPGRADE || r->type == WS_EVENT_REQUEST;
    void *p;
    for (int tries = 1; !(p = malloc(size)) && !(peers && tries == TRIES); tries++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return p;
}

/* Copies size bytes with a NUL behind them; their new address. */
static uint64_t put(void *to, uint64_t from, size_t size)
{
    memcpy(to, (const void *)(uintptr_t)from, size);
    ((char *)to)[size] = 0;
    return (uint64_t)(uintptr_t)to;
}

/* NULL: there is no memory for what a peer has sent. */
static wsx_node *copy(const wsx_record *r)
{
    if (r->type == WSX_MARK) {
        wsx_node *n = memory(r, sizeof *n);
        n->record = *r;
        return n;
    }
    size_t payload_size = r->data ? r->size + 1 : 0; /* with the byte behind it */
    if (!r->detail) {
        wsx_node *n = memory(r, sizeof *n + payload_size);
        if (!n) return NULL;
        n->record = *r;
        n->record.data = put(n + 1, r->data, r->size);
        return n;
    }
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    wsx_detail told = *t;
    struct {
        uint64_t *at;
        size_t size;
    } texts[] = {{&told.text, strlen((const char *)(uintptr_t)t->text)},
                 {&told.protocol, strlen((const char *)(uintptr_t)t->protocol)},
                 {&told.method, strlen((const char *)(uintptr_t)t->method)},
                 {&told.target, strlen((const char *)(uintptr_t)t->target)},
                 {&told.reason, (size_t)t->reason_size},
                 {&told.body, (size_t)t->body_size}};
    enum { TEXTS = sizeof texts / sizeof *texts };
    size_t size = sizeof(wsx_node) + sizeof told + payload_size;
    for (int i = 0; i < TEXTS; i++) size += texts[i].size + 1;
    wsx_node *n = memory(r, size);
    if (!n) return NULL;
    wsx_detail *mine = (wsx_detail *)(n + 1);
    char *to = (char *)(mine + 1);
    for (int i = 0; i < TEXTS; to += texts[i++].size + 1) *texts[i].at = put(to, *texts[i].at, texts[i].size);
    *mine = told;
    n->record = *r;
    n->record.detail = (uint64_t)(uintptr_t)mine;
    if (payload_size) n->record.data = put(to, r->data, r->size);
    return n;
}

void wsx_push(wsx_pushing *p, wsx_block *b, wsx_record *r)
{
    if (!p->stream || p->stream->block != b) {
        wsx_pushed(p);
        p->stream = wsx_stream_of(b->slot); /* there as long as the slot is the handle's: WSX_LIFE_QUEUED says so */
    }
    if (r->type == WSX_RESUMED) {
        p->resumed = true;
        return;
    }
    if (r->type == WS_EVENT_CLOSE) p->stream->torn = false; /* a client may have another connection */
    if (p->stream->torn && r->type == WS_EVENT_MESSAGE) return;
    wsx_node *n = copy(r);
    if (!n) { /* core ends the connection */
        r->flags |= WSX_REC_LOST;
        p->marked++;
        p->stream->torn = r->type == WS_EVENT_MESSAGE;
        return;
    }
    wsx_append(&p->line, n);
    if (r->type == WS_EVENT_MESSAGE) p->message = r;
}

uint32_t wsx_pushed(wsx_pushing *p)
{
    wsx_stream *s = p->stream;
    if (s) {
        wsx_queue *q = s->queue;
        enum wake how = NOBODY;
        if (p->line.bytes) wsx_count((int64_t)p->line.bytes);
        pthread_mutex_lock(&q->mutex);
        q->bytes += p->line.bytes;
        q->events += p->line.events;
        q->untold_bytes += p->line.bytes;
        q->untold_events += p->line.events - p->line.marks;
        join_lines(&s->waiting, &p->line);
        if (p->resumed) put_in_front(q, s, &s->held);
        if (s->waiting.first && s->place == WSX_STREAM_IDLE) {
            stand_in_line(q, s);
            how = whom(q);
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
        pthread_mutex_unlock(&q->mutex);
        if (how != NOBODY) wake(q, how);
    }
    uint32_t marked = p->marked;
    *p = (wsx_pushing){.marked = marked};
    return marked;
}

/* ---- the dispatcher's side: mutex held --------------------------------------------------------- */

bool wsx_holds(const wsx_block *b)
{
    uint32_t life = atomic_load_explicit(&b->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && !(life & WSX_LIFE_CUT) && !wsx_dead(b);
}

bool wsx_cut_off(const wsx_block *b, const wsx_record *r)
{
    uint32_t life = atomic_load_explicit(&b->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && life & WSX_LIFE_CUT && !wsx_passes_pause(r) && r->type != WS_EVENT_CLOSE &&
           r->type != WS_EVENT_DESTROYED;
}

wsx_stream *wsx_take(wsx_queue *q, uint64_t most, wsx_line *taken)
{
    wsx_stream *s = q->ready_first;
    if (!(q->ready_first = s->next)) q->ready_last = NULL;
    s->place = WSX_STREAM_TAKEN;
    *taken = (wsx_line){0};
    q->bytes -= s->waiting.bytes;
    q->events -= s->waiting.events;
    if (wsx_holds(s->block)) {
        while (s->waiting.first && taken->events < most) {
            wsx_node *n = wsx_shift(&s->waiting);
            wsx_append(wsx_passes_pause(&n->record) ? taken : &s->held, n);
        }
    } else {
        join_lines(&s->held, &s->waiting);
        s->waiting = s->held;
        s->held = (wsx_line){0};
        split(&s->waiting, most, taken);
    }
    q->bytes += s->waiting.bytes;
    q->events += s->waiting.events;
    q->untold_bytes -= taken->bytes;
    q->untold_events -= taken->events - taken->marks;
    return s;
}

void wsx_give_back(wsx_queue *q, wsx_stream *s, wsx_line *rest)
{
    q->untold_bytes += rest->bytes;
    q->untold_events += rest->events - rest->marks;
    if (rest->first) put_in_front(q, s, rest);
    s->place = WSX_STREAM_IDLE;
    if (s->waiting.first) stand_in_line(q, s);
}

size_t wsx_rooms(wsx_queue *q, uint64_t *handles, size_t capacity)
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
