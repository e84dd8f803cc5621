/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue.h - the queue between a loop and a thread of the host.
 *
 * A handle whose events go through a queue has a stream: its own line of events.
 * A loop copies records into streams. Streams with events stand in the queue's
 * line of ready ones, so that one that is paused leaves it and delays no other
 * (queue_line.c). A dispatcher takes a few events off the first stream, delivers them
 * without a lock, and lets the stream stand in line again (queue_dispatch.c).
 */
#ifndef WSX_QUEUE_H
#define WSX_QUEUE_H

#include "await.h"
#include "dispatch.h"
#include "flag.h"

WSX_HIDDEN_BEGINS

/* Memory of the short messages of a run, which follow it. The last of them gives it back. */
typedef struct wsx_chunk {
    _Atomic uint64_t users;
    bool whole; /* of WSX_CHUNK_MOST bytes */
} wsx_chunk;

/* An event that waits: a record with everything it points to behind it. */
typedef struct wsx_node {
    struct wsx_node *next;
    wsx_chunk *chunk; /* which it is a part of; NULL: none */
    wsx_record record;
} wsx_node;

/* What a message counts beside its payload, so that empty ones are not free. */
#define WSX_NODE_COST 64u
/* The same for a ping or pong, which has a detail. */
#define WSX_CONTROL_COST 256u

typedef struct wsx_line {
    wsx_node *first, *last;
    uint64_t bytes;  /* of messages, with WSX_NODE_COST each */
    uint64_t events; /* all of them */
    uint64_t marks;  /* WSX_MARK among them, which are no events of the host */
} wsx_line;

/* The events of one handle. Made with the handle, freed when its slot is released, which
 * is after the destroyed event came out. Everything is guarded by queue->mutex. */
typedef struct wsx_stream {
    struct wsx_queue *queue; /* never changes */
    wsx_block *block;        /* never changes */
    wsx_line waiting;
    wsx_line held;           /* older than waiting: held back by a pause */
    bool torn;               /* the loop's: a message was lost, and so is what follows it on its connection */
    struct wsx_stream *next; /* in the line of ready streams */
    struct wsx_stream *next_full, **link_full; /* in the list of full ones; link_full NULL: not in it */
    uint64_t polled;         /* the ws_queue_poll that got some of its events */
    uint64_t turn;           /* the ws_queue_poll that may get no more of them */
    enum { WSX_STREAM_IDLE, WSX_STREAM_READY, WSX_STREAM_TAKEN } place;
    bool counted;            /* in queue->users */
} wsx_stream;

/* ---- bells (bell.c) -------------------------------------------------------------- */

/* Counts rings above, and whether ws_queue_wake was called below. There is one for each slot of a
 * queue, never unmapped. */
typedef _Atomic uint32_t wsx_bell;
#define WSX_BELL_CALLED 1u
#define WSX_BELL_RING 2u
/* Wakes the thread that waits: for the queue's own purposes, and for ws_queue_wake, also in a signal handler. */
void wsx_ring(wsx_bell *bell);
void wsx_call(wsx_bell *bell);
/* Waits until the bell is no longer as it was seen, or the time is over, -1: for ever, or for no
 * reason. Nothing is locked. The thread's cancellation is disabled and deferred before and after,
 * and enabled or not as it says in between: a point of cancellation. */
void wsx_await_bell(wsx_bell *bell, uint32_t seen, int64_t ns, int cancellation);

typedef struct wsx_queue {
    atomic_int references; /* the handle, streams, the library's thread, calls */
    /* Guarded by wsx_mutex. */
    struct wsx_queue *next, **link; /* in the list of all queues */
    /* Never change. */
    wsx_block *block;
    wsx_bell *bell;
    uint64_t max_bytes;
    bool threaded; /* a thread of the library dispatches it */
    bool gathers;  /* WS_QUEUE_GATHER */

    _Atomic(wsx_thread *) owner; /* who dispatched last; NULL: nobody, or a thread that has ended */
    _Atomic uint32_t writes;     /* to the flag that were decided on and are not done */

    pthread_mutex_t mutex; /* guards everything below, and the streams; only wsx_mutex may be held already */
    wsx_stream *ready_first, *ready_last;
    wsx_stream *full;
    uint64_t bytes, events; /* in waiting lines */
    uint64_t undelivered_bytes, undelivered_events; /* in waiting and held ones, without marks: for ws_stats */
    uint64_t turn;
    uint32_t users;         /* handles whose destroyed event is still to come */
    wsx_stream own;         /* what was posted to the queue itself */
    bool closed;            /* destroyed: nobody may join */
    bool dispatching;
    bool asleep;            /* the dispatcher waits at the bell, without the mutex ... */
    bool waiting;           /* ... and nobody is about to ring */
    bool readable;          /* the flag is, or a loop is about to make it so */
    bool stray;             /* it may become readable although no event waits */
    wsx_flag flag;          /* the descriptor; made when asked for */
    wsx_line polled;        /* what the last ws_queue_poll got; the host may still look at it */
} wsx_queue;

