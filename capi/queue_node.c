/* SPDX-License-Identifier: Apache-2.0 */
/* queue_node.c - events that wait, and lines of them: queue->mutex held, or not shared. */
#include <stdlib.h>
#include <time.h>

#include "copy.h"
#include "queue.h"

/* ---- one event -------------------------------------------------------------------------- */

/* How often memory for a message is asked for, a millisecond apart. */
enum { TRIES = 100 };

/* Memory for an event; the loop waits, holding nothing, until the dispatcher has freed some:
 * back-pressure at its hardest. What a peer sends may be large and is given up after a while,
 * NULL, and its connection with it. All else is small, cannot be refused and must not be lost. */
static void *memory(const wsx_record *r, size_t size)
{
    bool peers = r->type == WS_EVENT_MESSAGE || r->type == WS_EVENT_UPGRADE || r->type == WS_EVENT_REQUEST ||
                 r->type == WS_EVENT_SKIPPED;
    void *p;
    for (int tries = 1; !(p = malloc(size)) && !(peers && tries == TRIES); tries++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return p;
}

/* Copies size bytes with a NUL behind them; their new address. */
static inline uint64_t put(void *to, uint64_t from, size_t size)
{
    wsx_copy(to, (const void *)(uintptr_t)from, size);
    ((char *)to)[size] = 0;
    return (uint64_t)(uintptr_t)to;
}

wsx_node *wsx_node_of(const wsx_record *r)
{
    if (r->type == WSX_MARK) {
        wsx_node *n = memory(r, sizeof *n);
        n->chunk = NULL;
        n->record = *r;
        return n;
    }
    size_t payload_size = r->data ? r->size + 1 : 0; /* with the byte behind it */
    if (!r->detail) {
        wsx_node *n = memory(r, sizeof *n + payload_size);
        if (!n) return NULL;
        n->chunk = NULL;
        n->record = *r;
        n->record.data = put(n + 1, r->data, r->size);
        return n;
    }
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    wsx_detail detail = *t;
    struct {
        uint64_t *at;
        size_t size;
    } texts[] = {{&detail.text, strlen((const char *)(uintptr_t)t->text)},
                 {&detail.protocol, strlen((const char *)(uintptr_t)t->protocol)},
                 {&detail.method, strlen((const char *)(uintptr_t)t->method)},
                 {&detail.target, strlen((const char *)(uintptr_t)t->target)},
                 {&detail.reason, (size_t)t->reason_size},
                 {&detail.body, (size_t)t->body_size}};
    enum { TEXTS = sizeof texts / sizeof *texts };
    size_t size = sizeof(wsx_node) + sizeof detail + payload_size;
    for (int i = 0; i < TEXTS; i++) size += texts[i].size + 1;
    wsx_node *n = memory(r, size);
    if (!n) return NULL;
    wsx_detail *mine = (wsx_detail *)(n + 1);
    char *to = (char *)(mine + 1);
    for (int i = 0; i < TEXTS; to += texts[i++].size + 1) *texts[i].at = put(to, *texts[i].at, texts[i].size);
    *mine = detail;
    n->chunk = NULL;
    n->record = *r;
    n->record.detail = (uint64_t)(uintptr_t)mine;
    if (payload_size) n->record.data = put(to, r->data, r->size);
    return n;
}

/* ---- short messages that come in a run -------------------------------------------------------- */

/* Memory that another thread gives back costs more than all else that a short message needs, so those that come
 * together share it, see queue_chunk.c. */
enum { SHORT = 1024 };

static inline bool is_short(const wsx_record *r)
{
    return r->type == WS_EVENT_MESSAGE && !r->detail && r->data && r->size <= SHORT;
}

static inline size_t size_of(const wsx_record *r)
{
    return (sizeof(wsx_node) + r->size + 8) & ~(size_t)7; /* with the byte behind it, rounded up */
}

uint32_t wsx_append_run(wsx_line *line, const wsx_record *r, const wsx_record *end)
{
    size_t size = sizeof(wsx_chunk);
    const wsx_record *stop = r;
    for (; stop < end && stop->slot == r->slot && is_short(stop); stop++) {
        size_t more = size_of(stop);
        if (size + more > WSX_CHUNK_MOST) break;
        size += more;
    }
    uint32_t count = (uint32_t)(stop - r);
    wsx_chunk *chunk = count < 2 ? NULL : wsx_new_chunk(size, count);
    if (!chunk) return 0;
    uint8_t *at = (uint8_t *)(chunk + 1);
    wsx_node *n = NULL, **link = line->last ? &line->last->next : &line->first;
    for (; r < stop; r++) {
        *link = n = (wsx_node *)(void *)at;
        n->chunk = chunk;
        n->record = *r;
        n->record.data = put(n + 1, r->data, r->size);
        at += size_of(r);
        line->bytes += r->size + WSX_NODE_COST;
        link = &n->next;
    }
    *link = NULL;
    line->last = n;
    line->events += count;
    return count;
}

/* What peers say, as much as they like: other events are small. */
uint64_t wsx_cost_of_other(const wsx_record *r)
{
    if (r->type == WS_EVENT_PING || r->type == WS_EVENT_PONG) return r->size + WSX_CONTROL_COST;
    if (r->type == WS_EVENT_SKIPPED) return WSX_NODE_COST + sizeof(wsx_detail);
    if (r->type != WS_EVENT_UPGRADE && r->type != WS_EVENT_REQUEST) return 0;
    const wsx_detail *t = (const wsx_detail *)(uintptr_t)r->detail;
    return r->size + t->body_size + strlen((const char *)(uintptr_t)t->target) + WSX_NODE_COST;
}

bool wsx_pushes_back(const wsx_record *r)
{
    return r->type == WS_EVENT_MESSAGE || r->type == WS_EVENT_PING || r->type == WS_EVENT_PONG ||
           r->type == WS_EVENT_SKIPPED;
}

void wsx_free_node(wsx_node *n)
{
    uint64_t bytes = wsx_cost(&n->record);
    if (n->chunk) wsx_leave_chunk(n->chunk, 1);
    else free(n);
    if (bytes) wsx_count(-(int64_t)bytes);
}

/* ---- lines -------------------------------------------------------------------------------- */

void wsx_append(wsx_line *line, wsx_node *n)
{
    n->next = NULL;
    if (line->last) line->last->next = n;
    else line->first = n;
    line->last = n;
    line->bytes += wsx_cost(&n->record);
    line->events++;
    line->marks += n->record.type == WSX_MARK;
}

void wsx_join_lines(wsx_line *line, wsx_line *from)
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

void wsx_split(wsx_line *line, uint64_t most, wsx_line *first)
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
        first->bytes += wsx_cost(&n->record);
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

void wsx_free_nodes(wsx_node *n)
{
    while (n) {
        wsx_node *next = n->next;
        wsx_free_node(n);
        n = next;
    }
}
