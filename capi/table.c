/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - the handle table: index to state block, with generations.
 *
 * Blocks live in chunks that are never unmapped, so that reading the block of a
 * stale handle is harmless: its generation is another one. Free slots are reused first-in
 * first-out; a slot whose generations are used up is retired.
 */
#include <stdlib.h>

#include "debug.h"
#include "handle.h"
#include "system.h"
#include "thread.h"

#define CHUNK (1u << WSX_CHUNK_BITS)
#define GEN_MAX ((1u << WSX_GEN_BITS) - 1)

pthread_mutex_t wsx_mutex = PTHREAD_MUTEX_INITIALIZER;

wsx_block *_Atomic wsx_chunks[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)];
static uint32_t slots = 1;                /* slots made so far; slot 0 is never used. Under wsx_mutex */
static uint32_t free_first, free_last;    /* FIFO linked by block->server. Under wsx_mutex */

void wsx_unlock_in_child(void)
{
    wsx_mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}

wsx_block *wsx_argument(ws_handle handle, uint32_t kinds, const char *name, int32_t *status)
{
    static const char *const wanted[] = {"a client or connection", "a server", "an accepted connection",
                                         "a client, connection or server", "a client", "a queue"};
    wsx_block *b = wsx_lookup(handle, kinds);
    if (b) return b;
    /* The module's 2302006; the kind of a handle outlives it. */
    if (kinds & WSX_ACCEPTED && WSX_KIND(handle) == WSX_KIND_ACCEPTED) {
        *status = wsx_fail(WS_ERR_NO_CONNECTION,
                           "%s: %#llx is no accepted connection: it is stale or was never given out",
                           name, (unsigned long long)handle);
        return NULL;
    }
    const char *what = wanted[kinds == WSX_CONNECTION ? 0
                              : kinds == WSX_SERVER   ? 1
                              : kinds == WSX_ACCEPTED ? 2
                              : kinds == WSX_CLIENT   ? 4
                              : kinds == WSX_QUEUE    ? 5
                                                      : 3];
    const char *why = handle == 0                                ? "is 0"
                      : wsx_lookup(handle, WSX_ANY | WSX_QUEUE) ? "is of another kind"
                                                                 : "is stale or was never given out";
    *status = wsx_fail(WS_ERR_HANDLE, "%s: %#llx is not %s: it %s", name, (unsigned long long)handle, what, why);
    return NULL;
}

/* A slot that is free, or NULL. wsx_mutex held. */
static wsx_block *free_slot(void)
{
    if (free_first) {
        wsx_block *b = wsx_slot(free_first);
        free_first = b->server;
        if (!free_first) free_last = 0;
        return b;
    }
    if (slots > WSX_INDEX_MASK) return NULL;
    if (!wsx_slot(slots)) {
        wsx_block *chunk = wsx_lasting(CHUNK * sizeof *chunk);
        if (!chunk) return NULL;
        memset(chunk, 0, CHUNK * sizeof *chunk);
        atomic_store_explicit(&wsx_chunks[slots >> WSX_CHUNK_BITS], chunk, memory_order_release);
    }
    wsx_block *b = wsx_slot(slots);
    b->slot = slots++;
    return b;
}

wsx_block *wsx_take_slot(uint32_t kind, uint32_t server_slot)
{
    wsx_block *b = free_slot();
    if (!b) return NULL;
    uint64_t generation = atomic_load_explicit(&b->limit, memory_order_relaxed) + 1;
    b->out = 0;
    b->limit = 0;
    b->state = WS_STATE_CLOSED;
    b->loop = 0;
    b->cork = 0;
    b->life = 0;
    b->user_data = 0;
    b->server = server_slot;
    atomic_store_explicit(&b->handle,
                          (uint64_t)kind << (WSX_INDEX_BITS + WSX_GEN_BITS) | generation << WSX_INDEX_BITS | b->slot,
                          memory_order_release);
    WSX_DEBUG(wsx_debug_taken(b));
    return b;
}

void wsx_give_slot(wsx_block *b)
{
    WSX_DEBUG(wsx_debug_given(b));
    uint64_t generation = b->handle >> WSX_INDEX_BITS & GEN_MAX;
    atomic_store_explicit(&b->handle, 0, memory_order_release);
    b->limit = generation;
    b->server = 0;
    if (generation == GEN_MAX) return;
    if (free_last) wsx_slot(free_last)->server = b->slot;
    else free_first = b->slot;
    free_last = b->slot;
}

bool wsx_kill(ws_handle handle, uint32_t kinds)
{
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_lookup(handle, kinds);
    if (b) atomic_fetch_or(&b->life, WSX_LIFE_DEAD);
    pthread_mutex_unlock(&wsx_mutex);
    return b != NULL;
}

bool wsx_each_running(uint32_t server_slot, bool (*each)(struct wsx_waiter *, const wsx_block *, ws_handle),
                      struct wsx_waiter *w)
{
    bool room = true;
    for (uint32_t at = 0; room && at <= WSX_INDEX_MASK; at += CHUNK) {
        pthread_mutex_lock(&wsx_mutex); /* a free slot uses server for something else */
        wsx_block *chunk = wsx_slot(at);
        for (uint32_t i = 0; chunk && room && i < CHUNK; i++) {
            ws_handle handle = chunk[i].handle;
            if (handle && chunk[i].server == server_slot && atomic_load(&chunk[i].life) & WSX_LIFE_RUNNING)
                room = each(w, &chunk[i], handle);
        }
        pthread_mutex_unlock(&wsx_mutex);
        if (!chunk) break; /* chunks are made in turn */
    }
    return room;
}
