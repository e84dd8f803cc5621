/* SPDX-License-Identifier: Apache-2.0 */
/*
 * internal.h - what the C fronts and the Go half of capi share.
 *
 * Four structs lie outside the Go heap and are read and written by both
 * halves: the state block of a handle, its lane, the records of an event batch and
 * the outbox of a batch. Their Go twins are in core/block.go, core/direct.go,
 * core/record.go and core/outbox.go; layout.go compares every offset.
 */
#ifndef WSX_INTERNAL_H
#define WSX_INTERNAL_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cancel.h"
#include <libws/ws_types.h>

#include "shape.h"

#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility push(hidden) /* calls and data of our own need no look at the linker's tables */
#endif

/* ---- handles: kind (3 bits) | generation (22) | index (28) -------------- */

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

/* ---- the state block ------------------------------------------------------ */

/* wsx_block.out: flags above, buffered bytes below. */
#define WSX_OUT_OPEN (1ull << 63)   /* sends are accepted */
#define WSX_OUT_FAST (1ull << 62)   /* plain uncompressed server connection: its frames may be corked */
#define WSX_OUT_CORKED (1ull << 61) /* frames wait in the outbox of the running batch */
#define WSX_OUT_QUEUED (1ull << 60) /* frames wait in the connection's queue, or a writer is at work */
#define WSX_OUT_BYTES ((1ull << 48) - 1)
/* See core/direct.go for these. */
#define WSX_OUT_DIRECT (1ull << 58)  /* offered: a thread may write a short message itself */
#define WSX_OUT_SENDING (1ull << 57) /* one does */
#define WSX_OUT_HANDING (1ull << 56) /* it has left the descriptor and calls wsgo_sent */
#define WSX_OUT_SPOKE (1ull << 54)   /* one did since core looked */

/* wsx_block.life */
#define WSX_LIFE_DEAD 1u   /* destroyed, or an accepted connection after its close: calls fail */
#define WSX_LIFE_OPENED 2u /* open (connect) was delivered and close was not */
#define WSX_LIFE_RUNNING 4u /* a dispatcher is delivering events of this handle */
#define WSX_LIFE_PAUSED 8u  /* ws_pause: events are held back. Written by core */
#define WSX_LIFE_HOLDING 16u /* one was: all later ones are, until core has put it into a new batch */
#define WSX_LIFE_QUEUED 32u  /* its events go through a queue; set before the handle is known */
#define WSX_LIFE_CUT 64u     /* aborted: the last events come although it is paused. Written by core */
#define WSX_LIFE_PINGS 128u  /* there was a listener for ping or pong; read by core, which makes these events then */
#define WSX_LIFE_ENDS 256u   /* there was a listener for data-end */
#define WSX_LIFE_UPGRADES 512u  /* a server: there was a listener for upgrades; read by core, which asks then */
#define WSX_LIFE_REQUESTS 1024u /* the same for other requests */
#define WSX_LIFE_UNREAD 2048u   /* not read for now. Core's alone, and so are 4096, 8192 and 16384 */

#define WSX_LIFE_LABELLED 32768u /* it had a correlation id */

/* One per handle, 64 bytes, never unmapped. The first half belongs to core, the
 * second to capi. */
typedef struct wsx_block {
    _Atomic uint64_t out;   /* WSX_OUT_ */
    _Atomic uint64_t limit; /* bytes that may be buffered; while the slot is free: its last generation */
    _Atomic uint32_t state; /* WS_STATE_ */
    _Atomic uint32_t loop;  /* 1 + index of the loop that owns the connection; set before the handle is known */
    uint32_t cork;          /* last segment of this connection in the outbox; owned by the batch */
    uint32_t slot;          /* own index */
    _Atomic uint64_t handle;    /* 0: free. Written under wsx_mutex */
    _Atomic uint32_t life;      /* WSX_LIFE_ */
    _Atomic uint32_t sequence;  /* sequence lock of the listener list; odd: it is being changed */
    _Atomic uint32_t listeners; /* first node, 0: none. Written under wsx_mutex */
    uint32_t server;            /* slot of the server of an accepted connection, else 0; next free slot while free */
    _Atomic uintptr_t user_data;
} wsx_block;
_Static_assert(sizeof(wsx_block) == 64, "one cache line per connection");

