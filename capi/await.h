/* SPDX-License-Identifier: Apache-2.0 */
/* await.h - threads of the host that wait: until a callback has returned, something is over, or a handle is gone. */
#ifndef WSX_AWAIT_H
#define WSX_AWAIT_H

#include "handle.h"
#include "thread.h"

WSX_HIDDEN_BEGINS

/* ---- waiting (await.c) ----------------------------------------------------------- */

typedef enum wsx_awaited {
    WSX_AWAIT_IDLE,   /* the callbacks that ran have returned */
    WSX_AWAIT_GONE,   /* the last event of handle was delivered, and its slot is released */
    WSX_AWAIT_RESULT, /* the completion with the waiter's ticket was delivered */
    WSX_AWAIT_CLOSE,  /* the same, and the close event of handle, if one follows */
    WSX_AWAIT_OVER,   /* the library has ended */
} wsx_awaited;

enum { WSX_AWAIT_MOST = 64 };

typedef struct wsx_waiter wsx_waiter;
/* A thread of the host that waits, on its stack. Guarded by a mutex of await.c but for what says otherwise. */
struct wsx_waiter {
    struct wsx_waiter *next, **link;
    /* Never change once it is in the list. */
    wsx_awaited what;
    ws_handle handle;
    uintptr_t ticket;        /* user_data of wsx_completed */
    struct wsx_queue *queue; /* where handle's events come, with a reference; NULL: inline */
    wsx_thread *self;        /* who waits and dispatches meanwhile; NULL: it does not, or memory ran out */

    _Atomic uint32_t bell; /* as in queue.h */
    bool done;
    int32_t status;        /* of the completion */
    char text[500];        /* and its text */
    bool complete;         /* of a close: its completion was delivered; else no more come to those below */
    uint32_t count;
    ws_handle running[WSX_AWAIT_MOST]; /* whose callbacks have not returned */
};

/* How many wait at all, and for callbacks: others tell only when there are some. */
extern _Atomic uint32_t wsx_waiters, wsx_idle_waiters;

/* The waiter is woken from here on. Then comes what will end its wait, then wsx_wait. queue and self as in the
 * struct, whose members others read from here on. */
void wsx_await_begin(wsx_waiter *w, wsx_awaited what, ws_handle handle, struct wsx_queue *queue, wsx_thread *self);
void wsx_await_no_more(wsx_waiter *w);
bool wsx_await_is_done(wsx_waiter *w);
/* Of WSX_AWAIT_IDLE: adds a block if its callbacks run; false when there is no room. wsx_await_added says that
 * these were all, and tells whether there is nothing to wait for. */
bool wsx_await_block(wsx_waiter *w, const wsx_block *block, ws_handle handle);
bool wsx_await_added(wsx_waiter *w);
/* Of WSX_AWAIT_CLOSE: no completion comes first. */
void wsx_await_next_close(wsx_waiter *w);

/* What has happened, for who waits for it. */
void wsx_tell_idle(ws_handle handle);
void wsx_tell_gone(ws_handle handle);
void wsx_tell_closed(ws_handle handle);
void wsx_tell_over(void);
/* A completion: that of a call which waits. */
void WS_CALL wsx_completed(const ws_event *event, void *ticket);
/* There is something to dispatch in a queue, NULL: maybe in any, for owner, NULL: for anybody. */
void wsx_tell_work(const struct wsx_queue *queue, const wsx_thread *owner);

/* ---- waiting, and dispatching meanwhile (queue_threads.c) --------------------------- */

/* Refuses a negative time, and a wait inside a callback without which it would not end. */
int32_t wsx_may_wait(const wsx_thread *self, wsx_block *block, ws_handle handle, int64_t timeout_ms,
                     const char *function);
/* wsx_await_begin for who dispatches the queue of handle meanwhile, if it has one; and its end without a wait,
 * which returns status. */
void wsx_await(wsx_waiter *w, wsx_awaited what, ws_handle handle, const wsx_block *block);
int32_t wsx_wait_not(wsx_waiter *w, int32_t status);
/* Waits until w is done, at most so long, and w is no waiter then. Dispatches handle's queue
 * meanwhile when that is self's, nobody's or that of a thread which has ended. A point of
 * cancellation. False: the time is over. */
bool wsx_wait(wsx_waiter *w, int64_t timeout_ms);
/* ws_destroy_wait and ws_server_destroy_wait of a handle of one of the kinds. */
int32_t wsx_destroy_wait(ws_handle handle, uint32_t kinds, void (*destroy)(uint64_t handle), int64_t timeout_ms,
                         const char *function);
/* ws_off_wait and ws_server_off_wait behind wsx_off: waits until no callback of block runs, and if it
 * is a server, of its connections. */
int32_t wsx_idle_wait(wsx_block *block, ws_handle handle, int64_t timeout_ms);
/* Waits for the completion of a call that has begun. */
int32_t wsx_result_wait(wsx_waiter *w, int64_t timeout_ms, const char *text);

/* ws_shutdown_wait; delivers what waits in queues that nobody else drains. */
int32_t wsx_shutdown(int64_t timeout_ms);

WSX_HIDDEN_ENDS

#endif