/* ---- queue.c -------------------------------------------------------------------- */

/* A new queue with checked options, its handle, and a reference for the caller; NULL after wsx_fail. */
wsx_queue *wsx_queue_make(const ws_queue_options *options, ws_handle *handle);
/* The queue of a handle, with a reference; NULL after wsx_fail. */
wsx_queue *wsx_queue_find(ws_handle handle, int32_t *status);
void wsx_queue_drop(wsx_queue *q);
/* ws_queue_wake. Takes no lock: also in a signal handler. */
int32_t wsx_queue_wake(ws_handle handle);
/* ws_queue_destroy, of a queue of which the caller has a reference. */
int32_t wsx_queue_close(wsx_queue *q);
/* Whether self has dispatched q last, or nobody or an ended thread has. It stays so while q->mutex is held. */
bool wsx_queue_is_mine(const wsx_queue *q, const wsx_thread *self);
/* Queues that are self's at this moment, only this one unless it is NULL, in which events wait; with references.
 * Returns how many were put into queues. */
size_t wsx_queues_ready(wsx_thread *self, const wsx_queue *only, wsx_queue **queues, size_t capacity);
/* The queue of a handle that may be ending, with a reference; NULL when it has none, or is gone. */
wsx_queue *wsx_queue_of(const wsx_block *block, ws_handle handle);
/* wsx_thread.ends of a thread that dispatches: queues forget their owner. */
void wsx_queue_thread_ends(wsx_thread *thread);

/* Makes block's events go through a queue; false when the handle is none, or memory ran
 * out. Before anybody knows block's handle. wsx_release undoes it. */
bool wsx_queue_join(wsx_block *block, ws_handle queue);
/* The same, through the queue of server, if it has one. */
bool wsx_queue_inherit(wsx_block *block, wsx_block *server);
void wsx_queue_leave(wsx_block *block);
/* What waits in all queues. */
void wsx_queue_totals(uint64_t *events, uint64_t *bytes);

/* The stream of a handle, NULL when it has none. */
wsx_stream *wsx_stream_of(uint32_t slot);

/* ws_shutdown_wait was called: no handle joins a queue any more. Who waits at a queue without
 * users is woken. */
void wsx_queues_end(void);
bool wsx_queues_ended(void);
/* The stream's last event is about to be delivered. queue->mutex held. */
void wsx_stream_ends(wsx_queue *q, wsx_stream *s);

/* ---- queue_chunk.c ------------------------------------------------------------------ */

enum { WSX_CHUNK_MOST = 16 << 10 };
/* One of so many bytes, itself among them; NULL: there is no memory. */
wsx_chunk *wsx_new_chunk(size_t size, uint64_t users);
/* So many of its users are gone. */
void wsx_leave_chunk(wsx_chunk *chunk, uint64_t users);
/* Those that wait for the next run go back, and hardly one stays from here on. */
void wsx_free_chunks(void);

/* ---- queue_node.c: queue->mutex held, or not shared ---------------------------------- */

/* A copy of a record with all that it points to. NULL: there is no memory for what a peer has sent. */
wsx_node *wsx_node_of(const wsx_record *record);
/* Appends copies of the short messages of one connection with which the records up to end begin; they share memory.
 * How many; 0: there are not two of them, or there is no memory. */
