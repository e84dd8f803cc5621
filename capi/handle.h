/* SPDX-License-Identifier: Apache-2.0 */
/* handle.h - handles: what they are, and what may still be done with one. */
#ifndef WSX_HANDLE_H
#define WSX_HANDLE_H

#include <pthread.h>

#include "shared.h"

WSX_HIDDEN_BEGINS

/* ---- what a handle is: kind (3 bits) | generation (22) | index (28) ---------------- */

#define WSX_INDEX_BITS 28
#define WSX_GEN_BITS 22
#define WSX_KIND_CLIENT 1u
#define WSX_KIND_SERVER 2u
#define WSX_KIND_ACCEPTED 3u
#define WSX_KIND_QUEUE 4u
/* Masks for wsx_lookup: which kinds a function takes. */
#define WSX_CLIENT (1u << WSX_KIND_CLIENT)
#define WSX_SERVER (1u << WSX_KIND_SERVER)
#define WSX_ACCEPTED (1u << WSX_KIND_ACCEPTED)
#define WSX_QUEUE (1u << WSX_KIND_QUEUE)
#define WSX_CONNECTION (WSX_CLIENT | WSX_ACCEPTED)
#define WSX_ANY (WSX_CONNECTION | WSX_SERVER)

/* ---- the handle table (table.c) ---------------------------------------------------- */

/* Guards handles, generations, listener lists, the list of queues and the filter of URLs. Under it
 * only the mutex of a queue is taken. */
extern pthread_mutex_t wsx_mutex;

#define WSX_CHUNK_BITS 10
#define WSX_INDEX_MASK ((1ull << WSX_INDEX_BITS) - 1)
#define WSX_KIND(handle) ((uint32_t)((handle) >> (WSX_INDEX_BITS + WSX_GEN_BITS)))

/* Blocks by index; chunks are never unmapped. Written under wsx_mutex. */
extern wsx_block *_Atomic wsx_chunks[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)];

static inline wsx_block *wsx_slot(uint32_t slot)
{
    wsx_block *chunk = atomic_load_explicit(&wsx_chunks[(slot & WSX_INDEX_MASK) >> WSX_CHUNK_BITS],
                                            memory_order_acquire);
    return chunk ? &chunk[slot & ((1u << WSX_CHUNK_BITS) - 1)] : NULL;
}

/* The block of the server of an accepted connection, else NULL. */
static inline wsx_block *wsx_server_of(const wsx_block *block)
{
    return block->server ? wsx_slot(block->server) : NULL;
}

/* The block of a handle of one of the kinds, or NULL. The block may turn stale at any time: after
 * something of it was read, compare the handle again before it is used. */
static inline wsx_block *wsx_lookup(ws_handle handle, uint32_t kinds)
{
    uint32_t kind = WSX_KIND(handle);
    if (kind > 7 || !(kinds >> kind & 1)) return NULL;
    wsx_block *b = wsx_slot((uint32_t)(handle & WSX_INDEX_MASK));
    if (!b || atomic_load_explicit(&b->handle, memory_order_acquire) != handle) return NULL;
    if (atomic_load_explicit(&b->life, memory_order_relaxed) & WSX_LIFE_DEAD) return NULL;
    return b;
}
/* The same, also when it has been ended and still has something to tell. */
static inline wsx_block *wsx_lookup_ending(ws_handle handle, uint32_t kinds)
{
    uint32_t kind = WSX_KIND(handle);
    wsx_block *b = kind <= 7 && kinds >> kind & 1 ? wsx_slot((uint32_t)(handle & WSX_INDEX_MASK)) : NULL;
    return b && atomic_load_explicit(&b->handle, memory_order_acquire) == handle ? b : NULL;
}
/* The same for a front: NULL after wsx_fail has named the argument and *status is set. */
wsx_block *wsx_argument(ws_handle handle, uint32_t kinds, const char *name, int32_t *status);
/* After a fork: the thread that held wsx_mutex is not in the child. */
void wsx_unlock_in_child(void);
/* A new handle with a zeroed block, or NULL when there is none left. wsx_mutex held. */
wsx_block *wsx_take_slot(uint32_t kind, uint32_t server_slot);
/* Ends a handle: the slot goes to the end of the free list, or retires. wsx_mutex held. */
void wsx_give_slot(wsx_block *block);
/* Calls each for every connection of a server whose callbacks run, with its handle, until it returns false;
 * false then. */
struct wsx_waiter;
bool wsx_each_running(uint32_t server_slot, bool (*each)(struct wsx_waiter *, const wsx_block *, ws_handle),
                      struct wsx_waiter *waiter);
/* Marks a handle as dead; false when it was not alive. */
bool wsx_kill(ws_handle handle, uint32_t kinds);

/* ---- handles of all but queues (handle.c) ------------------------------------------ */

/* A new handle with a zeroed block, whose events go where its server's go; NULL when there is
 * none left, or no memory. */
wsx_block *wsx_acquire(uint32_t kind, uint32_t server_slot);
/* Ends a handle, and what it has of listeners and of a queue. */
void wsx_release(wsx_block *block);

/* ---- correlation ids (label.c) ------------------------------------------------ */