/* What a thread needs to write to a connection itself; core's Lane. Made in chunks, like
 * blocks, at the first need of one of them. */
typedef struct wsx_lane {
    _Atomic int32_t descriptor;
    _Atomic uint32_t epoch;
    _Atomic uint64_t messages, bytes; /* plain memory of who holds the claim */
    uint64_t reserved;
} wsx_lane;
/* The lane of a slot; NULL: memory ran out, or threads do not write here. */
wsx_lane *wsx_lane_of(uint32_t slot);

/* The longest message that a thread writes itself. */
#define WSX_DIRECT_MAX 1024

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

/* ---- event batches --------------------------------------------------------- */

#define WSX_REC_FINAL 1u /* delivered even though the handle is dead or paused */
#define WSX_REC_HELD 2u  /* written by wsx_dispatch: not delivered, the connection is paused */
#define WSX_REC_FULL 4u  /* written by wsx_dispatch: went into a queue that has no more room */
#define WSX_REC_ENDS 8u  /* in a queue: the handle ends when the host polls again */
#define WSX_REC_LOST 32u /* written by wsx_dispatch: there was no memory to put it into its queue */
#define WSX_REC_ROOM 16u /* a message: before its data lies the masked header it came with, free for an answer's */
#define WSX_REC_PART(flags) ((flags) >> 8) /* WS_PART_ of a message */

/* Types of records that are no events, for handles with a queue only. */
#define WSX_RESUMED 255 /* the queue holds back no longer */
#define WSX_MARK 254    /* the dispatcher tells core when it comes here */

/* One event. Messages carry data and size, all others a detail, some both. */
typedef struct wsx_record {
    uint32_t slot;
    uint8_t type;         /* WS_EVENT_, as seen by a client or connection */
    uint8_t message_type; /* WS_TEXT, WS_BINARY */
    uint16_t flags;       /* WSX_REC_ */
    uint64_t data; /* payload, a writable byte follows it; 0: none */
    uint64_t size;
    uint64_t detail; /* address of a wsx_detail, 0 for messages */
} wsx_record;

/* What the rarer events say. Lies in the arena of the batch. */
typedef struct wsx_detail {
    uint64_t callback; /* of a completion */
    uint64_t user_data;
    uint64_t text; /* NUL-terminated */
    uint64_t reason;
    uint64_t reason_size;
    uint64_t protocol; /* NUL-terminated */
    uint64_t method;   /* NUL-terminated */
    uint64_t target;   /* NUL-terminated */
    uint64_t body;     /* a NUL behind it */
    uint64_t body_size;
    int64_t round_trip_us, delay_ms;
    int32_t status, code, clean, error, stage, os_error, operation, attempt, will_reconnect, reserved;
} wsx_detail;

/* ---- the memory budget (memory.c) ------------------------------------------- */

/* Bytes of all buffers together; core's loop.Meter, and what its methods do. */
typedef struct wsx_meter {
    _Atomic int64_t used;
    _Atomic int64_t budget, tight, low; /* written by core when it starts */
    _Atomic uint32_t waiting;
    uint32_t reserved;
} wsx_meter;
extern wsx_meter wsx_memory;

/* Counts bytes that were taken, or with a minus were given back. It may call Go. */
void wsx_count(int64_t bytes);
/* Counts bytes if they are within the budget. */
bool wsx_claim(size_t bytes);
/* Memory is short. */
bool wsx_tight(void);

/* ---- the outbox -------------------------------------------------------------- */