uint32_t wsx_append_run(wsx_line *line, const wsx_record *record, const wsx_record *end);
/* A message is in the memory budget from when it was pushed to here. */
void wsx_free_node(wsx_node *node);
/* What an event counts in the budget and in a line. */
uint64_t wsx_cost_of_other(const wsx_record *record);
static inline uint64_t wsx_cost(const wsx_record *r)
{
    return r->type == WS_EVENT_MESSAGE ? r->size + WSX_NODE_COST : wsx_cost_of_other(r);
}
/* Whether a connection sends such events as it likes, and so has to wait while there is no room for more. */
bool wsx_pushes_back(const wsx_record *record);
void wsx_free_nodes(wsx_node *first);
void wsx_append(wsx_line *line, wsx_node *node);
/* Takes the first one off. */
static inline wsx_node *wsx_shift(wsx_line *line)
{
    wsx_node *n = line->first;
    if (!(line->first = n->next)) line->last = NULL;
    line->bytes -= wsx_cost(&n->record);
    line->events--;
    line->marks -= n->record.type == WSX_MARK;
    return n;
}
/* Moves all of from behind line. */
void wsx_join_lines(wsx_line *line, wsx_line *from);
/* Moves the first events of line, most of them, into an empty one. */
void wsx_split(wsx_line *line, uint64_t most, wsx_line *first);

/* ---- queue_fd.c ---------------------------------------------------------------------- */

/* ws_queue_fd, of a queue of which the caller has a reference. */
int32_t wsx_queue_descriptor(wsx_queue *q, ws_socket *fd);
/* Makes the flag readable or not, as the queue is. queue->mutex held. */
void wsx_settle_fd(wsx_queue *q);
/* How a loop wakes the consumer. It is decided with the mutex held and done without:
 * the thread that wakes up wants the mutex first, and would sleep again until it is free. */
typedef enum wsx_wake { WSX_WAKE_NOBODY, WSX_WAKE_SLEEPER, WSX_WAKE_DESCRIPTOR } wsx_wake;
/* Unless it is WSX_WAKE_NOBODY the queue has a reference for wsx_wake_ends. A dispatcher that does
 * not sleep settles the descriptor when it leaves. */
wsx_wake wsx_wake_begins(wsx_queue *q);
void wsx_wake_ends(wsx_queue *q, wsx_wake how);

/* ---- queue_line.c ---------------------------------------------------------------- */

/* The loop's side: gathers the records of a run of one stream, so that the lock is taken
 * once. Start with all zero. */
typedef struct wsx_pushing {
    wsx_stream *stream;
    wsx_line line;
    wsx_record *message; /* the last of the run that pushes back */
    bool resumed;
    uint32_t marked;
} wsx_pushing;
/* record: the first of those up to end. Returns how many of them it took; all are of block. */
uint32_t wsx_push(wsx_pushing *p, wsx_block *block, wsx_record *record, const wsx_record *end);
/* Hands over what was gathered; how many records were marked since the start. */
uint32_t wsx_pushed(wsx_pushing *p);
/* Appends an event that is no message. */
void wsx_push_node(wsx_stream *s, wsx_node *node);

/* The dispatcher's side; queue->mutex held. */
/* Takes the first ready stream, which has something to deliver unless nothing is taken. */
wsx_stream *wsx_take(wsx_queue *q, uint64_t most, wsx_line *taken);
/* The stream stands in line again; rest is what was taken and could not be delivered. */
void wsx_give_back(wsx_queue *q, wsx_stream *s, wsx_line *rest);
/* Handles whose line is no longer full, up to capacity of them. */
size_t wsx_no_longer_full(wsx_queue *q, uint64_t *handles, size_t capacity);

/* ---- queue_dispatch.c ------------------------------------------------------------ */

/* They are called with cancellation disabled and deferred, and left like that; it is as it says
 * in callbacks and while they wait. A thread that ends in there leaves the queue to the next one.
 * of_others: also when another thread has dispatched the queue last, and has not ended; else WS_ERR_BUSY. */
int32_t wsx_queue_dispatch(wsx_queue *q, wsx_thread *self, bool of_others, size_t most, int32_t timeout_ms,
                           int cancellation, size_t *count);
int32_t wsx_queue_poll(wsx_queue *q, wsx_thread *self, ws_event *events, size_t capacity, int32_t timeout_ms,
                       int cancellation,
                       size_t *count);

/* ---- queue_post.c ------------------------------------------------------------------- */

/* A posted function uses the queue, or no longer; WS_ERR_HANDLE when it was destroyed. */
int32_t wsx_queue_uses(wsx_queue *q, bool uses);
/* Puts a posted function into a queue that it uses; status and text are those of its event. */
void wsx_queue_posted(ws_handle queue, uintptr_t callback, uintptr_t user_data, int32_t status, const char *text);

/* ---- queue_threads.c ----------------------------------------------------------------- */

/* ws_queue_create with checked options: its handle, or 0. */
ws_handle wsx_queue_create(const ws_queue_options *options);


WSX_HIDDEN_ENDS

#endif
