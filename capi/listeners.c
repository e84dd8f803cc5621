/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners.c - the listeners of a handle, read without a lock by dispatchers.
 *
 * Writers hold wsx_mutex and bump the block's sequence before and after. A
 * reader walks the list, then checks that the sequence did not move; else it
 * walks again. Nodes come from chunks that are never unmapped, so a walk over a
 * list that is being changed reads old nodes, never foreign memory.
 */
#include <sched.h>
#include <stdlib.h>

#include "dispatch.h"

typedef struct node {
    _Atomic uint64_t id; /* grows over the life of the process: registration order */
    _Atomic uintptr_t callback;
    _Atomic uintptr_t user;
    _Atomic uint32_t next;
    _Atomic int32_t type;
} node;

#define CHUNK 1024u
#define CHUNKS 1024u
static node *_Atomic chunks[CHUNKS]; /* written under wsx_mutex */
static uint32_t nodes = 1;           /* made so far; node 0 is never used. Under wsx_mutex */
static uint32_t free_nodes;          /* LIFO linked by next. Under wsx_mutex */
static _Atomic uint64_t newest;

static node *at(uint32_t index)
{
    node *chunk = atomic_load_explicit(&chunks[index / CHUNK % CHUNKS], memory_order_acquire);
    return chunk ? &chunk[index % CHUNK] : NULL;
}

/* wsx_mutex held. */
static uint32_t take_node(void)
{
    uint32_t index = free_nodes;
    if (index) {
        free_nodes = at(index)->next;
        return index;
    }
    if (nodes >= CHUNK * CHUNKS) return 0;
    if (!at(nodes)) {
        node *chunk = calloc(CHUNK, sizeof *chunk);
        if (!chunk) return 0;
        atomic_store_explicit(&chunks[nodes / CHUNK], chunk, memory_order_release);
    }
    return nodes++;
}

/* wsx_mutex held. */
static void give_node(uint32_t index)
{
    atomic_store_explicit(&at(index)->next, free_nodes, memory_order_relaxed);
    free_nodes = index;
}

static void change_begins(wsx_block *b)
{
    atomic_store_explicit(&b->sequence, b->sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
}

static void change_ends(wsx_block *b)
{
    atomic_store(&b->sequence, b->sequence + 1); /* sequentially consistent: see await.c */
}

uint64_t wsx_listener_newest(void)
{
    return atomic_load_explicit(&newest, memory_order_acquire);
}

bool wsx_listener_next(wsx_block *b, int32_t type, wsx_listener *l)
{
    for (;;) {
        uint32_t before = atomic_load(&b->sequence); /* after the dispatcher set RUNNING: see await.c */
        uint32_t index = atomic_load_explicit(&b->listeners, memory_order_relaxed);
        wsx_listener found = {0};
        /* The bound ends a walk over nodes that are being moved to another list. */
        for (uint32_t steps = 0; index && steps < CHUNK * CHUNKS && !found.more; steps++) {
            node *n = at(index);
            if (!n) break;
            uint64_t id = atomic_load_explicit(&n->id, memory_order_relaxed);
            if (atomic_load_explicit(&n->type, memory_order_relaxed) == type && id > l->id) {
                if (found.id) {
                    found.more = true;
                } else {
                    found.id = id;
                    found.callback = atomic_load_explicit(&n->callback, memory_order_relaxed);
                    found.user = atomic_load_explicit(&n->user, memory_order_relaxed);
                }
            }
            index = atomic_load_explicit(&n->next, memory_order_relaxed);
            if (steps % 64 == 63 && atomic_load_explicit(&b->sequence, memory_order_relaxed) != before) break;
        }
        atomic_thread_fence(memory_order_acquire);
        if (!(before & 1) && atomic_load_explicit(&b->sequence, memory_order_relaxed) == before) {
            found.sequence = before;
            *l = found;
            return found.id != 0;
        }
        sched_yield(); /* the writer may be waiting for this processor */
    }
}

int32_t wsx_on(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data)
{
    int32_t status = WS_OK;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, kinds, kinds == WSX_SERVER ? "server" : "handle", &status);
    uint32_t index = b ? take_node() : 0;
    if (b && !index) status = wsx_fail(WS_ERR_MEMORY, "callback: no memory for another listener");
    if (index) {
        node *n = at(index);
        uint64_t id = newest + 1;
        n->callback = (uintptr_t)callback;
        n->user = (uintptr_t)user_data;
        n->type = type;
        n->next = 0;
        n->id = id;
        change_begins(b);
        _Atomic uint32_t *link = &b->listeners;
        while (*link) link = &at(*link)->next;
        atomic_store_explicit(link, index, memory_order_relaxed);
        change_ends(b);
        atomic_store_explicit(&newest, id, memory_order_release);
        if (type == WS_EVENT_PING || type == WS_EVENT_PONG) atomic_fetch_or(&b->life, WSX_LIFE_PINGS);
        if (type == WS_EVENT_DATA_END) atomic_fetch_or(&b->life, WSX_LIFE_ENDS);
        if (type == WS_EVENT_UPGRADE) atomic_fetch_or(&b->life, WSX_LIFE_UPGRADES);
        if (type == WS_EVENT_TOPIC_BEGIN || type == WS_EVENT_TOPIC_END) atomic_fetch_or(&b->life, WSX_LIFE_TOPICS);
        if (type == WS_EVENT_REQUEST) atomic_fetch_or(&b->life, WSX_LIFE_REQUESTS);
    }
    pthread_mutex_unlock(&wsx_mutex);
    return status;
}

/* Whether there is a listener of a type. wsx_mutex is held. */
static bool listens(wsx_block *b, int32_t type)
{
    uint32_t index = b->listeners;
    while (index && at(index)->type != type) index = at(index)->next;
    return index;
}

int32_t wsx_off(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data,
                wsx_block **block)
{
    int32_t status = WS_OK;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, kinds, kinds == WSX_SERVER ? "server" : "handle", &status);
    if (b) {
        change_begins(b);
        for (_Atomic uint32_t *link = &b->listeners; *link;) {
            uint32_t index = *link;
            node *n = at(index);
            if (n->type == type &&
                (!callback || (n->callback == (uintptr_t)callback && n->user == (uintptr_t)user_data))) {
                atomic_store_explicit(link, n->next, memory_order_relaxed);
                give_node(index);
            } else {
                link = &n->next;
            }
        }
        change_ends(b);
        /* From here on the server answers such requests by itself again. */
        if (type == WS_EVENT_UPGRADE && !listens(b, type)) atomic_fetch_and(&b->life, ~WSX_LIFE_UPGRADES);
        if (type == WS_EVENT_REQUEST && !listens(b, type)) atomic_fetch_and(&b->life, ~WSX_LIFE_REQUESTS);
    }
    pthread_mutex_unlock(&wsx_mutex);
    *block = b;
    return status;
}

void wsx_listeners_clear(wsx_block *b)
{
    change_begins(b);
    while (b->listeners) {
        uint32_t index = b->listeners;
        atomic_store_explicit(&b->listeners, at(index)->next, memory_order_relaxed);
        give_node(index);
    }
    change_ends(b);
}