/* Bytes for one connection: in outbox.bytes, or in the data of an event of the batch. */
typedef struct wsx_segment {
    uint64_t data;
    uint32_t size;
    uint32_t slot;
    uint32_t next; /* next segment of the same connection, 0: none. Segment 0 is never used */
    uint32_t head; /* bit 0: first segment of its connection; WSX_HEAD_MESSAGE for each message that begins in it, and
                      WSX_HEAD_PAIR for each two bytes that a header has beyond two: for ws_server_stats */
} wsx_segment;

#define WSX_HEAD_FIRST 1u
#define WSX_HEAD_PAIR (1u << 1)     /* an outbox has room for 2016 of them */
#define WSX_HEAD_MESSAGE (1u << 13) /* and for 131072 of these */

/* Frames written inside callbacks, sent when the callbacks of the batch have returned. */
typedef struct wsx_outbox {
    uint64_t bytes;    /* address */
    uint64_t segments; /* address */
    uint32_t bytes_cap, bytes_used;
    uint32_t segments_cap, segments_used; /* used counts segment 0 */
    uint64_t claimed;  /* bytes of segments outside the outbox, which the budget counts until they are sent */
} wsx_outbox;

/* What became of a batch. */
typedef struct wsx_outcome {
    uint32_t unheard; /* messages that no listener took */
    uint32_t marked;  /* records with WSX_REC_HELD or WSX_REC_FULL */
} wsx_outcome;

/* A listener as a dispatcher sees it. Start with all zero. */
typedef struct wsx_listener {
    uint64_t id;
    uintptr_t callback, user;
    uint32_t sequence; /* wsx_block.sequence of the list it was seen in */
    bool more;         /* there was another one for the type behind it */
} wsx_listener;

/* A dispatcher at work, on its stack: a loop with a batch, or a thread with a queue. */
typedef struct wsx_dispatcher {
    uint32_t loop; /* as in wsx_block.loop; 0 for a queue: nothing is corked */
    struct wsx_queue *queue; /* NULL: a loop */
    wsx_outbox *outbox;    /* of the loop, else NULL */
    wsx_block *block;      /* whose events are being delivered */
    wsx_block *server;     /* of an accepted connection, else NULL */
    const uint8_t *data;   /* data of the current event ... */
    size_t size;           /* ... it lives until the outbox is sent */
    bool room;             /* WSX_REC_ROOM, and nobody has used it yet */
    int32_t message_type;  /* of the current event, else 0 */
    wsx_outcome outcome;
    ws_event event; /* the one that is told */
    bool rare;      /* the last event was no message */
    const wsx_block *heard_by; /* who heard the last message by a single listener ... */
    wsx_listener listener;     /* ... this one */
} wsx_dispatcher;

/* Runs the callbacks of a batch; what belongs to queues goes there. */
wsx_outcome wsx_dispatch(uint32_t loop, wsx_record *records, uint32_t count, wsx_outbox *outbox);

/* The event in which nothing is set. */
extern const ws_event wsx_blank;
/* Makes the event of a record out of a blank one and does what comes before its
 * callbacks. False: nobody may hear of it. The connection's view: a server hears
 * connect and message-receive instead of open and message. */
bool wsx_event_begins(wsx_block *block, const wsx_record *record, ws_event *event);
/* Does what comes after the callbacks, also when there were none. */
void wsx_event_ends(wsx_block *block, const wsx_record *record);
/* Runs the callbacks of one record on this thread, whose dispatcher is d. False: nobody
 * may hear of it. Start d with event = wsx_blank; wsx_delivered ends a run of records. */
bool wsx_deliver(wsx_dispatcher *d, wsx_block *block, const wsx_record *record);
void wsx_delivered(wsx_dispatcher *d);
/* Whether a record is told although its connection is paused: completions belong to
 * calls, not to the stream of events, and requests come before it. */
