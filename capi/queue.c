/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - queues and streams: who belongs to which, and what stands in line. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/eventfd.h>
#endif

#include "queue.h"

enum { DEFAULT_BYTES = 16 << 20, SHARE = 8 };

static wsx_queue *all; /* every queue that was not destroyed; under wsx_mutex */

/* ---- by slot: the stream of a handle, or the queue whose handle it is ---------------- */

typedef void *_Atomic link_chunk[1u << WSX_CHUNK_BITS];
static link_chunk *_Atomic links[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* grows under wsx_mutex; never unmapped */

static void *link_of(uint32_t slot)
{
    link_chunk *chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    return chunk ? atomic_load_explicit(&(*chunk)[slot & ((1u << WSX_CHUNK_BITS) - 1)], memory_order_acquire) : NULL;
}

/* False when memory ran out, which it does not for NULL. */
static bool set_link(uint32_t slot, void *to)
{
    link_chunk *chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    if (!chunk && !to) return true;
    if (!chunk) {
        pthread_mutex_lock(&wsx_mutex);
        chunk = atomic_load_explicit(&links[slot >> WSX_CHUNK_BITS], memory_order_acquire);
        if (!chunk && (chunk = calloc(1, sizeof *chunk)))
            atomic_store_explicit(&links[slot >> WSX_CHUNK_BITS], chunk, memory_order_release);
        pthread_mutex_unlock(&wsx_mutex);
        if (!chunk) return false;
    }
    atomic_store_explicit(&(*chunk)[slot & ((1u << WSX_CHUNK_BITS) - 1)], to, memory_order_release);
    return true;
}

/* ---- queues ---------------------------------------------------------------------------- */

ws_handle wsx_queue_make(const ws_queue_options *o)
{
    wsx_queue *q = calloc(1, sizeof *q);
    wsx_block *b = q ? wsx_acquire(WSX_KIND_QUEUE, 0) : NULL;
    if (!b || !set_link(b->slot, q)) {
        if (b) wsx_release(b);
        free(q);
        wsx_fail(WS_ERR_MEMORY, "no handle is left, or no memory for it");
        return 0;
    }
    ws_handle handle = b->handle;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&q->filled, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&q->mutex, NULL);
    q->references = 1;
    q->block = b;
    q->max_bytes = o->max_bytes ? (uint64_t)o->max_bytes : DEFAULT_BYTES;
    q->threaded = o->flags & WS_QUEUE_THREAD;
    q->fd = q->write_fd = -1;
    pthread_mutex_lock(&wsx_mutex);
    q->next = all;
    q->link = &all;
    if (all) all->link = &q->next;
    all = q;
    pthread_mutex_unlock(&wsx_mutex);
    if (q->threaded) {
        atomic_fetch_add(&q->references, 1);
        int error = wsx_queue_start_thread(q);
        if (error) {
            wsx_queue_drop(q);
            wsx_queue_close(q);
            wsx_fail(WS_ERR_UNKNOWN, "starting a thread for the queue: %s", strerror(error));
            return 0;
        }
    }
    return handle;
}

wsx_queue *wsx_queue_hold(ws_handle handle, int32_t *status)
{
    wsx_queue *q = NULL;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, WSX_QUEUE, "queue", status);
    if (b && (q = link_of(b->slot))) atomic_fetch_add(&q->references, 1);
    else if (b) *status = wsx_fail(WS_ERR_HANDLE, "queue: is not ready yet");
    pthread_mutex_unlock(&wsx_mutex);
    return q;
}

int32_t wsx_queue_close(wsx_queue *q)
{
    pthread_mutex_lock(&q->mutex);
    bool closed = q->closed, busy = q->users || (q->dispatching && !q->threaded);
    uint32_t users = q->users;
    if (!busy) q->closed = true;
    pthread_cond_broadcast(&q->filled);
    pthread_mutex_unlock(&q->mutex);
    if (closed) return wsx_fail(WS_ERR_HANDLE, "queue: was just destroyed by another thread");
    if (users) return wsx_fail(WS_ERR_BUSY, "queue: %u clients, servers and connections still use it", users);
    if (busy) return wsx_fail(WS_ERR_BUSY, "queue: a thread is dispatching it");
    pthread_mutex_lock(&wsx_mutex);
    if ((*q->link = q->next)) q->next->link = q->link;
    set_link(q->block->slot, NULL);
    pthread_mutex_unlock(&wsx_mutex);
    wsx_release(q->block);
    wsx_queue_drop(q);
    return WS_OK;
}

