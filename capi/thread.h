/* SPDX-License-Identifier: Apache-2.0 */
/* thread.h - a thread of the host or of the library: its error text, its callbacks, its signals. */
#ifndef WSX_THREAD_H
#define WSX_THREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "guest.h"
#include "hidden.h"
#include <libws/ws_types.h>

WSX_HIDDEN_BEGINS

/* ---- its own state (thread.c) ------------------------------------------------------ */

typedef struct wsx_error {
    char text[500];
} wsx_error;

typedef struct wsx_thread {
    wsx_error error;
    struct wsx_dispatcher *dispatcher; /* not NULL inside a callback */
    void (*ends)(struct wsx_thread *); /* called when it ends; NULL until it dispatches a queue */
    enum { WSX_ANYWHERE, WSX_ON_MAIN, WSX_ELSEWHERE } place; /* the process's first thread, or not; boot.c */
    uint32_t masks[64]; /* random, for frames of clients that the thread writes itself ... */
    uint32_t masks_left; /* ... of which this many are not used yet */
    struct wsx_outbox *gathered; /* what it has sent and not written yet; NULL until it gathers. gather.c */
    /* Bytes that this loop has corked for a connection and that its block does not count yet; wsx_settle_claims. */
    struct wsx_block *owed_to;
    uint32_t owed;
    struct wsx_held *held; /* connections that hold what it has sent; NULL until one does. held.c */
    bool gathers; /* what it sends between two ws_queue_poll is gathered, see WS_QUEUE_GATHER */
    ws_handle relay_of; /* the server whose relay it runs; 0: none */
    /* Go. OURS: a thread of the library, whose signals are always blocked. */
    enum { WSX_OUTSIDE, WSX_INSIDE, WSX_OURS } inside;
    wsx_guest guest; /* what the system has of signals; guest.h */
} wsx_thread;

#if defined(_WIN32)
wsx_thread *wsx_current(void); /* self_windows.c; NULL until wsx_make_self */
#define wsx_this_thread wsx_current()
#else
/* The Go runtime makes the loader keep this library's thread-local block static
 * on glibc anyway, so the fastest access costs nothing more there. */
#if defined(__GLIBC__)
#define WSX_TLS __thread __attribute__((tls_model("initial-exec")))
#else
#define WSX_TLS __thread
#endif
extern WSX_TLS wsx_thread *wsx_this_thread; /* self_posix.c; NULL until wsx_make_self */
#endif
/* Makes t the calling thread's, until it ends: then comes ends. False: there is no place for it. */
bool wsx_own(wsx_thread *t, void (*ends)(wsx_thread *t));
/* What a thread had that has ended is given back at its end, but on Windows, where the loader is locked then, whose lock Go's
 * new threads want: there it waits for the next one that calls this, with no lock. */
#if defined(_WIN32)
void wsx_reap(void);
#else
static inline void wsx_reap(void) {}
#endif
wsx_thread *wsx_make_self(void);
/* The calling thread's state; NULL only when memory ran out. */
static inline wsx_thread *wsx_self(void)
{
    wsx_thread *self = wsx_this_thread;
    return __builtin_expect(self != NULL, 1) ? self : wsx_make_self();
}
#if defined(_WIN32)
#define WSX_FORMAT(text, from) __attribute__((format(gnu_printf, text, from))) /* not that of msvcrt */
#else
#define WSX_FORMAT(text, from) __attribute__((format(printf, text, from)))
#endif
/* Writes the thread's error text and returns status. */
int32_t wsx_fail(int32_t status, const char *format, ...) WSX_FORMAT(2, 3);
/* Counts what a loop has corked where others see it. */
void wsx_count_owed(wsx_thread *self);
static inline void wsx_settle_claims(wsx_thread *self)
{
    if (__builtin_expect(self->owed != 0, 0)) wsx_count_owed(self);
}

/* The text buffer for a Go export; cleared. May be NULL. */
static inline wsx_error *wsx_error_buffer(void)
{
    wsx_thread *t = wsx_self();
    if (!t) return NULL;
    wsx_settle_claims(t); /* who reads it next is exact */
    t->error.text[0] = 0;
    return &t->error;
}

/* ---- the gate between C and Go (gate.c) -------------------------------------------- */

/* Go calls C, and what follows is the host's code: on a thread of the host it runs with the
 * host's mask. Returns what wsx_step_in, which follows, wants. */
bool wsx_step_out(wsx_thread *self);
void wsx_step_in(wsx_thread *self, bool stepped);
/* The thread ends, and what it had for signals with it (lent.c). */
void wsx_guest_ends(wsx_guest *guest);
/* Go calls C on a thread that did not come through the gate, so it is the library's. */
static inline void wsx_is_ours(wsx_thread *self)
{
    if (self && self->inside == WSX_OUTSIDE) self->inside = WSX_OURS;
}

WSX_HIDDEN_ENDS

#endif