static inline bool wsx_passes_pause(const wsx_record *r)
{
    return r->flags & WSX_REC_FINAL || r->type == WS_EVENT_COMPLETION || r->type == WS_EVENT_UPGRADE ||
           r->type == WS_EVENT_REQUEST;
}
/* Destroyed, by itself or with its server: nothing is told but the ends (life.c). */
bool wsx_dead(const wsx_block *block);
/* The same for who has the block of the server, NULL: it has none. */
static inline bool wsx_either_dead(const wsx_block *block, const wsx_block *server)
{
    if (atomic_load_explicit(&block->life, memory_order_acquire) & WSX_LIFE_DEAD) return true;
    return server && atomic_load_explicit(&server->life, memory_order_acquire) & WSX_LIFE_DEAD;
}

/* ---- the thread's own state (thread.c) ----------------------------------- */

typedef struct wsx_error {
    char text[500];
} wsx_error;

typedef struct wsx_thread {
    wsx_error error;
    wsx_dispatcher *dispatcher; /* not NULL inside a callback */
    void (*ends)(struct wsx_thread *); /* called when it ends; NULL until it dispatches a queue */
    enum { WSX_ANYWHERE, WSX_ON_MAIN, WSX_ELSEWHERE } place; /* the process's first thread, or not; boot.c */
    uint32_t masks[64]; /* random, for frames of clients that the thread writes itself ... */
    uint32_t masks_left; /* ... of which this many are not used yet */
    enum { WSX_OUTSIDE, WSX_INSIDE, WSX_OURS } inside; /* Go; OURS: a thread of the library, whose signals are always blocked */
    sigset_t mask; /* the host's, while it is inside; gate.c */
    sigjmp_buf *probing; /* where a fault in wsx_readable leads, when the host has no handler for it; fault.c */
} wsx_thread;

/* The Go runtime makes the loader keep this library's thread-local block static
 * on glibc anyway, so the fastest access costs nothing more there. */