int32_t wsx_queue_descriptor(wsx_queue *q, int32_t *fd)
{
    int ends[2] = {-1, -1};
    pthread_mutex_lock(&q->mutex);
    if (q->fd < 0) {
#if defined(__linux__)
        ends[0] = ends[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
#else
        if (!pipe(ends))
            for (int i = 0; i < 2; i++) {
                fcntl(ends[i], F_SETFD, FD_CLOEXEC);
                fcntl(ends[i], F_SETFL, O_NONBLOCK);
            }
#endif
        q->fd = ends[0];
        q->write_fd = ends[1];
        wsx_settle_fd(q);
    }
    int error = errno, made = q->fd;
    pthread_mutex_unlock(&q->mutex);
    if (made < 0) return wsx_fail(WS_ERR_UNKNOWN, "making a descriptor for the queue: %s", strerror(error));
    *fd = made;
    return WS_OK;
}

void wsx_queue_drop(wsx_queue *q)
{
    if (atomic_fetch_sub(&q->references, 1) > 1) return;
    wsx_free_nodes(q->polled.first);
    if (q->fd >= 0) close(q->fd);
    if (q->write_fd != q->fd) close(q->write_fd);
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

size_t wsx_queues_of(wsx_thread *self, wsx_queue **queues, size_t capacity, bool *others)
{
    size_t n = 0;
    *others = false;
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        if (q->threaded) continue;
        wsx_thread *owner = atomic_load(&q->owner);
        pthread_mutex_lock(&q->mutex);
        bool mine = q->users && !q->dispatching && (!owner || owner == self) && n < capacity;
        if (q->users && !mine) *others = true;
        pthread_mutex_unlock(&q->mutex);
        if (!mine) continue;
        atomic_fetch_add(&q->references, 1);
        queues[n++] = q;
    }
    pthread_mutex_unlock(&wsx_mutex);
    return n;
}

void wsx_queue_thread_ends(wsx_thread *thread)
{
    pthread_mutex_lock(&wsx_mutex);
    for (wsx_queue *q = all; q; q = q->next) {
        wsx_thread *owner = thread;
        atomic_compare_exchange_strong(&q->owner, &owner, NULL);
    }
    pthread_mutex_unlock(&wsx_mutex);
}

/* ---- streams ----------------------------------------------------------------------------- */

/* Makes the stream of b; q's reference goes to it. */
static bool join(wsx_block *b, wsx_queue *q)
{
    wsx_stream *s = calloc(1, sizeof *s);
    if (!s || !set_link(b->slot, s)) {
        free(s);
        wsx_queue_drop(q);
        return false;
    }
    s->queue = q;
    s->block = b;
    s->counted = true;
    pthread_mutex_lock(&q->mutex);
    bool closed = q->closed;
    if (!closed) q->users++;
    pthread_mutex_unlock(&q->mutex);
    if (closed) {
        set_link(b->slot, NULL);
        free(s);
        wsx_queue_drop(q);
        return false;
    }
    atomic_fetch_or(&b->life, WSX_LIFE_QUEUED);
    return true;
}

bool wsx_queue_join(wsx_block *b, ws_handle queue)
{
    int32_t status;
    wsx_queue *q = wsx_queue_hold(queue, &status);
    return q && join(b, q);
}

bool wsx_queue_inherit(wsx_block *b, wsx_block *server)
{
    if (!(atomic_load(&server->life) & WSX_LIFE_QUEUED)) return true;
    wsx_stream *s = link_of(server->slot); /* the server lives at least as long as its connections */
    atomic_fetch_add(&s->queue->references, 1);
    return join(b, s->queue);
}

void wsx_queue_leave(wsx_block *b)
{
    if (!(atomic_load(&b->life) & WSX_LIFE_QUEUED)) return;
    wsx_stream *s = link_of(b->slot);
    wsx_queue *q = s->queue;
    set_link(b->slot, NULL);
    atomic_fetch_and(&b->life, ~WSX_LIFE_QUEUED);
    pthread_mutex_lock(&q->mutex);
    wsx_stream_ends(q, s);
    pthread_mutex_unlock(&q->mutex);
    free(s);
    wsx_queue_drop(q);
}

void wsx_stream_ends(wsx_queue *q, wsx_stream *s)
{
    if (s->counted) q->users--;
    s->counted = false;
    wsx_free_nodes(s->held.first);
    s->held = (wsx_line){0};
    if (s->link_full) {
        *s->link_full = s->next_full;
        if (s->next_full) s->next_full->link_full = s->link_full;
        s->link_full = NULL;
    }
}

void wsx_free_nodes(wsx_node *n)
{
    while (n) {
        wsx_node *next = n->next;
        free(n);
        n = next;
    }
}

/* ---- lines: mutex held, or not shared ----------------------------------------------------- */

static uint64_t cost(const wsx_record *r)
{
    return r->type == WS_EVENT_MESSAGE ? r->size + WSX_NODE_COST : 0;
}

void wsx_append(wsx_line *line, wsx_node *n)
{
    n->next = NULL;
    if (line->last) line->last->next = n;
    else line->first = n;
    line->last = n;
    line->bytes += cost(&n->record);
    line->events++;
}

wsx_node *wsx_shift(wsx_line *line)
{
    wsx_node *n = line->first;
    if (!(line->first = n->next)) line->last = NULL;
    line->bytes -= cost(&n->record);
    line->events--;
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
    *from = (wsx_line){0};
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

/* ---- waking the consumer ------------------------------------------------------------------- */

void wsx_settle_fd(wsx_queue *q)
{
    if (q->fd < 0 || q->told == (q->ready_first != NULL)) return;
    uint64_t one = 1;
    q->told = !q->told;
    /* Neither can fail but for a signal: the descriptor is ours and never full. */
    if (q->told)
        while (write(q->write_fd, &one, q->write_fd == q->fd ? sizeof one : 1) < 0 && errno == EINTR) {}
    else
        while (read(q->fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

static void stand_in_line(wsx_queue *q, wsx_stream *s)
{
    s->place = WSX_STREAM_READY;
    s->next = NULL;
    if (q->ready_last) q->ready_last->next = s;
    else q->ready_first = s;
    q->ready_last = s;
    if (q->waiting) {
        q->waiting = false;
        pthread_cond_signal(&q->filled);
    }
    if (!q->dispatching) wsx_settle_fd(q); /* a dispatcher does it when it leaves */
}

/* ---- the loop's side -------------------------------------------------------------------------- */

/* Memory for an event. Events cannot be refused and must not be lost, so when there
 * is none the loop waits until the dispatcher has freed some: back-pressure at its
 * hardest. */
static void *memory(size_t size)
{
    void *p;
    while (!(p = malloc(size))) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return p;
}

static wsx_node *copy(const wsx_record *r)
{
    if (r->type == WSX_MARK) {
        wsx_node *n = memory(sizeof *n);
        n->record = *r;
        return n;
    }
    if (r->type == WS_EVENT_MESSAGE) {
        wsx_node *n = memory(sizeof *n + r->size + 1);
        n->record = *r;
        n->record.data = (uint64_t)(uintptr_t)(n + 1);
        memcpy(n + 1, (const void *)(uintptr_t)r->data, r->size);
        return n;
    }
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    const char *text = (const char *)(uintptr_t)t->text;
    size_t text_size = strlen(text) + 1;
    wsx_node *n = memory(sizeof *n + sizeof *t + text_size + t->reason_size + 1);
    wsx_detail *mine = (wsx_detail *)(n + 1);
    char *to = (char *)(mine + 1);
    *mine = *t;
    mine->text = (uint64_t)(uintptr_t)memcpy(to, text, text_size);
    to += text_size;
    mine->reason = (uint64_t)(uintptr_t)memcpy(to, (const void *)(uintptr_t)t->reason, t->reason_size);
    to[t->reason_size] = 0;
    n->record = *r;
    n->record.detail = (uint64_t)(uintptr_t)mine;
    return n;
}

void wsx_push(wsx_pushing *p, wsx_block *b, wsx_record *r)
{
    if (!p->stream || p->stream->block != b) {
        wsx_pushed(p);
        if (!(p->stream = link_of(b->slot))) return; /* a late word to a handle that is gone */
    }
    if (r->type == WSX_RESUMED) {
        p->resumed = true;
        return;
    }
    wsx_append(&p->line, copy(r));
    if (r->type == WS_EVENT_MESSAGE) p->message = r;
}

uint32_t wsx_pushed(wsx_pushing *p)
{
    wsx_stream *s = p->stream;
    if (s) {
        wsx_queue *q = s->queue;
        pthread_mutex_lock(&q->mutex);
        q->bytes += p->line.bytes;
        q->events += p->line.events;
        join_lines(&s->waiting, &p->line);
        if (p->resumed) put_in_front(q, s, &s->held);
        if (s->waiting.first && s->place == WSX_STREAM_IDLE) stand_in_line(q, s);
        if (p->message && !s->link_full &&
            (q->bytes > q->max_bytes || s->waiting.bytes + s->held.bytes > q->max_bytes / SHARE)) {
            s->next_full = q->full;
            s->link_full = &q->full;
            if (q->full) q->full->link_full = &s->next_full;
            q->full = s;
            p->message->flags |= WSX_REC_FULL;
            p->marked++;
        }
        pthread_mutex_unlock(&q->mutex);
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
    bool holds = wsx_holds(s->block);
    if (!holds && s->held.first) put_in_front(q, s, &s->held);
    while (s->waiting.first && taken->events < most) {
        wsx_node *n = wsx_shift(&s->waiting);
        q->bytes -= cost(&n->record);
        q->events--;
        wsx_append(holds && !wsx_passes_pause(&n->record) ? &s->held : taken, n);
    }
    return s;
}

void wsx_give_back(wsx_queue *q, wsx_stream *s, wsx_line *rest)
{
    if (rest->first) put_in_front(q, s, rest);
    s->place = WSX_STREAM_IDLE;
    if (s->waiting.first) stand_in_line(q, s);
}

size_t wsx_rooms(wsx_queue *q, uint64_t *handles, size_t capacity)
{
    size_t n = 0;
    if (q->bytes > q->max_bytes / 2) return 0;
    for (wsx_stream **link = &q->full; *link && n < capacity;) {
        wsx_stream *s = *link;
        if (s->waiting.bytes + s->held.bytes > q->max_bytes / SHARE / 2) {
            link = &s->next_full;
            continue;
        }
        if ((*link = s->next_full)) s->next_full->link_full = link;
        s->link_full = NULL;
        handles[n++] = atomic_load_explicit(&s->block->handle, memory_order_relaxed);
    }
    return n;
}