enum { WSX_LABEL_MOST = 64 };
/* WS_ERR_PARAMETER, naming the argument, for a text that is no correlation id; NULL is one. */
int32_t wsx_label_check(const char *text, const char *name);
/* Gives a handle a checked one; NULL and "": none. *before, unless before is NULL: what it was, for
 * wsx_label_take_back. */
int32_t wsx_label_give(uint64_t handle, uint32_t kinds, const char *text, const char **before);
void wsx_label_take_back(uint64_t handle, uint32_t kinds, const char *before);
/* The one of a block, "" for none; it stays until the slot is released. */
const char *wsx_label_text(const wsx_block *block);
static inline const char *wsx_label(const wsx_block *block)
{
    return atomic_load_explicit(&block->life, memory_order_relaxed) & WSX_LIFE_LABELLED ? wsx_label_text(block) : "";
}
/* The same for who does not deliver events of it. */
void wsx_label_copy(const wsx_block *block, char text[WSX_LABEL_MOST + 1]);
void wsx_label_clear(wsx_block *block); /* wsx_mutex held */

/* ---- what may still be delivered --------------------------------------------------- */

/* Destroyed, by itself or with its server, NULL: it has none. Nothing is delivered but its last events. */
static inline bool wsx_either_dead(const wsx_block *block, const wsx_block *server)
{
    if (atomic_load_explicit(&block->life, memory_order_acquire) & WSX_LIFE_DEAD) return true;
    return server && atomic_load_explicit(&server->life, memory_order_acquire) & WSX_LIFE_DEAD;
}
/* The same when the block of the server is not at hand. */
static inline bool wsx_dead(const wsx_block *block)
{
    return wsx_either_dead(block, wsx_server_of(block));
}

/* Whether a record is delivered although its connection is paused: completions belong to
 * calls, not to the stream of events, and requests come before it. */
static inline bool wsx_passes_pause(const wsx_record *r)
{
    return r->flags & WSX_REC_FINAL || r->type == WS_EVENT_COMPLETION || r->type == WS_EVENT_UPGRADE ||
           r->type == WS_EVENT_REQUEST;
}

/* Whether it is paused: only what passes a pause is delivered. */
static inline bool wsx_paused(const wsx_block *block)
{
    uint32_t life = atomic_load_explicit(&block->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && !(life & WSX_LIFE_CUT) && !wsx_dead(block);
}
/* It waited for the end of a pause, and then the connection was aborted. */
static inline bool wsx_cut_off(const wsx_block *block, const wsx_record *r)
{
    uint32_t life = atomic_load_explicit(&block->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && life & WSX_LIFE_CUT && !wsx_passes_pause(r) && r->type != WS_EVENT_CLOSE &&
           r->type != WS_EVENT_DESTROYED;
}

/* ---- threads that write themselves (lane.c, direct.c) ------------------------------- */

/* The lane of a slot; NULL: memory ran out, or threads do not write here. */
wsx_lane *wsx_lane_of(uint32_t slot);

/* Writes a short message at once, without Go, if core allows it and nothing is before it:
 * true, and *status is what ws_send returns. The arguments are checked. gathers: it waits in the
 * outbox of the thread, if that has room, until wsx_send_gathered. */
bool wsx_send_direct(wsx_block *block, ws_handle handle, const void *data, size_t size, int32_t type, bool gathers,
                     int32_t *status);

/* ---- what connections hold for a thread (held.c) ------------------------------------ */

struct wsx_thread;
/* ws_send of a callback of a queue, by way of core. The arguments are checked. */
int32_t wsx_send_by_queue(struct wsx_thread *self, ws_handle handle, const void *data, size_t size, int32_t type,
                          ws_callback completion, void *user_data);
/* One more connection that holds something; handle may be stale. */
void wsx_holds_too(struct wsx_thread *self, uint64_t handle);
/* Whether something waits for the thread's wsx_let_go. */
bool wsx_holds(const struct wsx_thread *self);
/* Sends it. errno stays. */
void wsx_let_go(struct wsx_thread *self);
/* The thread ends, and lets go. */
void wsx_holding_ends(struct wsx_thread *self);

/* ---- what a thread gathers (gather.c) ----------------------------------------------- */

/* The outbox of the calling thread, with room for a frame of so many bytes; NULL: there is no memory. */
wsx_outbox *wsx_gathering(struct wsx_thread *self, uint32_t bytes);
/* Notes a frame; nobody else touches the connection. first: nothing of it is gathered. */
void wsx_gather(wsx_outbox *box, wsx_block *block, wsx_lane *lane, const uint8_t *frame, uint32_t size, bool first);
/* Leaves the rest to core: somebody came by, or the kernel took only sent of size bytes. */
void wsx_hand_gathered(wsx_block *block, ws_handle owner, uint32_t epoch, uint64_t size, int64_t sent, int32_t failed);
/* Sends what the thread has gathered. errno stays. */
void wsx_send_gathered(struct wsx_thread *self);
/* The same at the end of what it polled: what it sends from here on is not gathered. */
void wsx_stop_gathering(struct wsx_thread *self);
/* The thread ends: others may have its outbox. */
void wsx_gathering_ends(struct wsx_thread *self);

WSX_HIDDEN_ENDS

#endif