#if defined(__GLIBC__)
#define WSX_TLS __thread __attribute__((tls_model("initial-exec")))
#else
#define WSX_TLS __thread
#endif
extern WSX_TLS wsx_thread *wsx_this_thread; /* NULL until wsx_make_self */
wsx_thread *wsx_make_self(void);
/* The calling thread's state; NULL only when memory ran out. */
static inline wsx_thread *wsx_self(void)
{
    return __builtin_expect(wsx_this_thread != NULL, 1) ? wsx_this_thread : wsx_make_self();
}
/* Writes the thread's error text and returns status. */
int32_t wsx_fail(int32_t status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text buffer for a Go export; cleared. May be NULL. */
static inline wsx_error *wsx_error_buffer(void)
{
    wsx_thread *t = wsx_self();
    if (!t) return NULL;
    t->error.text[0] = 0;
    return &t->error;
}

/* ---- threads of the library (threads.c) -------------------------------------- */

/* Makes a detached thread. 0 or an errno. */
int wsx_start_thread(void *(*body)(void *), void *argument);
/* Sees to it that the runtime has so many threads in all, and ends those that it does not
 * need any more. *there: how many there are; with fewer an errno is returned. */
int wsx_threads_provide(uint32_t all, uint32_t *there);
/* The reserve is low and the system gives no thread: nothing should begin that may need one. */
bool wsx_threads_short(void);
/* Runs body on a thread of the reserve; waits for one if need be. */
void wsx_thread_run(void *(*body)(void *), void *argument);
/* Starts the thread that fills the reserve up. 0 or an errno. */
int wsx_threads_keep(void);
/* How often the runtime stood because the system refused a thread. */
extern _Atomic uint32_t wsx_threads_refused;
void wsx_threads_in_child(void);

/* The runtime needs a thread for each processor that it uses and for each loop, and some more:
 * its first one, its monitor, one that makes others, one that waits for sockets, and as many as
 * come late out of a system call on a busy machine. 7 were seen. With fewer than it needs it
 * stands for a while, with fewer than the least it cannot start. */
#define WSX_SPARE_THREADS 12
#define WSX_LEAST_THREADS 5
#define WSX_RESERVE 6 /* unused ones that there should always be */
#define WSX_PROCESSORS 2 /* when it starts */

/* ---- whether calls are refused (refusal.c) ----------------------------------- */

/* WS_OK, or what every call returns: in a child of fork() for good, while no thread can be made for now. */
extern _Atomic int32_t wsx_refusal;
/* Returns wsx_refusal, with its text. */
int32_t wsx_refuse(void);

/* ---- the start of the Go runtime (start.c) ---------------------------------- */

/* Starts the runtime if need be: WS_OK, or why it cannot, with a text. Before every export
 * (exports.h), but of those that are given a handle which exists. It takes milliseconds. */
int32_t wsx_start(void);
bool wsx_started(void);
/* Whether the system gives what the runtime wants at its start; a text if not (probe.c). */
int32_t wsx_probe(void);
/* What the runtime waits with: an epoll descriptor that watches an eventfd (poller.c). The
 * arguments of the runtime name both, and what the epoll descriptor tells when the eventfd
 * is readable; cmake/GoRuntime.cmake has the same numbers. */
typedef struct wsx_poller {
    int epoll, bell;
} wsx_poller;
enum { WSX_AT_POLLER = 0x77730001, WSX_AT_POLLER_BELL = 0x77730002, WSX_POLLER_WOKEN = 1 };
/* 0 or an errno. */
int wsx_poller_make(wsx_poller *p);
void wsx_poller_close(wsx_poller *p);
/* Takes a descriptor out of the numbers 0 to 2, which are the host's also when it has closed
 * them; see core/fd. -1 stays, and a failure closes it. */
int wsx_raised(int fd);
/* Makes sure that what has not started never will; false when it has. */
bool wsx_ended_unstarted(void);

/* ---- signals (gate.c, fault.c) ------------------------------------------------ */

/* Which signals a thread of the library blocks, and one of the host while it is in Go (threads.c). */
void wsx_block_signals(sigset_t *set);
/* Go calls C, and what follows is the host's code: on a thread of the host it runs with the
 * host's mask. Returns what wsx_step_in, which follows, wants. */
bool wsx_step_out(wsx_thread *self);
void wsx_step_in(wsx_thread *self, bool stepped);
/* Go calls C on a thread that did not come through the gate, so it is the library's. */
static inline void wsx_is_ours(wsx_thread *self)
{
    if (self && self->inside == WSX_OUTSIDE) self->inside = WSX_OURS;
}

/* A file as far as most + 1 bytes, or NULL; wsx_free_file wipes it (file.c). */
char *wsx_read_file(const char *path, size_t most, size_t *size, int *error, bool *opened);
void wsx_free_file(char *data, size_t size);

/* Right before Go starts: it passes on to us what faults outside of it, and we to the host. */
void wsx_take_faults(void);
/* Reads a byte of each page of a host's memory, so that a fault is raised here, where nothing
 * is begun and the host's handler may do as it likes. False, with the error's text, when the
 * memory cannot be read and the host has no handler. name is the argument's. */
bool wsx_readable(const void *data, size_t size, const char *name);

/* First lines of every front: may this process use the library, and a fresh error text. */
#define WSX_ENTER()                           \
    do {                                      \
        if (wsx_refusal) return wsx_refuse(); \
        wsx_error_buffer();                   \
    } while (0)

/* ws_set_url_filter, and whether the filter, if there is one, lets clients connect to url (url_filter.c). */
void wsx_set_url_filter(ws_url_filter filter, void *user_data);
bool wsx_url_allowed(const char *url);

/* The WS_ENGINE_ that the environment variable WS_ENGINE names, else the default. *unknown: what it says
 * when that is no engine, else NULL. */
int32_t wsx_default_engine(const char **unknown);
/* The WS_LOG_ that the environment variable WS_LOG names: that much goes to stderr when the host wants no
 * log. 0: none; *unknown as above. */
int32_t wsx_wanted_log(const char **unknown);
void WS_CALL wsx_log_to_stderr(int32_t level, const char *line, void *unused);

/* Writes a short message at once, without Go, if core allows it and nothing is before it:
 * true, and *status is what ws_send returns. The arguments are checked (direct.c). */
bool wsx_send_direct(wsx_block *block, ws_handle handle, const void *data, size_t size, int32_t type, int32_t *status);

typedef struct wsx_waiter wsx_waiter; /* a thread that waits, below */

/* ---- the handle table (table.c) -------------------------------------------- */

extern pthread_mutex_t wsx_mutex; /* guards handles, generations, listener lists, the filter of URLs; innermost lock */

#define WSX_CHUNK_BITS 10
#define WSX_INDEX_MASK ((1ull << WSX_INDEX_BITS) - 1)
#define WSX_KIND(handle) ((uint32_t)((handle) >> (WSX_INDEX_BITS + WSX_GEN_BITS)))

/* Blocks by index; chunks are never unmapped. Written under wsx_mutex. */
extern wsx_block *_Atomic wsx_chunks[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)];

static inline wsx_block *wsx_slot(uint32_t slot)
{
    wsx_block *chunk = atomic_load_explicit(&wsx_chunks[(slot & WSX_INDEX_MASK) >> WSX_CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[slot & ((1u << WSX_CHUNK_BITS) - 1)] : NULL;
}

/* The block of the server of an accepted connection, else NULL. */
static inline wsx_block *wsx_server_of(const wsx_block *block)
{
    return block->server ? wsx_slot(block->server) : NULL;
}

/* The block of a handle of one of the kinds, or NULL. The block may turn stale at any time: who has
 * read something of it looks at the handle again before he believes it. */
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
/* After a fork: whoever held wsx_mutex is not here. */
void wsx_unlock_in_child(void);
/* A new handle with a zeroed block, or NULL when there is none left. wsx_mutex held. */
wsx_block *wsx_take_slot(uint32_t kind, uint32_t server_slot);
/* Ends a handle: the slot goes to the end of the free list, or retires. wsx_mutex held. */
void wsx_give_slot(wsx_block *block);
/* Calls each for every connection of a server whose callbacks run, with its handle, until it returns false;
 * false then. */
bool wsx_each_running(uint32_t server_slot, bool (*each)(wsx_waiter *, const wsx_block *, ws_handle), wsx_waiter *waiter);
/* Marks a handle as dead; false when it was not alive. */
bool wsx_kill(ws_handle handle, uint32_t kinds);

/* ---- handles of all but queues (handle.c) ------------------------------------- */

/* A new handle with a zeroed block, whose events go where its server's go; NULL when there is
 * none left, or no memory. */
wsx_block *wsx_acquire(uint32_t kind, uint32_t server_slot);
/* Ends a handle, and what it has of listeners and of a queue. */
void wsx_release(wsx_block *block);

/* ---- listeners (listeners.c) -------------------------------------------------- */

int32_t wsx_on(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data);
/* Removes what matches; callback NULL: all of the type. *block: whose list it was. */
int32_t wsx_off(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data, wsx_block **block);
/* Goes on to the next listener for type; false when there is none. */
bool wsx_listener_next(wsx_block *block, int32_t type, wsx_listener *listener);
/* The newest listener id: those added during an event wait for the next one. */
uint64_t wsx_listener_newest(void);
void wsx_listeners_clear(wsx_block *block); /* wsx_mutex held */

/* ---- queues (queue.c) ------------------------------------------------------------ */

/* Makes block's events go through a queue; false when the handle is none, or memory ran
 * out. Before anybody knows block's handle. wsx_release undoes it. */
bool wsx_queue_join(wsx_block *block, ws_handle queue);
/* The same, through the queue of server, if it has one. */
bool wsx_queue_inherit(wsx_block *block, wsx_block *server);
void wsx_queue_leave(wsx_block *block);
/* What waits in all queues. */
void wsx_queue_totals(uint64_t *events, uint64_t *bytes);
/* ws_shutdown_wait; delivers what waits in queues that nobody else drains. */
int32_t wsx_shutdown(int64_t timeout_ms);

#include "await.h"
#include "exports.h"

#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility pop
#endif

#endif
